import type { Mode } from "./mode.ts";
import type { OperationKind } from "./operation.ts";

/** What one operation does to a lock. */
export interface Effect {
  readonly kind: OperationKind;
  /** The acquisition that the operation belongs to. */
  readonly holder: string;
  readonly fence: number | undefined;
  readonly mode: Mode;
  readonly permits: number;
  /** Whether the caller learned the result. If not, the operation is only assumed to have happened. */
  readonly known: boolean;
}

/**
 * A kind of lock as a state machine. A state is a value, and a step returns a new state.
 *
 * A grant must never make a later effect possible that was impossible before. Only effects of the holders, and the ends
 * of their leases, may do that. The search relies on this rule.
 */
export interface Model<State> {
  /** Names the model in verdicts. */
  readonly name: string;
  readonly initial: State;
  /** The state after the effect; `undefined` if the effect is impossible in this state. */
  step(state: State, effect: Effect): State | undefined;
  /** States with the same key are equal. */
  key(state: State): string;
  /** The acquisitions that hold the lock. Only their leases can end. */
  holders(state: State): readonly string[];
  /**
   * Why the effect is impossible now and later, in words that follow "was granted at 5". `undefined` if it may be
   * possible. It shortens the search and explains the violation.
   */
  never?(state: State, effect: Effect): string | undefined;
}
