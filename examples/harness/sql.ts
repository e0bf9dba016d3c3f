import pg from "pg";

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

/** A small face for PostgreSQL: connections to one schema. */
export class Sql implements Query, AsyncDisposable {
  readonly #pool: pg.Pool;

  /**
   * @param schema the schema in which names are looked up.
   * @param options.connectTimeoutMs how long a connection may take; 0: as long as the system lets it.
   */
  constructor(url: string, schema: string, { connections = 4, connectTimeoutMs = 0 } = {}) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: connectTimeoutMs,
      options: `-c search_path=${schema}`,
      application_name: schema,
    });
    // An idle connection breaks if the database is stopped at the end of the run.
    this.#pool.on("error", () => undefined);
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
