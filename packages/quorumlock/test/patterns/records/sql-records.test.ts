import { afterAll, beforeAll, describe, expect, test } from "vitest";
import pg from "pg";
import { LockLostError } from "../../../src/index.ts";
import {
  type SqlClient,
  sqlRecords,
  type SqlRecords,
  sqlRecordsSchema,
} from "../../../src/patterns/index.ts";
import { testPostgres } from "../../support/postgres.ts";
import { eventually, rejection, withResolvers } from "../../support/timing.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { failsWithCause, recordCases, type RecordSubject } from "./record-conformance.ts";

const { pool, url, newTable } = await testPostgres();
const KEEP = { createdAt: 0, keep: 60_000 };
const RUNNING = { fence: 5, version: 1, body: '{"state":"running"}' };
const DONE = { fence: 5, version: 2, body: '{"state":"done"}' };
const single = new pg.Client({ connectionString: url });
beforeAll(async () => {
  await single.connect();
});
afterAll(() => single.end());

/** A client of another library, which has another result. */
const adapter: SqlClient = {
  query: async (text, values) => ({ rows: (await pool.query<object>(text, values)).rows }),
};

const clients: Readonly<Record<string, SqlClient>> = {
  "a Pool": pool,
  "a Client": single,
  "an adapter": adapter,
};

describe.each(Object.keys(clients))("records in PostgreSQL, with %s", (name) => {
  const table = newTable();
  beforeAll(() => sqlRecords(clients[name]!, { table }).createTable());
  let ids = 0;
  const subject: RecordSubject = {
    connect: () => sqlRecords(clients[name]!, { table }),
    newId: () => `id-${(ids += 1)}`,
  };
  test.each(recordCases)("$title", ({ run }) => run(subject));
});

async function newStore(): Promise<{ readonly store: SqlRecords; readonly table: string }> {
  const table = newTable();
  const store = sqlRecords(pool, { table, transaction: true });
  await store.createTable();
  return { store, table };
}

async function count(table: string): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(`select count(*) from ${table}`);
  return Number(rows[0]?.count);
}

describe("the table", () => {
  test("is made by any number of processes at once, also in a schema", async () => {
    await pool.query("create schema jobs");
    const table = `jobs.${newTable()}`;
    const stores = Array.from({ length: 12 }, () => sqlRecords(pool, { table }));
    await Promise.all(stores.map((store) => store.createTable()));
    await stores[0]!.put("a", { fence: 1, version: 1, body: "1" }, KEEP);
    expect((await stores[1]!.get("a"))?.body).toBe("1");
  });

  test("is made by the statements of a migration, which can run again", async () => {
    const table = newTable();
    await pool.query(sqlRecordsSchema(table));
    await pool.query(sqlRecordsSchema(table));
    await sqlRecords(pool, { table }).open("a", 1, KEEP);
    expect(await count(table)).toBe(1);
  });

  test("that does not exist is an error with its name", async () => {
    const error = await rejection(sqlRecords(pool, { table: "missing" }).get("a"));
    expect(error).toMatchObject({ code: "RECORD_STORE", operation: "get" });
    expect((error as Error).message).toContain('relation "missing" does not exist');
  });

  test.each(['a"; drop table x; --', "", "a.b.c", "1a", "a b", "a".repeat(64), "a-b"])(
    "cannot have the name %j",
    (table) => {
      expect(() => sqlRecords(pool, { table })).toThrow(RangeError);
      expect(() => sqlRecordsSchema(table)).toThrow(RangeError);
    },
  );

  test("loses expired rows, a thousand at a time, and no others", async () => {
    const { store, table } = await newStore();
    await pool.query(
      `insert into ${table} (id, promised, fence, version, body, expires_at)
       select 'old-' || n, 1, 1, 1, '{}', now() - interval '1 second' from generate_series(1, 2500) n`,
    );
    await store.put("new", { fence: 1, version: 1, body: "1" }, KEEP);
    expect(await store.get("old-1")).toBeUndefined();
    expect(await store.deleteExpired()).toBe(2_500);
    expect(await count(table)).toBe(1);
    expect(await store.deleteExpired()).toBe(0);
  });

  test("loses them by itself once a minute, behind an open", async () => {
    const { table } = await newStore();
    const clock = new VirtualClock();
    const store = sqlRecords(pool, { table, clock });
    const addExpired = (): Promise<unknown> =>
      pool.query(
        `insert into ${table} (id, promised, expires_at) values ('old', 1, now() - interval '1 second')
         on conflict do nothing`,
      );
    await addExpired();
    await store.open("a", 1, KEEP);
    await store.open("a", 2, KEEP);
    expect(await count(table)).toBe(2);
    clock.pause(60_001);
    await store.open("a", 3, KEEP);
    await eventually("the expired row is deleted", async () => (await count(table)) === 1);
    await addExpired();
    await store.open("a", 4, KEEP);
    expect(await count(table)).toBe(2);
  });

  test("an expired row is ignored by the clock of the database, whatever the process thinks", async () => {
    const { table } = await newStore();
    const clock = new VirtualClock();
    clock.stepWall(-3_600_000 * 24 * 365);
    const store = sqlRecords(pool, { table, clock });
    await pool.query(
      `insert into ${table} (id, promised, fence, version, body, expires_at)
       values ('a', 9, 9, 1, '{}', now() - interval '1 millisecond')`,
    );
    expect(await store.get("a")).toBeUndefined();
    const { record, now } = await store.open("a", 1, KEEP);
    expect(record).toBeUndefined();
    const { rows } = await pool.query<{ now: string }>("select extract(epoch from now()) * 1000 as now");
    expect(Math.abs(now - Number(rows[0]?.now))).toBeLessThan(60_000);
  });
});

describe("a transaction", () => {
  /** A store whose record `a` is running, and a table for effects. */
  async function running(): Promise<{ store: SqlRecords; effects: () => Promise<number>; effect: string }> {
    const { store } = await newStore();
    const table = newTable();
    await pool.query(`create table ${table} (n integer)`);
    await store.open("a", RUNNING.fence, KEEP);
    await store.put("a", RUNNING, KEEP);
    return { store, effects: () => count(table), effect: `insert into ${table} values (1)` };
  }

  test("writes the effects and the record together", async () => {
    const { store, effects, effect } = await running();
    expect(store.hasTransactions).toBe(true);
    const value = await store.transact("a", RUNNING, KEEP, async (tx) => {
      await tx.query(effect);
      expect(await effects()).toBe(0);
      expect(await store.get("a")).toEqual(RUNNING);
      return { value: 42, record: DONE };
    });
    expect(value).toBe(42);
    expect(await effects()).toBe(1);
    expect(await store.get("a")).toEqual(DONE);
  });

  test("that throws leaves nothing", async () => {
    const { store, effects, effect } = await running();
    const failed = store.transact("a", RUNNING, KEEP, async (tx) => {
      await tx.query(effect);
      throw new Error("no stock");
    });
    expect(await rejection(failed)).toEqual(new Error("no stock"));
    const broken = store.transact("a", RUNNING, KEEP, async (tx) => {
      await tx.query(effect);
      await tx.query("select 1 / 0");
      return { value: 1, record: DONE };
    });
    expect((await rejection(broken)) as Error).toMatchObject({ message: "division by zero" });
    expect(await effects()).toBe(0);
    expect(await store.get("a")).toEqual(RUNNING);
    await pool.query("select 1");
  });

  test("of a paused worker is rolled back if a later holder has opened the record", async () => {
    const { store, effects, effect } = await running();
    const late = store.transact("a", RUNNING, KEEP, async (tx) => {
      await tx.query(effect);
      await store.open("a", 6, KEEP);
      return { value: 1, record: DONE };
    });
    expect(await rejection(late)).toBeInstanceOf(LockLostError);
    expect(await effects()).toBe(0);
    expect((await store.open("a", 6, KEEP)).record).toEqual(RUNNING);
  });

  test("and a later holder that opens at the same time: exactly one of them wins", async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const { store, effects, effect } = await running();
      const [first, second] = await Promise.allSettled([
        store.transact("a", RUNNING, KEEP, async (tx) => {
          await tx.query(effect);
          return { value: 1, record: DONE };
        }),
        store.open("a", 6, KEEP),
      ]);
      const seen = second.status === "fulfilled" ? second.value.record : undefined;
      expect(seen).toEqual(first.status === "fulfilled" ? DONE : RUNNING);
      expect(await effects()).toBe(first.status === "fulfilled" ? 1 : 0);
    }
  });

  test("that runs twice has its effects once", async () => {
    const { store, effects, effect } = await running();
    const work = (): Promise<number> =>
      store.transact("a", RUNNING, KEEP, async (tx) => {
        await tx.query(effect);
        return { value: 1, record: DONE };
      });
    const results = await Promise.allSettled([work(), work(), work()]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await effects()).toBe(1);
  });

  test("that gave up waiting for a connection takes none out of the pool when it comes", async () => {
    const table = newTable();
    const small = new pg.Pool({ connectionString: url, max: 1 });
    const clock = new VirtualClock();
    const store = sqlRecords(small, { table, transaction: true, clock });
    await store.createTable();
    await store.open("a", RUNNING.fence, KEEP);
    await store.put("a", RUNNING, KEEP);
    const started = withResolvers<void>();
    const finish = withResolvers<void>();
    const long = store.transact("a", RUNNING, KEEP, async () => {
      started.resolve();
      await finish.promise;
      throw new Error("no stock");
    });
    await started.promise;
    const done = async (): Promise<{ value: number; record: typeof DONE }> => ({ value: 1, record: DONE });
    const tooLate = [1, 2].map(() => rejection(store.transact("a", RUNNING, KEEP, done)));
    await clock.advance(5_000);
    for (const error of await Promise.all(tooLate))
      expect(error).toMatchObject({ code: "RECORD_STORE", operation: "transact" });
    finish.resolve();
    expect(await rejection(long)).toMatchObject({ message: "no stock" });
    await eventually("the connection is free", () => small.idleCount === 1 && small.waitingCount === 0);
    expect(await store.transact("a", RUNNING, KEEP, done)).toBe(1);
    await small.end();
  });

  test("needs a pool, and the option", async () => {
    const { table } = await newStore();
    const plain = sqlRecords(pool, { table });
    expect(plain.hasTransactions).toBe(false);
    const work = async (): Promise<never> => Promise.reject(new Error("not called"));
    expect(await rejection(plain.transact("a", RUNNING, KEEP, work))).toBeInstanceOf(TypeError);
    expect(() => sqlRecords(adapter, { table, transaction: true })).toThrow(/must be a pool with connect/);
    const onClient = sqlRecords(single, { table, transaction: true });
    expect(await rejection(onClient.transact("a", RUNNING, KEEP, work))).toMatchObject({
      code: "RECORD_STORE",
    });
  });

  test("whose connection breaks is an error with its cause, and the pool stays usable", async () => {
    const { store, effects, effect } = await running();
    const broken = store.transact("a", RUNNING, KEEP, async (tx) => {
      await tx.query(effect);
      const { rows } = await tx.query("select pg_backend_pid() as pid");
      await pool.query("select pg_terminate_backend($1)", [(rows[0] as { pid: number }).pid]);
      return { value: 1, record: DONE };
    });
    expect(await rejection(broken)).toMatchObject({ code: "RECORD_STORE", operation: "transact" });
    expect(await effects()).toBe(0);
    expect(await store.get("a")).toEqual(RUNNING);
  });
});

test("a database that cannot be reached is a RecordStoreError with its cause", async () => {
  const nowhere = new pg.Pool({ connectionString: "postgres://postgres@127.0.0.1:1/x" });
  await failsWithCause(sqlRecords(nowhere));
  await nowhere.end();
});

test("a database that hangs is given up after the time limit", async () => {
  await failsWithCause(sqlRecords({ query: () => new Promise(() => undefined) }, { timeout: 20 }));
});

test("bad clients and options are refused", () => {
  expect(() => sqlRecords({} as never)).toThrow(/client: .* must have a method query/);
  expect(() => sqlRecords(pool, { timeout: -1 })).toThrow(RangeError);
  expect(() => sqlRecords(pool, { transaction: 1 as never })).toThrow(TypeError);
  expect(() => sqlRecords(pool, { tabel: "x" } as never)).toThrow(
    /tabel: there is no such option; the options are table,/,
  );
});
