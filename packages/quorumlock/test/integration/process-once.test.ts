import type { ChildProcess } from "node:child_process";
import { once as event } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { processOnce, sqlRecords } from "../../src/patterns/index.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { FRESH } from "../support/fresh.ts";
import { testPostgres } from "../support/postgres.ts";
import { ports, testServers } from "../support/server-access.ts";
import type { TaskProcessSettings, TaskStep } from "../support/task-process.ts";
import { stateOf } from "../support/test-processes.ts";
import { rejection, patiently, withResolvers } from "../support/timing.ts";

// Processes that are killed, stopped, or have other clocks, on real servers. The judges are tables in which they only insert.

/**
 * The ttl of a process that dies or is stopped, in ms. It holds its lock until then, also over a pause of the machine, and its lease ends
 * within the test.
 */
const FAILING_TTL = 6_000;
/** The ttl of all other processes, in ms: longer than any pause of the machine. */
const LONG_TTL = 60_000;
// Servers that keep every write, so that they remember what was before their start.
const servers = await testServers(3, { args: ["--appendonly", "yes", "--appendfsync", "always"] });
const { pool, url, newTable } = await testPostgres();
const startProcess = await bundledProgram(new URL("../support/task-process.ts", import.meta.url));
const children: ChildProcess[] = [];
let tasks = 0;

beforeAll(async () => {
  for (const table of ["starts", "effects"])
    await pool.query(
      `create table ${table} (id bigserial primary key, task text, attempt integer, fence bigint, pid integer)`,
    );
});
afterAll(() => {
  for (const child of children)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
});

type Settings = Omit<TaskProcessSettings, "ports" | "databaseUrl" | "ttl">;

function start(settings: Settings): {
  child: ChildProcess;
  exited: Promise<unknown[]>;
  result: Promise<Record<string, unknown>>;
} {
  const ttl = settings.step === undefined ? LONG_TTL : FAILING_TTL;
  const all: TaskProcessSettings = { ports: ports(servers), databaseUrl: url, ttl, ...settings };
  const child = startProcess([JSON.stringify(all)]);
  children.push(child);
  const exited = event(child, "exit");
  const result = Promise.race([
    event(child, "message").then(([message]) => message as Record<string, unknown>),
    exited.then(() => ({ outcome: "died" })),
  ]);
  return { child, exited, result };
}

interface Row {
  readonly attempt: number;
  readonly fence: number;
  readonly pid: number;
}

async function rowsOf(table: "starts" | "effects", task: string): Promise<readonly Row[]> {
  const { rows } = await pool.query<Row>(
    `select attempt, fence::float8 as fence, pid from ${table} where task = $1 order by id`,
    [task],
  );
  return rows;
}

function newTask(): { readonly id: string; readonly options: Settings["options"] } {
  tasks += 1;
  // Longer than any lease that has to end.
  return { id: `task-${tasks}`, options: { wait: 120_000, createdAt: Date.now() } };
}

/** What is left after a death at each step: which attempt brings the result, and how many starts and effects there are. */
const STEPS: readonly {
  readonly step: TaskStep;
  readonly attempt: number;
  readonly starts: number;
  readonly effects: number;
}[] = [
  { step: "looked", attempt: 1, starts: 1, effects: 1 },
  { step: "acquired", attempt: 1, starts: 1, effects: 1 },
  { step: "opened", attempt: 1, starts: 1, effects: 1 },
  { step: "claimed", attempt: 2, starts: 1, effects: 1 },
  { step: "running", attempt: 2, starts: 2, effects: 1 },
  { step: "worked", attempt: 2, starts: 2, effects: 2 },
  { step: "done", attempt: 1, starts: 1, effects: 1 },
];

// Most of them wait for leases, so all of them wait at the same time.

describe.concurrent("a worker that is killed", () => {
  test("at any step: the next call brings the one result, or finds it", async () => {
    // Each step is a task of its own, so all of them wait for their leases at the same time.
    await Promise.all(
      STEPS.map(async ({ step, attempt, starts, effects }) => {
        const { id, options } = newTask();
        const first = start({ id, options, step });
        expect(await first.exited).toEqual([null, "SIGKILL"]);
        const second = await start({ id, options }).result;
        const value = `by attempt ${attempt}`;
        expect(second).toEqual({ outcome: "done", value, attempt, replayed: step === "done" });
        expect(await rowsOf("starts", id)).toHaveLength(starts);
        expect(await rowsOf("effects", id)).toHaveLength(effects);
      }),
    );
  });

  test("with a transaction, at each step after the claim: one effect", async () => {
    const table = newTable();
    await sqlRecords(pool, { table }).createTable();
    await Promise.all(
      STEPS.slice(3).map(async ({ step, attempt, starts }) => {
        const { id, options } = newTask();
        const first = start({ id, options, step, table });
        expect(await first.exited).toEqual([null, "SIGKILL"]);
        const second = await start({ id, options, table }).result;
        const value = `by attempt ${attempt}`;
        expect(second).toEqual({ outcome: "done", value, attempt, replayed: step === "done" });
        expect(await rowsOf("starts", id)).toHaveLength(starts);
        const effects = await rowsOf("effects", id);
        expect(effects.map((effect) => effect.attempt)).toEqual([attempt]);
      }),
    );
  });

  test("with onCrash `keep`, in its work: the routine does not begin again", async () => {
    const { id, options } = newTask();
    const keep = { ...options, onCrash: "keep" } as const;
    const first = start({ id, options: keep, step: "worked" });
    expect(await first.exited).toEqual([null, "SIGKILL"]);
    expect(await start({ id, options: keep }).result).toMatchObject({ outcome: "failed", attempt: 1 });
    expect(await rowsOf("starts", id)).toHaveLength(1);
  });
});

/** What a worker reports whose result was refused. */
const LOST = { outcome: "threw", code: "LOCK_LOST" };

describe.concurrent("a worker that is stopped for longer than two ttls", () => {
  const frozen = STEPS.filter(({ step }) => ["claimed", "running", "worked"].includes(step));

  async function stopAt(settings: Settings): Promise<Record<string, unknown>[]> {
    const { id, options, table } = settings;
    const first = start({ ...settings, signal: "SIGSTOP" });
    await patiently("it is stopped", () => stateOf(first.child) === "T");
    const stoppedAt = performance.now();
    const second = await start({ id, options, ...(table !== undefined && { table }) }).result;
    await patiently("two ttls are over", () => performance.now() - stoppedAt > 2 * FAILING_TTL);
    first.child.kill("SIGCONT");
    return [await first.result, second];
  }

  test("at any step: its late result is refused, and the task has one result", async () => {
    await Promise.all(
      frozen.map(async ({ step }) => {
        const { id, options } = newTask();
        const [late, second] = await stopAt({ id, options, step });
        const done = { outcome: "done", value: "by attempt 2", attempt: 2 };
        expect(second).toEqual({ ...done, replayed: false });
        // A worker that is stopped before its routine begins looks again.
        expect(late).toMatchObject(step === "claimed" ? { ...done, replayed: true } : LOST);
        const fences = (await rowsOf("starts", id)).map(({ fence }) => fence);
        expect(fences).toEqual(fences.toSorted((a, b) => a - b));
        expect(await start({ id, options }).result).toEqual({ ...done, replayed: true });
      }),
    );
  });

  test("with a transaction, at any step: one effect, that of the result", async () => {
    const table = newTable();
    await sqlRecords(pool, { table }).createTable();
    await Promise.all(
      frozen.map(async ({ step }) => {
        const { id, options } = newTask();
        const [late, second] = await stopAt({ id, options, step, table });
        expect(second).toMatchObject({ outcome: "done", attempt: 2, replayed: false });
        expect(late).toMatchObject(step === "claimed" ? { outcome: "done", replayed: true } : LOST);
        const effects = await rowsOf("effects", id);
        expect(effects.map(({ attempt }) => attempt)).toEqual([2]);
      }),
    );
  });
});

test.concurrent("one clock 3 s ahead, one 3 s behind: one start, one result", async () => {
  const { id, options } = newTask();
  const results = await Promise.all(
    [0, 3_000, -3_000].map((offsetMs) => start({ id, options, offsetMs }).result),
  );
  expect(results.map(({ value }) => value)).toEqual(Array(3).fill("by attempt 1"));
  expect(await rowsOf("starts", id)).toHaveLength(1);
});

describe("the transaction", () => {
  async function scene(): Promise<{
    readonly redlock: Redlock;
    readonly table: string;
    readonly records: ReturnType<typeof sqlRecords>;
    readonly effects: (id: string) => Promise<number>;
  }> {
    const table = newTable();
    const records = sqlRecords(pool, { table, transaction: true });
    await records.createTable();
    const redlock = new Redlock(
      servers.map(({ server }) => server.url),
      { ...FRESH, ttl: 60_000, requestTimeout: 5_000 },
    );
    return { redlock, table, records, effects: async (id) => (await rowsOf("effects", id)).length };
  }
  const insert = "insert into effects (task) values ($1)";

  test("is rolled back if the routine throws, and if its result cannot be recorded", async () => {
    const { redlock, records, effects } = await scene();
    const { id, options } = newTask();
    const all = { ...options, records };
    const threw = processOnce(redlock, id, all, async ({ tx }) => {
      await tx.query(insert, [id]);
      throw new Error("no paper");
    });
    expect(await rejection(threw)).toMatchObject({ message: "no paper" });
    const tooLarge = processOnce(redlock, id, all, async ({ tx }) => {
      await tx.query(insert, [id]);
      return "x".repeat(5_000);
    });
    expect(await rejection(tooLarge)).toBeInstanceOf(RangeError);
    expect(await effects(id)).toBe(0);
    const done = await processOnce(redlock, id, all, ({ tx, attempt }) =>
      tx.query(insert, [id]).then(() => attempt),
    );
    expect(done).toMatchObject({ outcome: "done", value: 3 });
    expect(await effects(id)).toBe(1);
    await redlock.close();
  });

  test("is over for a routine that goes on after its end", async () => {
    const { redlock, records, effects } = await scene();
    const { id, options } = newTask();
    const goOn = withResolvers<void>();
    const late = withResolvers<unknown>();
    const slow = processOnce(redlock, id, { ...options, records, runFor: 100, grace: 0 }, async ({ tx }) => {
      await tx.query(insert, [id]);
      await goOn.promise;
      late.resolve(await rejection(tx.query(insert, [id])));
    });
    expect(await rejection(slow)).toMatchObject({ code: "RUN_TIMEOUT" });
    goOn.resolve();
    expect(await late.promise).toMatchObject({ message: expect.stringMatching(/transaction has ended/) });
    expect(await effects(id)).toBe(0);
    await redlock.close();
  });

  test("whose commit gets no answer: RecordStoreError with `ran`, and the next call finds out", async () => {
    const { redlock, table } = await scene();
    const { id, options } = newTask();
    // The connection breaks when the commit is sent.
    const records = sqlRecords(
      {
        query: (text: string, values?: unknown[]) => pool.query(text, values),
        connect: async () => {
          const connection = await pool.connect();
          return {
            query: (text: string, values?: unknown[]) =>
              text === "commit"
                ? Promise.reject(new Error("connection reset"))
                : connection.query(text, values),
            release: () => connection.release(true),
          };
        },
      } as never,
      { table, transaction: true },
    );
    const work = async ({ tx }: { readonly tx: unknown }): Promise<string> => {
      await (tx as typeof pool).query(insert, [id]);
      return "mine";
    };
    const unknown = processOnce(redlock, id, { ...options, records }, work);
    expect(await rejection(unknown)).toMatchObject({ code: "RECORD_STORE", ran: true });
    const next = await processOnce(
      redlock,
      id,
      { ...options, records: sqlRecords(pool, { table, transaction: true }) },
      work,
    );
    expect(next).toMatchObject({ outcome: "done", value: "mine" });
    expect(await rowsOf("effects", id)).toHaveLength(1);
    await redlock.close();
  });

  test("that cannot begin is no attempt, and the routine does not run", async () => {
    const { redlock, table, records } = await scene();
    const { id, options } = newTask();
    const broken = sqlRecords(
      {
        query: (text: string, values?: unknown[]) => pool.query(text, values),
        connect: () => Promise.reject(new Error("too many connections")),
      } as never,
      { table, transaction: true },
    );
    const fail = processOnce(redlock, id, { ...options, records: broken }, () => "never");
    expect(await rejection(fail)).toMatchObject({ code: "RECORD_STORE", ran: false });
    const next = await processOnce(redlock, id, { ...options, records, onCrash: "keep" }, () => "mine");
    expect(next).toMatchObject({ outcome: "done", value: "mine", attempt: 1 });
    await redlock.close();
  });
});
