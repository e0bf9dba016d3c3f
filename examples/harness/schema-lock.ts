import pg from "pg";
import { SetupError } from "./setup-error.ts";

/** The first half of the key of the advisory locks, so that other programs hardly use the same key. */
const LOCK_CLASS = 1_902_800_491;

/** The right of one run to make and drop a schema: an advisory lock, held by a connection of its own until the run ends. */
export class SchemaLock implements AsyncDisposable {
  /** Aborts if the connection breaks, because another run may have the schema then. */
  readonly signal: AbortSignal;
  readonly #client: pg.Client;

  private constructor(client: pg.Client, signal: AbortSignal) {
    this.#client = client;
    this.signal = signal;
  }

  /** @throws SetupError if another run holds the lock. */
  static async acquire(url: string, schema: string): Promise<SchemaLock> {
    const lost = new AbortController();
    const client = new pg.Client({ connectionString: url, application_name: schema, keepAlive: true });
    client.on("error", (cause) =>
      lost.abort(
        new SetupError(
          `the database closed the connection that reserves the schema ${schema}; run the story again`,
          {
            cause,
          },
        ),
      ),
    );
    await client.connect();
    const lock = new SchemaLock(client, lost.signal);
    const { rows } = await client.query<{ is_locked: boolean }>(
      "SELECT pg_try_advisory_lock($1, hashtext($2)) AS is_locked",
      [LOCK_CLASS, schema],
    );
    if (rows[0]?.is_locked === true) return lock;
    await lock[Symbol.asyncDispose]();
    throw new SetupError(
      `DATABASE_URL: another run of this story uses the schema ${schema}; wait until it has ended, or use another database`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}
