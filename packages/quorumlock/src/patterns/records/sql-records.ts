import type { Clock } from "../../base/clock.ts";
import { checkBoolean } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkClock, checkOptions } from "../../base/options.ts";
import { checkOpenOptions, checkRecord, checkRecordFence, checkRecordId } from "./check-record.ts";
import type { OpenedRecord, OpenOptions, StoredRecord } from "./record-store.ts";
import {
  checkSqlClient,
  checkSqlPool,
  type SqlClient,
  type SqlConnection,
  type SqlPool,
} from "./sql-client.ts";
import { ROWS_PER_DELETE, sqlRecordsSchema, type SqlStatements, statementsFor } from "./sql-statements.ts";
import { callStore, checkTimeout, laterHolder, noteTimeLimit, type StoreCalls } from "./store-call.ts";
import type { TransactionalRecords, TransactionResult } from "./transactional-records.ts";

/** Options of `sqlRecords`. */
export interface SqlRecordsOptions {
  /**
   * The table of the records, with or without its schema: letters, digits and `_`. It must exist: `sqlRecordsSchema(table)` has its
   * statements, and `createTable()` runs them.
   * @default "quorumlock_records"
   */
  readonly table?: string | undefined;
  /**
   * Whether `processOnce` runs its routine in a transaction that also writes the result. The client must be a pool.
   * @default false
   */
  readonly transaction?: boolean | undefined;
  /** How long one call may take, in ms. A whole number from 1 to 600,000. @default 5_000 */
  readonly timeout?: number | undefined;
  /** The source of time for `timeout`. Records expire by the clock of the database. @default the clock of the system */
  readonly clock?: Clock | undefined;
}

/** Records in a table of PostgreSQL. */
export interface SqlRecords extends TransactionalRecords {
  /** Makes the table if it does not exist. Any number of processes can call it at the same time. @throws RecordStoreError. */
  createTable(): Promise<void>;
  /**
   * Deletes the rows that have expired by the clock of the database, a thousand at a time. The store does it by itself once a minute,
   * behind an `open`. Returns how many it has deleted. @throws RecordStoreError.
   */
  deleteExpired(): Promise<number>;
}

/**
 * Records in a table of PostgreSQL. The database compares, so a worker that was paused cannot overwrite the record of its successor, and
 * it keeps its records through crashes.
 *
 * ```ts
 * import pg from "pg";
 * import { sqlRecords } from "quorumlock/patterns";
 *
 * const records = sqlRecords(new pg.Pool(), { table: "job_records" });
 * ```
 *
 * @param client anything with `query(text, values)`: a `Pool` or a `Client` of `pg`, or an adapter.
 * @throws TypeError, RangeError for a bad client or bad options, with the field and the value.
 */
export function sqlRecords(client: SqlClient, options: SqlRecordsOptions = {}): SqlRecords {
  checkOptions(options);
  refuseUnknownOptions(options, { table: true, transaction: true, timeout: true, clock: true });
  const table = options.table ?? "quorumlock_records";
  const hasTransactions = checkBoolean("transaction", options.transaction ?? false);
  const calls = { clock: checkClock(options.clock), timeoutMs: checkTimeout(options.timeout) };
  checkSqlClient(client);
  const pool = hasTransactions ? checkSqlPool(client) : undefined;
  return noteTimeLimit(new TableRecords({ client, pool, table, calls }));
}

/** Minimum time between two deletions of expired rows by one store, in ms. */
const DELETE_EVERY_MS = 60_000;

interface RecordRow {
  readonly fence: unknown;
  readonly version: unknown;
  readonly body: unknown;
  readonly now?: unknown;
}

class TableRecords implements SqlRecords {
  readonly #client: SqlClient;
  readonly #pool: SqlPool | undefined;
  readonly #table: string;
  readonly #sql: SqlStatements;
  readonly #calls: StoreCalls;
  #deletesAt: number;

  constructor(parts: {
    readonly client: SqlClient;
    readonly pool: SqlPool | undefined;
    readonly table: string;
    readonly calls: StoreCalls;
  }) {
    this.#client = parts.client;
    this.#pool = parts.pool;
    this.#table = parts.table;
    this.#calls = parts.calls;
    this.#sql = statementsFor(parts.table);
    this.#deletesAt = parts.calls.clock.monotonic() + DELETE_EVERY_MS;
  }

  get hasTransactions(): boolean {
    return this.#pool !== undefined;
  }

  async open(id: string, fence: number, options: OpenOptions): Promise<OpenedRecord> {
    checkRecordId(id);
    checkRecordFence(fence);
    checkOpenOptions(options);
    const [row] = await this.#query(id, "open", this.#sql.open, [id, fence, options.keep]);
    if (row === undefined) throw laterHolder(id, fence);
    this.#deleteSometimes();
    return { record: recordIn(row), now: Number(row.now) };
  }

  async put(id: string, record: StoredRecord, options: OpenOptions): Promise<void> {
    checkRecordId(id);
    checkRecord(record);
    checkOpenOptions(options);
    const values = [id, record.fence, record.version, record.body, options.keep];
    const [row] = await this.#query(id, "put", this.#sql.put, values);
    if (row === undefined) throw laterHolder(id, record.fence);
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    const [row] = await this.#query(checkRecordId(id), "get", this.#sql.get, [id]);
    return row && recordIn(row);
  }

  async transact<T>(
    id: string,
    from: StoredRecord,
    options: OpenOptions,
    work: (tx: SqlClient) => Promise<TransactionResult<T>>,
  ): Promise<T> {
    checkRecordId(id);
    checkRecord(from);
    checkOpenOptions(options);
    const pool = this.#pool;
    if (pool === undefined)
      throw new TypeError("transaction: this store was made without `transaction: true`");
    const connection = await this.#borrow(id, pool);
    // The next statement fails.
    const onError = (): void => undefined;
    connection.on?.("error", onError);
    const run = (text: string, values?: unknown[]): Promise<readonly RecordRow[]> =>
      this.#query(id, "transact", text, values, connection);
    let isDone = false;
    let isOpen = true;
    const tx: SqlClient = {
      query: async (text, values) => {
        // A routine that goes on after its end must not use a connection that others have.
        if (isOpen) return connection.query(text, values);
        throw new Error("this transaction has ended, so the statement was not sent");
      },
    };
    try {
      await run("begin");
      const { value, record } = await work(tx).finally(() => (isOpen = false));
      checkRecord(record);
      const values = [id, from.fence, record.version, record.body, options.keep, from.version];
      const [row] = await run(this.#sql.replace, values);
      if (row === undefined) throw laterHolder(id, from.fence);
      await run("commit");
      isDone = true;
      return value;
    } catch (error) {
      isDone = await run("rollback").then(
        () => true,
        () => false,
      );
      throw error;
    } finally {
      connection.off?.("error", onError);
      // The state of a connection whose last statement failed is not known.
      connection.release(!isDone);
    }
  }

  async createTable(): Promise<void> {
    // Two sessions that make one table at the same time can fail, so they do it one after the other.
    const lock = `select pg_advisory_xact_lock(hashtext('quorumlock ${this.#table}'));`;
    await this.#query("", "createTable", `${lock}\n${sqlRecordsSchema(this.#table)}`);
  }

  async deleteExpired(): Promise<number> {
    for (let total = 0; ;) {
      const { length } = await this.#query("", "deleteExpired", this.#sql.deleteExpired, []);
      total += length;
      if (length < ROWS_PER_DELETE) return total;
    }
  }

  #deleteSometimes(): void {
    const now = this.#calls.clock.monotonic();
    if (now < this.#deletesAt) return;
    this.#deletesAt = now + DELETE_EVERY_MS;
    // Rows that are left are ignored, and deleted later.
    this.deleteExpired().catch(() => undefined);
  }

  async #borrow(id: string, pool: SqlPool): Promise<SqlConnection> {
    let lending: Promise<Partial<SqlConnection> | undefined> | undefined;
    try {
      return await callStore(this.#calls, id, "transact", async () => {
        lending = pool.connect();
        const connection = await lending;
        if (typeof connection?.query === "function" && typeof connection.release === "function")
          return connection as SqlConnection;
        throw new TypeError("transaction: connect() of the client returned no connection; pass a Pool of pg");
      });
    } catch (error) {
      void releaseLate(lending);
      throw error;
    }
  }

  #query(
    id: string,
    operation: "open" | "put" | "get" | "transact" | "createTable" | "deleteExpired",
    text: string,
    values?: unknown[],
    client: SqlClient = this.#client,
  ): Promise<readonly RecordRow[]> {
    return callStore(this.#calls, id, operation, async () => {
      const result = await client.query(text, values);
      return ((result as Partial<typeof result> | undefined)?.rows ?? []) as readonly RecordRow[];
    });
  }
}

/** A pool also lends a connection to a caller that has given up. Without a release, the pool would lose it for ever. */
async function releaseLate(lending: Promise<Partial<SqlConnection> | undefined> | undefined): Promise<void> {
  try {
    (await lending)?.release?.();
  } catch {
    // There is no connection, or the pool has closed it.
  }
}

/** The client may return whole numbers of 64 bits as texts. */
function recordIn({ fence, version, body }: RecordRow): StoredRecord | undefined {
  if (Number(fence) === 0) return undefined;
  return { fence: Number(fence), version: Number(version), body: String(body) };
}
