import type { Clock } from "../../base/clock.ts";
import { LockLostError } from "../../base/errors.ts";
import type { Redlock } from "../../redlock.ts";
import { RecordStoreError } from "../errors.ts";
import { lockRecords } from "./lock-records.ts";
import type { RecordStore } from "./record-store.ts";
import { callStore, hasTimeLimit } from "./store-call.ts";
import { hasTransactions, type TransactionalRecords } from "./transactional-records.ts";

/** The limit of each call of a store that is not of this library. */
const TIME_LIMIT_MS = 5_000;

/**
 * The store that a caller has given, with a time limit for each call; by default the lock servers. A transaction has no limit, because the
 * routine runs in it.
 */
export function recordsFor(redlock: Redlock, store: RecordStore | undefined, clock: Clock): RecordStore {
  if (store === undefined) return lockRecords(redlock);
  if (hasTimeLimit(store)) return store;
  const calls = { clock, timeoutMs: TIME_LIMIT_MS };
  const records: RecordStore = {
    open: (id, fence, options) => callStore(calls, id, "open", () => store.open(id, fence, options)),
    put: (id, record, options) => callStore(calls, id, "put", () => store.put(id, record, options)),
    get: (id) => callStore(calls, id, "get", () => store.get(id)),
  };
  if (!hasTransactions(store)) return records;
  const transactional: TransactionalRecords = {
    ...records,
    hasTransactions: true,
    transact: (...args) => transactIn(store, ...args),
  };
  return transactional;
}

/** Runs a transaction of any store. @throws the error of `work` as it is. LockLostError. RecordStoreError for any other error. */
async function transactIn<T>(
  store: TransactionalRecords,
  ...[id, from, options, work]: Parameters<typeof store.transact<T>>
): Promise<T> {
  const failures = new Set<unknown>();
  try {
    return await store.transact(id, from, options, async (tx) => {
      try {
        return await work(tx);
      } catch (error) {
        failures.add(error);
        throw error;
      }
    });
  } catch (error) {
    const isKnown = error instanceof LockLostError || error instanceof RecordStoreError;
    if (isKnown || failures.has(error)) throw error;
    throw new RecordStoreError(id, "transact", error);
  }
}
