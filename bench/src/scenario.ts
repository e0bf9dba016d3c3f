import type { DocsBlock } from "./report/docs.ts";
import type { RedisServer } from "quorumlock/testing";
import type { Contender } from "./contender.ts";
import type { NameKind } from "./lock-names.ts";

/**
 * How many cycles run before the measurement:
 * - `warm`: several thousand, so that all code is compiled and optimized
 * - `cool`: 300, as in a service that takes a few locks per second
 */
export const WARM_UPS = ["warm", "cool"] as const;
export type WarmUp = (typeof WARM_UPS)[number];

/** The settings of one run of one scenario. */
export interface RunSettings {
  readonly servers: readonly RedisServer[];
  /** How long to measure, in seconds. Warm-up and clean-up come on top. */
  readonly seconds: number;
  /** True for a short run with less warm-up and fewer rounds. Its figures are too noisy to publish. */
  readonly quick: boolean;
  /** Numbers of concurrent callers, for scenarios that measure several. */
  readonly concurrency: readonly number[];
  /** Whether each cycle locks a new name. Used by scenarios that vary `names`. */
  readonly names: NameKind;
  /** Used by scenarios that vary `warmUp`. */
  readonly warmUp: WarmUp;
  /** Whether a contender takes part. */
  readonly includes: (contender: Contender) => boolean;
}

/** A limit for one figure. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  /** `at most`: the target is met up to `limit`. `at least`: it is met from `limit` on. */
  readonly sense: "at most" | "at least";
  readonly unit: string;
  readonly met: boolean;
}

/** One row of a scenario's table, for readers and for programs. */
export interface Result {
  /** One text per column. */
  readonly cells: readonly string[];
  /** The figures behind the texts. Times are in milliseconds. */
  readonly figures: Figures;
  readonly targets: readonly Target[];
  /** Errors and violations, which have no column. */
  readonly notes: readonly string[];
}

export interface Figures {
  readonly servers: number;
  readonly contender: string;
  readonly [name: string]: unknown;
}

export interface Scenario {
  readonly name: string;
  /** What is measured, how, and what the columns mean, in a few sentences. */
  readonly about: string;
  readonly columns: readonly string[];
  /** Numbers of servers of a full run and of a quick run. Each number is a run of its own. */
  readonly servers: readonly number[];
  readonly quickServers: readonly number[];
  /** The scenario has no meaning with fewer servers. */
  readonly minServers: number;
  /** How long to measure with each number of servers, in a full run and in a quick run. */
  readonly seconds: number;
  readonly quickSeconds: number;
  /** The settings that this scenario honours. It runs once for each value that was asked for. */
  readonly varies?: readonly ("names" | "warmUp")[] | undefined;
  /** Which block of docs/performance-method.md has its figures. @default "mutex" */
  readonly docsBlock?: DocsBlock;
  run(settings: RunSettings): Promise<readonly Result[]>;
}

/** A target with an upper limit. A figure that could not be measured (`NaN`) misses it. */
export function atMost(what: string, measured: number, limit: number, unit: string): Target {
  return { what, measured, limit, sense: "at most", unit, met: measured <= limit };
}

/** A target with a lower limit. A figure that could not be measured (`NaN`) misses it. */
export function atLeast(what: string, measured: number, limit: number, unit: string): Target {
  return { what, measured, limit, sense: "at least", unit, met: measured >= limit };
}

/** The text of the column "target". */
export function verdictOf(targets: readonly Target[]): string {
  if (targets.length === 0) return "";
  const missed = targets.filter(({ met }) => !met).map(({ what }) => what);
  return missed.length === 0 ? "met" : `missed: ${missed.join(", ")}`;
}
