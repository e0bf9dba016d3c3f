import type { RedisServer } from "quorumlock/testing";
import type { Contender } from "./contender.ts";

/** What a scenario runs on. */
export interface Stage {
  readonly servers: readonly RedisServer[];
  /** How long to measure, in seconds; warming up and winding down come on top. */
  readonly seconds: number;
  /** Whether to get by with less warming up and fewer rounds: figures to look at, not to quote. */
  readonly quick: boolean;
  /** How many callers at a time, where a scenario goes through several numbers. */
  readonly concurrency: readonly number[];
  /** Whether a contender takes part. */
  readonly admits: (contender: Contender) => boolean;
}

/** A promise about one figure. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  /** Whether the limit is the largest or the smallest value that keeps the promise. */
  readonly sense: "at most" | "at least";
  readonly unit: string;
  readonly met: boolean;
}

/** One line of a scenario's table, for people and for programs. */
export interface Result {
  /** One text for each column. */
  readonly cells: readonly string[];
  /** The figures behind the texts. Times are in milliseconds. */
  readonly figures: Figures;
  readonly targets: readonly Target[];
  /** What the table has no room for: errors, violations. */
  readonly notes: readonly string[];
}

export interface Figures {
  readonly servers: number;
  readonly contender: string;
  readonly [name: string]: unknown;
}

export interface Scenario {
  readonly name: string;
  /** What is measured, how, and what the columns mean: some sentences. */
  readonly about: string;
  readonly columns: readonly string[];
  /** The numbers of servers that it runs on unless told otherwise, and those of a quick run. */
  readonly servers: readonly number[];
  readonly quickServers: readonly number[];
  /** With fewer it means nothing. */
  readonly leastServers: number;
  /** How long it measures with each number of servers, unless told otherwise. */
  readonly seconds: number;
  readonly quickSeconds: number;
  run(stage: Stage): Promise<readonly Result[]>;
}

/** Whether a figure keeps a promise; one that could not be measured does not. */
export function atMost(what: string, measured: number, limit: number, unit: string): Target {
  return { what, measured, limit, sense: "at most", unit, met: measured <= limit };
}

export function atLeast(what: string, measured: number, limit: number, unit: string): Target {
  return { what, measured, limit, sense: "at least", unit, met: measured >= limit };
}

/** What stands in the column of the targets. */
export function verdictOf(targets: readonly Target[]): string {
  if (targets.length === 0) return "";
  const missed = targets.filter(({ met }) => !met).map(({ what }) => what);
  return missed.length === 0 ? "met" : `missed: ${missed.join(", ")}`;
}
