import type { Sql } from "./sql.ts";

/**
 * Makes an empty schema with the function `now_ms()`: the time of the database in ms since 1970. All times in the tables of the
 * stories come from it, so they are comparable, whatever the clocks of the processes say.
 */
export async function resetSchema(sql: Sql, schema: string, tables: string): Promise<void> {
  await sql.script(`
    SET client_min_messages = warning;
    DROP SCHEMA IF EXISTS ${schema} CASCADE;
    CREATE SCHEMA ${schema};
    CREATE FUNCTION ${schema}.now_ms() RETURNS double precision LANGUAGE sql VOLATILE
      AS 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision';
    SET search_path = ${schema};
    ${tables}`);
}

export async function dropSchema(sql: Sql, schema: string): Promise<void> {
  await sql.script(`SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${schema} CASCADE`);
}
