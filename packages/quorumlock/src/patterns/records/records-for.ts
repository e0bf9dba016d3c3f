import type { Clock } from "../../base/clock.ts";
import type { Redlock } from "../../redlock.ts";
import { lockRecords } from "./lock-records.ts";
import type { RecordStore } from "./record-store.ts";
import { callStore, hasTimeLimit } from "./store-call.ts";

/** The limit of each call of a store that is not of this library. */
const TIME_LIMIT_MS = 5_000;

/** The store that a caller has given, with a time limit for each call; by default the lock servers. */
export function recordsFor(redlock: Redlock, store: RecordStore | undefined, clock: Clock): RecordStore {
  if (store === undefined) return lockRecords(redlock);
  if (hasTimeLimit(store)) return store;
  const calls = { clock, timeoutMs: TIME_LIMIT_MS };
  return {
    open: (id, fence, options) => callStore(calls, id, "open", () => store.open(id, fence, options)),
    put: (id, record, options) => callStore(calls, id, "put", () => store.put(id, record, options)),
    get: (id) => callStore(calls, id, "get", () => store.get(id)),
  };
}
