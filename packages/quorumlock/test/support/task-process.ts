// A process that calls `processOnce` for one task. It writes a row for each start of its routine and for each effect, and sends the result to
// its parent. argv: the settings as JSON.
import { Redis } from "ioredis";
import pg from "pg";
import { systemClock } from "../../src/base/clock.ts";
import { Redlock } from "../../src/index.ts";
import {
  lockRecords,
  processOnce,
  type ProcessOptions,
  type RecordStore,
  type SqlClient,
  sqlRecords,
} from "../../src/patterns/index.ts";
import { FRESH } from "./fresh.ts";
import { offsetClock } from "./offset-clock.ts";

/** Where a process kills or stops itself. `acquired`: it holds the lock. `worked`: the effect is written, but not the result. */
export type TaskStep = "looked" | "acquired" | "opened" | "claimed" | "running" | "worked" | "done";

export interface TaskProcessSettings {
  readonly ports: readonly number[];
  readonly databaseUrl: string;
  readonly id: string;
  readonly ttl: number;
  /** How far its wall clock is ahead, in ms. */
  readonly offsetMs?: number;
  readonly options: ProcessOptions;
  /** Whether the effect and the result are one transaction, in this table of records. */
  readonly table?: string;
  readonly step?: TaskStep;
  readonly signal?: "SIGKILL" | "SIGSTOP";
}

const settings = JSON.parse(process.argv[2] ?? "{}") as TaskProcessSettings;
const { id, ttl, options, offsetMs = 0, table } = settings;
const clients = settings.ports.map((port) => new Redis(port));
const redlock = new Redlock(clients, {
  ...FRESH,
  requestTimeout: 10_000,
  ttl,
  clock: offsetClock(systemClock, offsetMs),
});
const pool = new pg.Pool({ connectionString: settings.databaseUrl });
let isUsed = false;

function reach(step: TaskStep): void {
  if (isUsed || step !== settings.step) return;
  isUsed = true;
  process.kill(process.pid, settings.signal ?? "SIGKILL");
}

/** A store whose steps are places where the process can die. What it has besides the three methods stays. */
function watched<Store extends RecordStore>(store: Store): Store {
  const get = store.get.bind(store);
  const open = store.open.bind(store);
  const put = store.put.bind(store);
  return Object.assign(store, {
    async get(record: string) {
      const found = await get(record);
      reach("looked");
      return found;
    },
    async open(record: string, fence: number, how: Parameters<RecordStore["open"]>[2]) {
      reach("acquired");
      const opened = await open(record, fence, how);
      reach("opened");
      return opened;
    },
    async put(
      record: string,
      written: Parameters<RecordStore["put"]>[1],
      how: Parameters<RecordStore["put"]>[2],
    ) {
      await put(record, written, how);
      if (written.body.includes('"running"')) reach("claimed");
      if (written.body.includes('"done"')) reach("done");
    },
  });
}

const records: RecordStore =
  table === undefined
    ? watched(lockRecords(redlock))
    : watched(sqlRecords(pool, { table, transaction: true, timeout: 60_000 }));

let result: object;
try {
  const end = await processOnce(redlock, id, { ...options, records }, async (task) => {
    const { attempt, fence } = task;
    const values = [id, attempt, fence, process.pid];
    await pool.query("insert into starts (task, attempt, fence, pid) values ($1, $2, $3, $4)", values);
    reach("running");
    const database: SqlClient = table === undefined ? pool : task.tx;
    await database.query("insert into effects (task, attempt, fence, pid) values ($1, $2, $3, $4)", values);
    reach("worked");
    return `by attempt ${attempt}`;
  });
  result = { ...end, holder: undefined };
  if (table !== undefined && end.outcome === "done") reach("done");
} catch (error) {
  const { code, message } = error as Error & { readonly code?: string };
  result = { outcome: "threw", code, message };
}
process.send?.(result);
await pool.end();
await redlock.close();
for (const client of clients) client.disconnect();
process.disconnect?.();
