import pg from "pg";
import { SetupError } from "./setup-error.ts";

const BIGINT = 20;
const NUMERIC = 1700;
// Fencing tokens and sums of these stories are safe integers.
pg.types.setTypeParser(BIGINT, Number);
pg.types.setTypeParser(NUMERIC, Number);

export type Value = string | number | boolean | null | readonly string[] | readonly number[];

/** What can be done inside a transaction and outside of it. */
export interface Query {
  /** Returns the rows. */
  rows<Row>(text: string, values?: readonly Value[]): Promise<readonly Row[]>;
  /** Returns how many rows the statement changed. */
  change(text: string, values?: readonly Value[]): Promise<number>;
}

/**
 * Opens connections on which names are looked up in one schema, and nowhere else.
 * @param options.connectTimeoutMs how long a connection may take; 0: as long as the system lets it.
 */
export function openPool(
  url: string,
  schema: string,
  { connections = 4, connectTimeoutMs = 0 } = {},
): pg.Pool {
  // A statement sets the schema, because `options` of the URL replace the options of the pool, and some poolers ignore both.
  // The pool waits for the promise that is returned here, but its types do not say so.
  const enterSchema = (client: pg.ClientBase): unknown =>
    client.query("SELECT set_config('search_path', $1, false)", [schema]);
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: schema,
    onConnect: enterSchema,
  });
  // An idle connection breaks if the database is stopped at the end of the run.
  pool.on("error", () => undefined);
  return pool;
}

/** A small face for PostgreSQL: connections to one schema. */
export class Sql implements Query, AsyncDisposable {
  readonly #pool: pg.Pool;
  readonly #schema: string;

  /** The parameters are those of `openPool`. */
  constructor(
    url: string,
    schema: string,
    options: { connections?: number; connectTimeoutMs?: number } = {},
  ) {
    this.#pool = openPool(url, schema, options);
    this.#schema = schema;
  }

  /**
   * Checks that names are looked up in the schema. Otherwise a story would change tables of the user with the same names.
   * @throws SetupError if they are not.
   */
  async expectSchema(): Promise<void> {
    const { name } = await oneRow<{ name: string | null }>(this, "SELECT current_schema() AS name");
    if (name === this.#schema) return;
    throw new SetupError(
      `DATABASE_URL: a connection uses the schema ${name ?? "(none)"} and not ${this.#schema}, so the story changed nothing; use a URL that leads to the database without a pooler`,
    );
  }

  async rows<Row>(text: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return (await this.#pool.query(text, [...values])).rows as Row[];
  }

  async change(text: string, values: readonly Value[] = []): Promise<number> {
    return (await this.#pool.query(text, [...values])).rowCount ?? 0;
  }

  /** Runs several statements without values. */
  async script(text: string): Promise<void> {
    await this.#pool.query(text);
  }

  /** Commits if `work` returns, and rolls back if it throws. */
  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      await client.query("BEGIN");
      const result = await work({
        rows: async <Row>(text: string, values: readonly Value[] = []) =>
          (await client.query(text, [...values])).rows as Row[],
        change: async (text, values = []) => (await client.query(text, [...values])).rowCount ?? 0,
      });
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }
}

/** The first row. @throws Error if there is none. */
export async function oneRow<Row>(sql: Query, text: string, values: readonly Value[] = []): Promise<Row> {
  const [row] = await sql.rows<Row>(text, values);
  if (row === undefined) throw new Error(`the query returned no row: ${text}`);
  return row;
}
