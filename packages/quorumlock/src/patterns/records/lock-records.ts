import { checkText, formatValue } from "../../base/check-value.ts";
import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { LockClosedError, LockLostError } from "../../base/errors.ts";
import { checkName } from "../../base/names.ts";
import { checkOptions } from "../../base/options.ts";
import type { Client } from "../../client/client.ts";
import { clientOf } from "../../client/client-of.ts";
import type { MutexRedlock } from "../../mutex-redlock.ts";
import { MAX_FENCE, MAX_RECORD_KEEP_MS, MAX_RECORD_LENGTH } from "../../operations/limits.ts";
import type { RecordVersion } from "../../operations/record.ts";
import { carryRecords } from "../../quorum/carry-records.ts";
import {
  getRecordByQuorum,
  openRecordByQuorum,
  putRecordByQuorum,
  type RecordAccess,
} from "../../quorum/records.ts";
import { RecordStoreError } from "../errors.ts";
import { noteTimeLimit } from "./store-call.ts";
import type { OpenedRecord, OpenOptions, RecordStore, StoredRecord } from "./record-store.ts";

/**
 * Keeps records on the lock servers, beside the locks (protocol §13): a record is what a majority of the servers has. Each operation is
 * one round, and a server that is down or hangs does not delay it. Only `open` needs a second round if the servers do not agree.
 *
 * A record takes about 220 bytes on each server until it expires, and with a body of more than 64 bytes about 470 bytes and the body.
 * These servers must never be full. So it suits some 10 new records a second that are kept for a day.
 *
 * An id follows the rules for names of locks. A version with the number 0 is one that the opener has written again.
 *
 * ```ts
 * import { lockRecords } from "quorumlock/patterns";
 *
 * const records = lockRecords(redlock);
 * const scheduledAt = Date.now();
 * await redlock.using("report", async ({ fence }) => {
 *   const options = { createdAt: scheduledAt, keep: 86_400_000 };
 *   const { record } = await records.open("report@1", fence, options);
 *   if (record === undefined) await records.put("report@1", { fence, version: 1, body: '"done"' }, options);
 * });
 * ```
 * @throws TypeError if it is no client of this library.
 */
export function lockRecords(redlock: MutexRedlock): RecordStore {
  const client = clientOf(redlock);
  client.carryRecords ??= (from, to) => carryRecords(from, to, client);
  return noteTimeLimit(new LockRecords(client));
}

class LockRecords implements RecordStore {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async open(id: string, fence: number, options: OpenOptions): Promise<OpenedRecord> {
    const access = checkAccess(id, fence, options);
    const { version, nowMs } = await this.#run(id, "open", () =>
      openRecordByQuorum(this.#client.quorumContext, access),
    );
    return { record: version && toRecord(version), now: nowMs };
  }

  async put(id: string, record: StoredRecord, options: OpenOptions): Promise<void> {
    checkOptions(record);
    const { fence, version, body } = record;
    const access = checkAccess(id, fence, options);
    const written = {
      fence,
      number: checkWholeNumber("version", version, 1, MAX_FENCE),
      body: checkBody(body),
    };
    await this.#run(id, "put", () => putRecordByQuorum(this.#client.quorumContext, access, written));
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    checkName("id", id);
    const version = await this.#run(id, "get", () => getRecordByQuorum(this.#client.quorumContext, id));
    return version && toRecord(version);
  }

  async #run<T>(id: string, operation: "open" | "put" | "get", act: () => Promise<T>): Promise<T> {
    const client = this.#client;
    if (client.isClosed) throw new LockClosedError([id]);
    client.usesRecords = true;
    client.beginWait();
    try {
      return await act();
    } catch (error) {
      if (client.isClosed) throw new LockClosedError([id]);
      throw error instanceof LockLostError ? error : new RecordStoreError(id, operation, error);
    } finally {
      client.endWait();
    }
  }
}

function checkAccess(id: string, fence: number, options: OpenOptions): RecordAccess {
  checkOptions(options);
  const { createdAt, keep } = options;
  checkName("id", id);
  if (typeof createdAt !== "number")
    throw new TypeError(`createdAt: ${formatValue(createdAt)} must be a number`);
  if (!(createdAt >= 0 && createdAt <= MAX_FENCE))
    throw new RangeError(`createdAt: ${createdAt} must be a time in ms since 1970`);
  return {
    id,
    fence: checkWholeNumber("fence", fence, 1, MAX_FENCE),
    createdAt: Math.floor(createdAt),
    keepMs: checkWholeNumber("keep", keep, 1, MAX_RECORD_KEEP_MS),
  };
}

function checkBody(body: string): string {
  const bytes = Buffer.byteLength(checkText("body", body));
  if (bytes <= MAX_RECORD_LENGTH) return body;
  throw new RangeError(
    `body: ${bytes} bytes are too many for lock servers; use at most ${MAX_RECORD_LENGTH}, or another store of records`,
  );
}

function toRecord({ fence, number, body }: RecordVersion): StoredRecord {
  return { fence, version: number, body };
}
