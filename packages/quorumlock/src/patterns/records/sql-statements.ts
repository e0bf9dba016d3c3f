import { quoteTable } from "./sql-client.ts";

/** How many expired rows are deleted at a time, so that no statement holds many row locks. */
export const ROWS_PER_DELETE = 1_000;

/** The statements for one table of records. All times are those of the database, at the moment when a row is reached. */
export interface SqlStatements {
  /** `$1` id, `$2` fence, `$3` how long it is kept in ms. Returns a row, or none if a larger fencing token was there. */
  readonly open: string;
  /** `$1` id, `$2` fence, `$3` version, `$4` body, `$5` how long it is kept in ms. Returns a row, or none as above. */
  readonly put: string;
  /** `$1` id. */
  readonly get: string;
  /** As `put`, and `$6` is the version that must be there, written by the same holder. Returns no row otherwise. */
  readonly replace: string;
  /** Deletes expired rows. Returns one row for each. */
  readonly deleteExpired: string;
}

/** A statement that begins long after its transaction, or waits for a row, needs the time of now. */
const NOW = "clock_timestamp()";

export function statementsFor(table: string): SqlStatements {
  const name = quoteTable(table);
  const until = (parameter: string): string =>
    `${NOW} + ${parameter}::double precision * interval '1 millisecond'`;
  const isExpired = `r.expires_at <= ${NOW}`;
  // A row that has expired counts as missing.
  const unlessExpired = (column: string, missing: string): string =>
    `${column} = case when ${isExpired} then ${missing} else r.${column} end`;
  return {
    open: `insert into ${name} as r (id, promised, expires_at) values ($1, $2, ${until("$3")})
      on conflict (id) do update set promised = excluded.promised, ${unlessExpired("fence", "0")},
        ${unlessExpired("version", "0")}, ${unlessExpired("body", "''")},
        expires_at = greatest(r.expires_at, excluded.expires_at)
      where r.promised <= excluded.promised or ${isExpired}
      returning fence, version, body, floor(extract(epoch from ${NOW}) * 1000) as now`,
    put: `insert into ${name} as r (id, promised, fence, version, body, expires_at)
      values ($1, $2, $2, $3, $4, ${until("$5")})
      on conflict (id) do update set promised = excluded.promised, fence = excluded.fence,
        version = excluded.version, body = excluded.body, expires_at = greatest(r.expires_at, excluded.expires_at)
      where (r.promised <= excluded.promised and (r.fence, r.version) <= (excluded.fence, excluded.version))
        or ${isExpired}
      returning fence`,
    get: `select fence, version, body from ${name} as r where id = $1 and fence > 0 and not ${isExpired}`,
    replace: `update ${name} as r set version = $3, body = $4, expires_at = greatest(r.expires_at, ${until("$5")})
      where id = $1 and promised = $2 and fence = $2 and version = $6 and not ${isExpired}
      returning fence`,
    deleteExpired: `delete from ${name} where id in
      (select id from ${name} as r where ${isExpired} limit ${ROWS_PER_DELETE} for update skip locked)
      returning id`,
  };
}

/**
 * The statements that make the table of records, for a migration. They do nothing if it exists.
 *
 * ```ts
 * import { sqlRecordsSchema } from "quorumlock/patterns";
 *
 * console.log(sqlRecordsSchema("job_records"));
 * ```
 *
 * @param table its name, with or without a schema: letters, digits and `_`.
 * @throws TypeError, RangeError for another name.
 */
export function sqlRecordsSchema(table: string): string {
  const name = quoteTable(table);
  const index = `"${table.split(".").at(-1)!.slice(0, 40)}_expires_at"`;
  return `create table if not exists ${name} (
  id text primary key,
  promised bigint not null,
  fence bigint not null default 0,
  version bigint not null default 0,
  body text not null default '',
  expires_at timestamptz not null
);
create index if not exists ${index} on ${name} (expires_at);
`;
}
