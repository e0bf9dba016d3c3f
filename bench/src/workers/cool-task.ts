import type { NameKind } from "../lock-names.ts";
import type { TurnSeries } from "../scenarios/uncontended-turn.ts";

/** The task of a process that measures cycles after a short warm-up. */
export interface CoolTask {
  readonly ports: readonly number[];
  /** Names of contenders. */
  readonly contenders: readonly string[];
  readonly names: NameKind;
  readonly warmUpCycles: number;
  readonly cyclesPerTurn: number;
  readonly rounds: number;
  /** Index of the contender that begins. It differs between processes, because a later one meets warmer shared code. */
  readonly firstContender: number;
}

export interface CoolAnswer {
  /** By contender name. */
  readonly series: Readonly<Record<string, TurnSeries>>;
}
