import { setTimeout as sleep } from "node:timers/promises";
import type { Entrant } from "../contender.ts";
import { contenders } from "../contenders/index.ts";
import { machineTime } from "../machine-time.ts";
import type { Tenure } from "../referee.ts";
import type { Contend, Contended, FromWorker, Hold, ToWorker, WorkerTask } from "./messages.ts";

// One process among those that contend. Its parent tells it what to do, and ends it.

/** So many failures end a turn: servers that refuse at once would otherwise be asked without a break. */
const MOST_ERRORS = 1_000;
/** How long those who still wait at the end may take to give up; afterwards they are left behind. */
const WIND_DOWN_MS = 4_000;

const task = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const servers = task.ports.map((port) => ({ port, url: `redis://127.0.0.1:${port}` }));
const entrants = new Map<string, Entrant>();
for (const contender of contenders) {
  if (!task.contenders.includes(contender.name)) continue;
  entrants.set(contender.name, await contender.connect(servers, { ttlMs: task.ttlMs }));
}

process.on("message", (message: ToWorker) => {
  void (message.kind === "contend" ? contend(message).then(tell) : hold(message).then(tell));
});
process.on("disconnect", () => process.exit());
tell({ kind: "ready" });

function tell(message: FromWorker): void {
  process.send?.(message);
}

function entrantOf(name: string): Entrant {
  const entrant = entrants.get(name);
  if (entrant === undefined) throw new Error(`${name} is not connected in this process`);
  return entrant;
}

async function contend({ contender, lock, waiters, holdMs, timeMs }: Contend): Promise<Contended> {
  const entrant = entrantOf(contender);
  const tenures = Array.from({ length: waiters }, (): Tenure[] => []);
  const errors: string[] = [];
  const end = machineTime() + timeMs;
  const over = (): boolean => machineTime() >= end || errors.length >= MOST_ERRORS;
  const runs = tenures.map(async (own) => {
    while (!over()) {
      try {
        const grant = await entrant.acquire(lock);
        const entered = machineTime();
        if (!over()) await sleep(holdMs);
        own.push({ entered, left: machineTime(), fence: grant.fence });
        await grant.release();
      } catch (error) {
        errors.push(messageOf(error));
      }
    }
  });
  const limit = new AbortController();
  const patience = sleep(timeMs + WIND_DOWN_MS, undefined, { signal: limit.signal });
  await Promise.race([Promise.all(runs), patience.catch(() => undefined)]);
  limit.abort();
  return { kind: "contended", tenures, errors };
}

async function hold({ contender, lock }: Hold): Promise<FromWorker> {
  try {
    await entrantOf(contender).acquire(lock);
    return { kind: "held", lock };
  } catch (error) {
    return { kind: "held", lock, error: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
