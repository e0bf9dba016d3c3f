import { formatValue } from "../../base/check-value.ts";

/** The rows of a query. */
export interface SqlResult {
  /** One object for each row, with its columns as fields. */
  readonly rows: readonly object[];
}

/**
 * The member of a PostgreSQL client that the library uses: a `Pool` or a `Client` of `pg` have it. For `postgres`, pass
 * `{ query: async (text, values) => ({ rows: await sql.unsafe(text, values) }) }`.
 */
export interface SqlClient {
  /** Runs one statement with the values for `$1`, `$2` and so on. Without values, `text` may have several statements. */
  query(text: string, values?: unknown[]): Promise<SqlResult>;
}

/** One connection of a pool, which nobody else uses until it is released. */
export interface SqlConnection extends SqlClient {
  /** Gives the connection back. With `true` or an error, the pool closes it. */
  release(destroy?: boolean | Error): void;
  /** A connection that breaks between two statements reports it by the event `error`. Without a listener, the process would end. */
  on?(event: "error", listener: () => void): unknown;
  /** Removes the listener. */
  off?(event: "error", listener: () => void): unknown;
}

/** A pool of connections, such as a `Pool` of `pg`. */
export interface SqlPool extends SqlClient {
  /** Lends a connection. */
  connect(): Promise<SqlConnection>;
}

/** @throws TypeError if `client` cannot run queries. */
export function checkSqlClient(client: SqlClient): SqlClient {
  if (typeof (client as Partial<SqlClient> | null)?.query === "function") return client;
  throw new TypeError(
    `client: ${formatValue(client)} must have a method query(text, values), such as a Pool of pg`,
  );
}

/** @throws TypeError if `client` lends no connections. */
export function checkSqlPool(client: SqlClient): SqlPool {
  if (typeof (client as Partial<SqlPool>).connect === "function") return client as SqlPool;
  throw new TypeError(
    `transaction: the client, ${formatValue(client)}, must be a pool with connect(), such as a Pool of pg: ` +
      "a transaction needs a connection of its own",
  );
}

const TABLE = /^[A-Za-z_]\w*$/;
const MAX_IDENTIFIER_LENGTH = 63;

/**
 * The quoted name of a table, with or without its schema.
 * @throws TypeError, RangeError for another text, so that a name can never be a part of a statement.
 */
export function quoteTable(table: string): string {
  if (typeof table !== "string") throw new TypeError(`table: ${formatValue(table)} must be a string`);
  const parts = table.split(".");
  const isName = parts.length <= 2 && parts.every(isIdentifier);
  if (isName) return parts.map((part) => `"${part}"`).join(".");
  throw new RangeError(
    `table: ${formatValue(table)} must be a name such as "records" or "schema.records": ` +
      `letters, digits and "_", at most ${MAX_IDENTIFIER_LENGTH} in each part`,
  );
}

function isIdentifier(part: string): boolean {
  return TABLE.test(part) && part.length <= MAX_IDENTIFIER_LENGTH;
}
