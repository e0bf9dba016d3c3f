import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test, vi } from "vitest";
import { type Database, openDatabase } from "../harness/postgres.ts";
import { Reaper } from "../harness/reaper.ts";
import { dropSchema, resetSchema } from "../harness/schema.ts";
import { SchemaLock } from "../harness/schema-lock.ts";
import { oneRow, Sql } from "../harness/sql.ts";
import { runExample } from "./run-example.ts";

const TIMEOUT_MS = 120_000;
const SCHEMA = "ql_fencing";

// The database of a user: here it is a server that this file starts.
const reaper = new Reaper();
let database: Database;
let sql: Sql;

beforeAll(async () => {
  vi.stubEnv("DATABASE_URL", undefined);
  database = await openDatabase(reaper, new AbortController().signal);
  sql = new Sql(database.url, "public");
});
afterAll(async () => {
  await sql[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  reaper[Symbol.dispose]();
});
beforeEach(async () => {
  await sql.script(`SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
});

test(
  "a story leaves tables of the same names in public alone, although the URL has options with another schema",
  async () => {
    await sql.script(`
      CREATE TABLE accounts (id integer PRIMARY KEY, balance integer NOT NULL);
      INSERT INTO accounts SELECT generate_series(0, 7), 1000;
      CREATE TABLE starts (n bigserial PRIMARY KEY, transport text, task integer, worker text);
      CREATE TABLE effects (n bigserial PRIMARY KEY, transport text, task integer, worker text, fence bigint);
      CREATE TABLE repeats (transport text, task integer, is_refused boolean);`);
    const url = `${database.url}?options=${encodeURIComponent("-c search_path=public")}`;

    const { code, output } = await runExample(["task-queue", "--short", "--seed", "7"], {
      DATABASE_URL: url,
    });
    onTestFailed(() => console.log(output));

    expect(code).toBe(0);
    expect(
      await oneRow(
        sql,
        `SELECT (SELECT sum(balance) FROM accounts) AS balance,
          (SELECT count(*) FROM starts) + (SELECT count(*) FROM effects) + (SELECT count(*) FROM repeats) AS added`,
      ),
    ).toEqual({ balance: 8_000, added: 0 });
    expect(await schemaExists("ql_task_queue")).toBe(false);
  },
  TIMEOUT_MS,
);

test("connections on another schema than that of the story are an error", async () => {
  await using other = new Sql(database.url, "ql_missing");
  await expect(other.expectSchema()).rejects.toThrow(
    "DATABASE_URL: a connection uses the schema (none) and not ql_missing",
  );
});

test("a schema that no story has made is never dropped", async () => {
  await sql.script(`CREATE SCHEMA ${SCHEMA}; CREATE TABLE ${SCHEMA}.mine (id integer)`);
  const message = `DATABASE_URL: the database has a schema ${SCHEMA} that no story has made`;

  await expect(dropSchema(sql, SCHEMA)).rejects.toThrow(message);
  const { code, output } = await runExample(["fencing", "--short"], { DATABASE_URL: database.url });

  expect(output).toContain(message);
  expect(output).not.toContain("    at ");
  expect(code).toBe(1);
  expect(await oneRow(sql, `SELECT count(*) AS n FROM ${SCHEMA}.mine`)).toEqual({ n: 0 });
});

test("a schema that a killed run has left is replaced", async () => {
  await using first = new Sql(database.url, SCHEMA);
  await resetSchema(first, SCHEMA, "CREATE TABLE left_over (id integer)");
  await using second = new Sql(database.url, SCHEMA);
  await resetSchema(second, SCHEMA, "CREATE TABLE fresh (id integer)");

  await second.expectSchema();
  const tables = await sql.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = $1", [SCHEMA]);
  expect(tables).toEqual([{ name: "fresh" }]);
  await dropSchema(second, SCHEMA);
  expect(await schemaExists(SCHEMA)).toBe(false);
});

test("a second run of a story on the same database ends with an error, and leaves the schema of the first", async () => {
  await using first = new Sql(database.url, SCHEMA);
  await using _lock = await SchemaLock.acquire(database.url, SCHEMA);
  await resetSchema(first, SCHEMA, "CREATE TABLE of_the_first (id integer)");

  const { code, output } = await runExample(["fencing", "--short"], { DATABASE_URL: database.url });

  expect(output).toContain(`DATABASE_URL: another run of this story uses the schema ${SCHEMA}`);
  expect(output).not.toContain("    at ");
  expect(code).toBe(1);
  expect(await oneRow(sql, `SELECT count(*) AS n FROM ${SCHEMA}.of_the_first`)).toEqual({ n: 0 });
});

test("the signal of the lock aborts if its connection breaks, and then another run gets it", async () => {
  await using lock = await SchemaLock.acquire(database.url, SCHEMA);
  await using other = await SchemaLock.acquire(database.url, "ql_inventory");
  const lost = new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
  await sql.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [
    SCHEMA,
  ]);
  await lost;

  expect(String(lock.signal.reason)).toContain(`the connection that reserves the schema ${SCHEMA}`);
  expect(other.signal.aborted).toBe(false);
  await using _next = await SchemaLock.acquire(database.url, SCHEMA);
});

async function schemaExists(schema: string): Promise<boolean> {
  return (await sql.rows("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema])).length > 0;
}
