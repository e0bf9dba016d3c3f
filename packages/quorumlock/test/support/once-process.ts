// A process that calls `once` for one instant, until no other process is at work, and sends the result to its parent. Or it runs a
// schedule until it is killed. It writes a row for each start of its routine. argv: the settings as JSON.
import { Redis } from "ioredis";
import pg from "pg";
import { systemClock } from "../../src/base/clock.ts";
import { Redlock } from "../../src/index.ts";
import {
  lockRecords,
  once,
  type OnceOptions,
  type OnceResult,
  type RecordStore,
  type Run,
  schedule,
} from "../../src/patterns/index.ts";
import { noteTimeLimit } from "../../src/patterns/records/store-call.ts";
import { FRESH } from "./fresh.ts";
import { offsetClock } from "./offset-clock.ts";

/** Where a process kills or stops itself. `acquired`: it holds the lock. `running`: the claim is recorded. */
export type Step = "looked" | "acquired" | "opened" | "claimed" | "running" | "done";

export interface OnceProcessSettings {
  readonly ports: readonly number[];
  readonly databaseUrl: string;
  readonly name: string;
  readonly ttl: number;
  /** How far its wall clock is ahead, in ms. */
  readonly offsetMs?: number;
  readonly options: OnceOptions;
  /** A schedule with an instant at each multiple of this, in ms, instead of one call. */
  readonly periodMs?: number;
  readonly step?: Step;
  readonly signal?: "SIGKILL" | "SIGSTOP";
}

const settings = JSON.parse(process.argv[2] ?? "{}") as OnceProcessSettings;
const { name, ttl, options, offsetMs = 0 } = settings;
const clock = offsetClock(systemClock, offsetMs);
const clients = settings.ports.map((port) => new Redis(port));
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 5_000, ttl, clock });
const database = new pg.Client({ connectionString: settings.databaseUrl });
await database.connect();

let isUsed = false;

function reach(step: Step): void {
  if (isUsed || step !== settings.step) return;
  isUsed = true;
  process.kill(process.pid, settings.signal ?? "SIGKILL");
}

const records: RecordStore = (() => {
  const store = lockRecords(redlock);
  // As the store in it, it has the time limit of the requests.
  return noteTimeLimit({
    async get(id) {
      const record = await store.get(id);
      reach("looked");
      return record;
    },
    async open(id, fence, how) {
      reach("acquired");
      const opened = await store.open(id, fence, how);
      reach("opened");
      return opened;
    },
    async put(id, record, how) {
      await store.put(id, record, how);
      if (!id.includes("@")) return;
      if (record.body.includes('"running"')) reach("claimed");
      if (record.body.includes('"done"')) reach("done");
    },
  });
})();

async function routine({ scheduledAt, attempt, fence }: Run): Promise<void> {
  await database.query(
    "insert into starts (name, instant, attempt, fence, pid) values ($1, $2, $3, $4, $5)",
    [name, scheduledAt, attempt, fence, process.pid],
  );
  reach("running");
}

async function callOnce(): Promise<OnceResult<void>> {
  for (;;) {
    const outcome = await once(redlock, name, { ...options, records }, routine);
    if (outcome.outcome !== "skipped" || outcome.reason !== "running") return outcome;
    await redlock.untilFree(name, { wait: 60_000 });
  }
}

const { periodMs } = settings;
if (periodMs === undefined) {
  // It comes when its own clock shows the instant.
  const earlyMs = (options.scheduledAt ?? 0) - clock.wall();
  if (earlyMs > 0) await new Promise<void>((resolve) => void clock.setTimer(earlyMs, resolve, true));
  const result = await callOnce().catch((error: { readonly code: string }) => ({
    outcome: "threw" as const,
    code: error.code,
  }));
  process.send?.(result.outcome === "lost" ? { outcome: "lost", code: result.error.code } : result);
  await database.end();
  await redlock.close();
  for (const client of clients) client.disconnect();
  process.disconnect?.();
} else {
  const cron = { nextRun: (from: Date) => new Date((Math.floor(from.getTime() / periodMs) + 1) * periodMs) };
  schedule(redlock, name, cron, { ...options, records }, routine);
  process.send?.({ outcome: "scheduled" });
}
