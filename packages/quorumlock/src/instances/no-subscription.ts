import type { Subscription } from "./port.ts";

export const CANNOT_SUBSCRIBE = "the client library cannot subscribe, so waiters poll every 50 to 150 ms";

/** Stands for the subscription of an instance that has none. */
export const NO_SUBSCRIPTION: Subscription = {
  subscribe: () => Promise.reject(new Error(CANNOT_SUBSCRIBE)),
  unsubscribe: () => undefined,
  close: () => undefined,
};
