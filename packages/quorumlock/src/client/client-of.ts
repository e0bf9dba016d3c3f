import { formatValue } from "../base/check-value.ts";
import type { Client } from "./client.ts";

/** The method of `MutexRedlock` that returns its parts. Both builds of the library use the same symbol. */
export const CLIENT: unique symbol = Symbol.for("quorumlock.client") as never;

/** A client as users have it, seen by the parts of the library that observe it. */
export interface ObservedClient {
  [CLIENT](): Client;
}

/** @throws TypeError if it is no client of this library. */
export function clientOf(redlock: ObservedClient): Client {
  const method = (redlock as Partial<ObservedClient> | null | undefined)?.[CLIENT];
  if (typeof method !== "function")
    throw new TypeError(`redlock: ${formatValue(redlock)} must be a Redlock or a MutexRedlock`);
  return method.call(redlock);
}
