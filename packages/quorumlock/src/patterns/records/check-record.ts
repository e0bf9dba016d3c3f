import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { checkText, formatValue } from "../../base/check-value.ts";
import { MAX_FENCE } from "../../operations/limits.ts";
import type { OpenOptions, RecordStore, StoredRecord } from "./record-store.ts";
import type { TransactionalRecords } from "./transactional-records.ts";

/** The largest body of a record, in bytes of UTF-8. Lock servers must never be full, because a full server grants no locks. */
export const MAX_BODY_BYTES = 4_096;
/** The longest time for which a record is kept: 35 days. */
const MAX_KEEP_MS = 35 * 24 * 3_600_000;
const MAX_ID_LENGTH = 2_048;
const MAX_VERSION = 1_000_000_000_000;

const METHODS: readonly (keyof RecordStore)[] = ["open", "put", "get"];
const TRANSACTIONAL_METHODS: readonly (keyof TransactionalRecords)[] = [...METHODS, "transact"];

/**
 * @throws TypeError if `store` is no `RecordStore`. A store that can only get and set is none: without a comparison, a worker that
 * was paused overwrites the record of its successor.
 */
export function checkRecordStore(field: string, store: unknown): RecordStore {
  const members = store as Partial<TransactionalRecords> | null | undefined;
  const methods = members?.hasTransactions === true ? TRANSACTIONAL_METHODS : METHODS;
  const missing = methods.find((method) => typeof members?.[method] !== "function");
  if (missing === undefined) return store as RecordStore;
  const isMap = typeof (store as Partial<Map<string, string>> | null)?.set === "function";
  const why = isMap
    ? "a store that can only get and set cannot refuse the late write of a paused worker; "
    : "";
  throw new TypeError(
    `${field}: ${formatValue(store)} must be a RecordStore, but it has no method ${missing}; ${why}` +
      "use redisRecords or sqlRecords",
  );
}

/** @throws TypeError, RangeError for a bad id. */
export function checkRecordId(id: string): string {
  checkText("id", id);
  if (id !== "" && id.length <= MAX_ID_LENGTH) return id;
  throw new RangeError(`id: ${formatValue(id)} must have 1 to ${MAX_ID_LENGTH} characters`);
}

/** @throws TypeError, RangeError for a bad fencing token. */
export function checkRecordFence(fence: number): number {
  return checkWholeNumber("fence", fence, 1, MAX_FENCE);
}

/** @throws TypeError, RangeError for bad options. */
export function checkOpenOptions({ keep }: OpenOptions): void {
  checkWholeNumber("keep", keep, 1, MAX_KEEP_MS);
}

/** @throws TypeError, RangeError for a record that cannot be stored. */
export function checkRecord({ fence, version, body }: StoredRecord): void {
  checkRecordFence(fence);
  checkWholeNumber("version", version, 1, MAX_VERSION);
  checkText("body", body);
  const bytes = Buffer.byteLength(body);
  if (bytes <= MAX_BODY_BYTES) return;
  throw new RangeError(
    `body: ${bytes} bytes are too many for a record; use at most ${MAX_BODY_BYTES}, and keep the address of a larger thing`,
  );
}
