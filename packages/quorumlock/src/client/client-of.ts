import { formatValue } from "../base/check-value.ts";
import { CLIENT, type Client } from "./client.ts";

/** A client as users have it, seen by the parts of the library that observe it. */
export interface ObservedClient {
  readonly [CLIENT]: Client;
}

/** @throws TypeError if it is no client of this library. */
export function clientOf(redlock: ObservedClient): Client {
  const client = (redlock as Partial<ObservedClient> | null | undefined)?.[CLIENT];
  if (client === undefined)
    throw new TypeError(`redlock: ${formatValue(redlock)} must be a Redlock or a MutexRedlock`);
  return client;
}
