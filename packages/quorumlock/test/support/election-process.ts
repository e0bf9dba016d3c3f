// A candidate in a process of its own. argv: a JSON text with the settings. While it leads by `isLeader`, it appends rows to a list on a
// server that is no lock server. Each row is written by a script that stamps it with the time of that server.
import { Redis } from "ioredis";
import { Redlock } from "../../src/index.ts";
import { systemClock } from "../../src/base/clock.ts";
import { elect, lockRecords, observe, type RecordStore } from "../../src/patterns/index.ts";
import { noteTimeLimit } from "../../src/patterns/records/store-call.ts";
import { FRESH } from "./fresh.ts";
import { offsetClock } from "./offset-clock.ts";

/** Where a process kills or stops itself, once. `recorded`: before `onElected`. `ended`: before it releases the lock. */
export type Step = "acquired" | "opened" | "recorded" | "elected" | "ended";

/** What the test gives to the process. */
export interface ElectionProcessSettings {
  readonly urls: readonly string[];
  readonly rowsUrl: string;
  /** The list of rows. It is also the name of the election. */
  readonly rowsKey: string;
  readonly id: string;
  readonly ttl: number;
  readonly offsetMs: number;
  readonly step?: Step | undefined;
  readonly signal?: "SIGKILL" | "SIGSTOP" | undefined;
}

/**
 * Appends a row if no larger number was written: the target of a leader compares fencing tokens. Rows that are refused are counted.
 *
 * KEYS: the list, the largest number, the count of refused rows
 * ARGV: the number of the term, the id
 */
const APPEND = `local largest = tonumber(redis.call('GET', KEYS[2]) or 0)
local number = tonumber(ARGV[1])
if number < largest then return redis.call('INCR', KEYS[3]) end
redis.call('SET', KEYS[2], ARGV[1])
local time = redis.call('TIME')
redis.call('RPUSH', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) .. ' ' .. ARGV[1] .. ' ' .. ARGV[2])
return 0`;

const settings = JSON.parse(process.argv[2] ?? "{}") as ElectionProcessSettings;
const { id, rowsKey, ttl } = settings;
const rows = new Redis(settings.rowsUrl);
const clock = offsetClock(systemClock, settings.offsetMs);
const clients = settings.urls.map((url) => new Redis(url));
const redlock = new Redlock(clients, { ...FRESH, clock, ttl, requestTimeout: 5_000 });

const append = (number: number): Promise<unknown> =>
  rows.eval(APPEND, 3, rowsKey, `${rowsKey}:largest`, `${rowsKey}:refused`, String(number), id);

let isUsed = false;

function reach(step: Step): void {
  if (isUsed || step !== settings.step) return;
  isUsed = true;
  process.kill(process.pid, settings.signal ?? "SIGKILL");
}

const records: RecordStore = (() => {
  const inner = lockRecords(redlock);
  // As the store in it, it has the time limit of the requests.
  return noteTimeLimit({
    get: (recordId) => inner.get(recordId),
    async open(recordId, fence, options) {
      reach("acquired");
      const opened = await inner.open(recordId, fence, options);
      reach("opened");
      return opened;
    },
    async put(recordId, record, options) {
      await inner.put(recordId, record, options);
      reach("recorded");
    },
  });
})();

const election = elect(redlock, rowsKey, {
  id,
  records,
  onElected: async ({ number, signal }) => {
    reach("elected");
    process.send?.(["elected", number]);
    while (!signal.aborted) {
      if (election.isLeader) await append(number);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
  onLost: (reason, number) => {
    process.send?.(["lost", reason, number]);
    reach("ended");
  },
});
const observation = observe(redlock, rowsKey);
observation.on(
  "change",
  ({ leader }) => void process.send?.(["seen", leader?.number ?? 0, leader?.id ?? ""]),
);

process.on("message", (command) => {
  if (command === "resign") void election.resign();
  if (command === "stop") void stop();
});

async function stop(): Promise<void> {
  await election.stop();
  await observation.stop();
  await redlock.close();
  for (const client of [...clients, rows]) client.disconnect();
  process.send?.(["stopped"]);
  process.disconnect();
}
