import type { Clock } from "../../src/index.ts";

/** How a promise has settled, and when, by the monotonic clock. */
export interface Outcome {
  state: "pending" | "fulfilled" | "rejected";
  value: unknown;
  at: number;
}

export function outcomeOf(clock: Clock, promise: Promise<unknown>): Outcome {
  const outcome: Outcome = { state: "pending", value: undefined, at: 0 };
  const settleAs = (state: Outcome["state"]) => (value: unknown) => {
    Object.assign(outcome, { state, value, at: clock.monotonic() });
  };
  promise.then(settleAs("fulfilled"), settleAs("rejected"));
  return outcome;
}
