import type { RedisServer } from "quorumlock/testing";

/** What a scenario runs on. */
export interface Stage {
  readonly servers: readonly RedisServer[];
  /** How long to measure, in seconds; warming up and winding down come on top. */
  readonly seconds: number;
}

/** A promise about one figure. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: "×" | "ms";
  readonly met: boolean;
}

/** One line of a scenario's table, for people and for programs. */
export interface Result {
  /** One text for each column. */
  readonly cells: readonly string[];
  /** The figures behind the texts. Times are in milliseconds. */
  readonly figures: Readonly<Record<string, unknown>>;
  readonly targets: readonly Target[];
  /** What the table has no room for. */
  readonly notes: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** What is measured, how, and what the columns mean: some sentences. */
  readonly about: string;
  readonly columns: readonly string[];
  run(stage: Stage): Promise<readonly Result[]>;
}

/** Whether a figure keeps a promise; one that could not be measured does not. */
export function judge(what: string, measured: number, limit: number, unit: Target["unit"]): Target {
  return { what, measured, limit, unit, met: measured <= limit };
}

/** What stands in the column of the targets. */
export function verdictOf(targets: readonly Target[]): string {
  if (targets.length === 0) return "";
  const missed = targets.filter(({ met }) => !met).map(({ what }) => what);
  return missed.length === 0 ? "met" : `missed: ${missed.join(", ")}`;
}
