import type { Clock } from "../../base/clock.ts";
import { checkText } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkClock, checkOptions } from "../../base/options.ts";
import type { Instance } from "../../instances/port.ts";
import { checkSource, type InstanceSource } from "../../instances/sources.ts";
import { FAILED, isYes, type Reply, type Request } from "../../operations/request.ts";
import {
  getSingleRecord,
  openSingleRecord,
  putSingleRecord,
  singleReadingIn,
} from "../../operations/single-record.ts";
import { checkOpenOptions, checkRecord, checkRecordFence, checkRecordId } from "./check-record.ts";
import type { OpenedRecord, OpenOptions, RecordStore, StoredRecord } from "./record-store.ts";
import { callStore, checkTimeout, laterHolder, noteTimeLimit, type StoreCalls } from "./store-call.ts";

/** Options of `redisRecords`. */
export interface RedisRecordsOptions {
  /** The start of every key: the key of a record is `prefix` and its id. @default "record:" */
  readonly prefix?: string | undefined;
  /** How long one call may take, in ms. A whole number from 1 to 600,000. @default 5_000 */
  readonly timeout?: number | undefined;
  /** The source of time. @default the clock of the system */
  readonly clock?: Clock | undefined;
}

/** A store of records with a connection that it may have opened itself. */
export interface RedisRecords extends RecordStore {
  /** Closes the connection if it was opened from a URL. A client that you passed stays open. */
  close(): Promise<void>;
}

/**
 * Records on one Redis or Valkey server, or on one cluster. The store forgets what that server forgets: run it with
 * `appendonly yes`, and with `appendfsync always` if a record must survive a crash of the machine.
 *
 * ```ts
 * import { redisRecords } from "quorumlock/patterns";
 *
 * const records = redisRecords("redis://localhost:6379");
 * ```
 *
 * @param client one server, as an instance of `Redlock`: a client of ioredis or node-redis, a URL, or an instance in memory.
 * @throws TypeError, RangeError for a bad client or bad options, with the field and the value.
 */
export function redisRecords(client: InstanceSource, options: RedisRecordsOptions = {}): RedisRecords {
  checkOptions(options);
  refuseUnknownOptions(options, { prefix: true, timeout: true, clock: true });
  const calls = { clock: checkClock(options.clock), timeoutMs: checkTimeout(options.timeout) };
  const prefix = checkText("prefix", options.prefix ?? "record:");
  return noteTimeLimit(new InstanceRecords(checkSource(client, "client")(), prefix, calls));
}

class InstanceRecords implements RedisRecords {
  readonly #instance: Instance;
  readonly #prefix: string;
  readonly #calls: StoreCalls;
  readonly #stopObserving: () => void;

  constructor(instance: Instance, prefix: string, calls: StoreCalls) {
    this.#instance = instance;
    this.#prefix = prefix;
    this.#calls = calls;
    // The instance knows by this whether its connection is open.
    this.#stopObserving = instance.observe({
      onConnected: () => undefined,
      onDisconnected: () => undefined,
    });
  }

  async open(id: string, fence: number, options: OpenOptions): Promise<OpenedRecord> {
    checkRecordFence(fence);
    checkOpenOptions(options);
    const reply = await this.#run(id, "open", openSingleRecord(this.#keyOf(id), fence, options.keep));
    if (!isYes(reply)) throw laterHolder(id, fence, promisedIn(reply));
    return singleReadingIn(reply);
  }

  async put(id: string, record: StoredRecord, options: OpenOptions): Promise<void> {
    checkRecord(record);
    checkOpenOptions(options);
    const reply = await this.#run(id, "put", putSingleRecord(this.#keyOf(id), record, options.keep));
    if (!isYes(reply)) throw laterHolder(id, record.fence, promisedIn(reply));
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    return singleReadingIn(await this.#run(id, "get", getSingleRecord(this.#keyOf(id)))).record;
  }

  async close(): Promise<void> {
    this.#stopObserving();
    await this.#instance.close();
  }

  #keyOf(id: string): string {
    return this.#prefix + checkRecordId(id);
  }

  #run(id: string, operation: "open" | "put" | "get", request: Request): Promise<Reply> {
    return callStore(this.#calls, id, operation, async () => {
      const instance = this.#instance;
      // The client would queue the request, and send it long after the caller has given up.
      if (!instance.isAvailable && instance.connect?.() !== true)
        throw new Error(instance.advice ?? `${instance.label} is not connected`);
      const [reply = [FAILED, "the reply is missing"]] = await instance.run([request]);
      if (typeof reply !== "number" && reply[0] === FAILED) throw new Error(String(reply[1]));
      return reply;
    });
  }
}

function promisedIn(reply: Reply): number {
  return typeof reply === "number" ? reply : Number(reply[1] ?? 0);
}
