import { SetupError } from "./setup-error.ts";
import type { Sql } from "./sql.ts";

/** The comment of a schema that a story has made. Only such a schema is dropped. */
const MARK = "made by a run of a quorumlock example, and dropped by the next one";

/**
 * Makes an empty schema with the function `now_ms()`: the time of the database in ms since 1970. All times in the tables of the
 * stories come from it, so they are comparable, whatever the clocks of the processes say. A schema that an earlier run left is
 * dropped.
 *
 * @throws SetupError if there is a schema with this name that no story has made.
 */
export async function resetSchema(sql: Sql, schema: string, tables: string): Promise<void> {
  await dropSchema(sql, schema);
  await sql.script(`
    CREATE SCHEMA ${schema};
    COMMENT ON SCHEMA ${schema} IS '${MARK}';
    CREATE FUNCTION ${schema}.now_ms() RETURNS double precision LANGUAGE sql VOLATILE
      AS 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision';
    SET search_path = ${schema};
    ${tables}`);
}

/**
 * Drops the schema, if there is one.
 * @throws SetupError if no story has made it.
 */
export async function dropSchema(sql: Sql, schema: string): Promise<void> {
  const [found] = await sql.rows<{ comment: string | null }>(
    "SELECT obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = $1",
    [schema],
  );
  if (found === undefined) return;
  if (found.comment !== MARK)
    throw new SetupError(
      `DATABASE_URL: the database has a schema ${schema} that no story has made, so it is left as it is; rename it, or use another database`,
    );
  await sql.script(`SET client_min_messages = warning; DROP SCHEMA ${schema} CASCADE`);
}
