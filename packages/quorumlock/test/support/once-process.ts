// A process that calls `once` for one instant, until no other process is at work. It writes a row for each start of its routine, and sends
// the result to its parent. argv: the settings as JSON.
import { Redis } from "ioredis";
import pg from "pg";
import { systemClock } from "../../src/base/clock.ts";
import { Redlock } from "../../src/index.ts";
import { lockRecords, once, type OnceOptions, type RecordStore } from "../../src/patterns/index.ts";
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
  readonly step?: Step;
  readonly signal?: "SIGKILL" | "SIGSTOP";
}

const settings = JSON.parse(process.argv[2] ?? "{}") as OnceProcessSettings;
const { name, ttl, options, offsetMs = 0 } = settings;
const clock = offsetClock(systemClock, offsetMs);
const clients = settings.ports.map((port) => new Redis(port));
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 2_000, ttl, clock });
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
  return {
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
  };
})();

// It comes when its own clock shows the instant.
const earlyMs = (options.scheduledAt ?? 0) - clock.wall();
if (earlyMs > 0) await new Promise<void>((resolve) => void clock.setTimer(earlyMs, resolve, true));

let result: object;
for (;;) {
  const outcome = await once(
    redlock,
    name,
    { ...options, records },
    async ({ scheduledAt, attempt, fence }) => {
      const values = [name, scheduledAt, attempt, fence, process.pid];
      await database.query(
        "insert into starts (name, instant, attempt, fence, pid) values ($1, $2, $3, $4, $5)",
        values,
      );
      reach("running");
    },
  );
  result = outcome.outcome === "lost" ? { outcome: "lost", code: outcome.error.code } : outcome;
  if (outcome.outcome !== "skipped" || outcome.reason !== "running") break;
  await redlock.untilFree(name, { wait: 60_000 });
}
process.send?.(result);
await database.end();
await redlock.close();
for (const client of clients) client.disconnect();
process.disconnect?.();
