import type { OperationKind } from "./operation.ts";

/** What one operation does to a lock, as a model sees it. */
export interface Effect {
  readonly kind: OperationKind;
  /** The acquisition that it belongs to. */
  readonly holder: string;
  readonly fence: number | undefined;
  readonly mode: "read" | "write";
  /** False where the caller never learned of it: it is only supposed to have happened. */
  readonly known: boolean;
}

/**
 * What a lock is, told as a machine that does one thing after another. States are values: a step makes a new one. What
 * one takes must never help another: only what its holders do, and the ends of their leases, may make possible what
 * was not. The search counts on that.
 */
export interface Model<State> {
  /** Names it in verdicts. */
  readonly name: string;
  readonly initial: State;
  /** The state after it; `undefined` where it cannot succeed in this state. */
  step(state: State, effect: Effect): State | undefined;
  /** Two states with the same key are the same. */
  key(state: State): string;
  /** The acquisitions that hold it. Only their leases can end. */
  holders(state: State): readonly string[];
  /**
   * Why it cannot succeed now nor ever later, in words that follow "was granted at 5"; `undefined` where it might.
   * It cuts the search short and tells what went wrong.
   */
  never?(state: State, effect: Effect): string | undefined;
}
