import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { count, milliseconds, plural } from "../harness/numbers.ts";
import { postJson } from "../harness/json-http.ts";
import { reachedAt } from "../harness/overlaps.ts";
import type { Scene } from "../harness/scene.ts";
import type { Story, Variant } from "../harness/story.ts";
import { type Call, counterKey, type Ledger, LIMIT, type Task } from "./protocol.ts";

const TTL_MS = 500;
const PROCESSES = 6;
/** How long the load goes on before the faults and after them, in ms. */
const PHASE_MS = { short: 500, full: 3_000 };
/** How much longer than a ttl five calls may need to overlap again. On a busy machine, callers are slow to use their permits. */
const SLACK_MS = 10_000;
const MAX_BACK_MS = TTL_MS + SLACK_MS;
/** The last part of the run, over which the calls per second at the end are counted. */
const END_MS = 700;
/** How long a process may take to get a permit and reach its fault. With the counter it may never get one again. */
const FAULT_TIMEOUT_MS = { ours: 60_000, antiPattern: 1_000 };
/** How long the judge waits for an answer of a lock server. */
const READ_TIMEOUT_MS = 5_000;

interface Facts {
  /** Whether a process was frozen, and another one killed, right after it got a permit. */
  readonly isFrozen: boolean;
  readonly isKilled: boolean;
  readonly calls: number;
  readonly peak: number;
  readonly refused: number;
  readonly failed: number;
  /** Time from the kill until five calls were in flight. `undefined`: never. */
  readonly backAfterMs: number | undefined;
  /** Permits that nobody holds and nobody can get, when all callers have ended. */
  readonly permitsLost: number;
  readonly perSecondAtStart: number;
  readonly perSecondAtEnd: number;
}

export const apiLimit: Story<Facts> = {
  name: "api-limit",
  summary: "six processes share five permits for an API, and one in twelve calls fails",
  columns: { ours: "semaphore", antiPattern: "INCR, no finally" },
  tables: "",
  ttlMs: TTL_MS,

  async run(scene, variant) {
    const phaseMs = scene.isShort ? PHASE_MS.short : PHASE_MS.full;
    const double = scene.start("api", import.meta.resolve("./double.ts"), {}, { connections: 1 });
    const listening = double.until("listening");
    await scene.go([double]);
    const apiUrl = String((await scene.orFail(listening))["url"]);
    const task: Task = { apiUrl, isCounter: variant === "antiPattern" };
    const processes = Array.from({ length: PROCESSES }, (_, index) =>
      scene.start(`caller-${index}`, import.meta.resolve("./worker.ts"), task, { connections: 1 }),
    );
    await scene.go(processes);
    const startedAt = (await readLedger(apiUrl)).now;
    await scene.pause(phaseMs);

    const [frozen, victim] = processes;
    if (frozen === undefined || victim === undefined) throw new Error("there is no process to freeze");
    const withinMs = FAULT_TIMEOUT_MS[variant];
    const isFrozen = await within(scene, frozen.reach("granted", "stop"), withinMs);
    if (!isFrozen) frozen.disarm("granted");
    const isKilled = await within(scene, victim.reach("granted", "kill"), withinMs);
    if (!isKilled) await victim.kill();
    const killedAt = (await readLedger(apiUrl)).now;
    await scene.pause(2 * TTL_MS);
    // Even if it was not frozen in time, it may have passed the point just before that was noticed.
    frozen.resume();
    if (variant === "ours") await untilBack(scene, apiUrl, killedAt);
    await scene.pause(phaseMs + END_MS);
    const { now: endedAt } = await readLedger(apiUrl);
    // Callers that end in order return their permits, if they return any.
    await Promise.all(processes.map((each) => each.stop()));
    const ledger = await readLedger(apiUrl);
    const permitsLost = await readPermitsLost(scene, variant);
    return { isFrozen, isKilled, permitsLost, ...factsOf(ledger, { startedAt, killedAt, endedAt, phaseMs }) };
  },

  figures: (facts) => [
    ["calls", count(facts.calls)],
    ["calls that failed (500)", count(facts.failed)],
    ["most calls at once, refused ones included", `${facts.peak} of ${LIMIT}`],
    ["calls refused by the API (429)", count(facts.refused)],
    ["permits lost after a call that threw", count(lostByThrows(facts))],
    ["permits lost with the killed process", count(facts.permitsLost - lostByThrows(facts))],
    ["after the kill, 5 in flight again after", timeOf(facts.backAfterMs)],
    ["calls per second at the start", count(facts.perSecondAtStart)],
    ["calls per second at the end", count(facts.perSecondAtEnd)],
  ],

  judge: ({ isFrozen, isKilled, peak, refused, backAfterMs, failed, permitsLost }) => [
    {
      claim: "a process was frozen with a permit, and another one was killed with one",
      holds: isFrozen && isKilled,
      found: `${isFrozen ? "frozen" : "not frozen"}, ${isKilled ? "killed" : "killed without a permit"}`,
    },
    { claim: `the API sees at most ${LIMIT} calls at once`, holds: peak <= LIMIT, found: `${peak}` },
    { claim: "the API refused no call", holds: refused === 0, found: `${count(refused)} times 429` },
    {
      claim: `all ${LIMIT} permits are in use again within ${count(MAX_BACK_MS)} ms after a kill (the ttl is ${TTL_MS} ms)`,
      holds: backAfterMs !== undefined && backAfterMs <= MAX_BACK_MS,
      found: timeOf(backAfterMs),
      needsSteadyTime: true,
    },
    {
      claim: "no permit is lost, although calls threw",
      holds: failed > 0 && permitsLost === 0,
      found: `${count(permitsLost)} permits lost, ${count(failed)} failed calls`,
    },
  ],

  damage: (facts) =>
    `${plural(lostByThrows(facts), "call")} that threw did not release the permit, so ${facts.permitsLost} of ${LIMIT} permits are gone: ${count(facts.perSecondAtStart)} calls per second at the start, ${count(facts.perSecondAtEnd)} at the end.`,
};

/** Each failed call takes one permit with it. The others went with the process that was killed. */
function lostByThrows({ permitsLost, failed }: Facts): number {
  return Math.min(permitsLost, failed);
}

function timeOf(ms: number | undefined): string {
  return ms === undefined ? "never" : milliseconds(ms);
}

/** Asks the lock servers what is still taken, although nobody calls any more. */
async function readPermitsLost(scene: Scene, variant: Variant): Promise<number> {
  const { redisUrls, prefix } = scene;
  if (variant === "antiPattern") {
    const client = new Redis(redisUrls[0] ?? "");
    const value = Number(await client.get(counterKey(prefix)));
    client.disconnect();
    return value;
  }
  const redlock = new Redlock([...redisUrls], { requestTimeout: READ_TIMEOUT_MS, prefix });
  const permits = redlock.semaphore("api", { permits: LIMIT });
  // A caller that did not end in order keeps its permit for a ttl.
  const deadline = performance.now() + TTL_MS + SLACK_MS;
  let lost = LIMIT - (await permits.available());
  while (lost > 0 && performance.now() < deadline) {
    await scene.pause(TTL_MS / 10);
    lost = LIMIT - (await permits.available());
  }
  await redlock.close();
  return lost;
}

async function readLedger(apiUrl: string): Promise<Ledger> {
  return (await postJson(`${apiUrl}/ledger`, {})).body as Ledger;
}

/** Waits until five calls have overlapped after the kill, or the time for that is over. */
async function untilBack(scene: Scene, apiUrl: string, killedAt: number): Promise<void> {
  for (;;) {
    const { now, calls } = await readLedger(apiUrl);
    if (backAtOf(calls, killedAt) !== undefined || now > killedAt + MAX_BACK_MS) return;
    await scene.pause(TTL_MS / 10);
  }
}

/** The API still carries out the call of the dead, so only calls that began after the kill count. */
function backAtOf(calls: readonly Call[], killedAt: number): number | undefined {
  return reachedAt(
    calls.filter(({ from }) => from > killedAt),
    LIMIT,
  );
}

/** Whether the process reaches its point in time. */
async function within(scene: Scene, reached: Promise<void>, withinMs: number): Promise<boolean> {
  return scene.inTime("a permit", reached, withinMs).then(
    () => true,
    () => {
      scene.signal.throwIfAborted();
      return false;
    },
  );
}

function factsOf(
  { calls, peak, refused, failed }: Ledger,
  moments: {
    readonly startedAt: number;
    readonly killedAt: number;
    readonly endedAt: number;
    readonly phaseMs: number;
  },
): Omit<Facts, "permitsLost" | "isFrozen" | "isKilled"> {
  const { startedAt, killedAt, endedAt, phaseMs } = moments;
  const backAt = backAtOf(calls, killedAt);
  const perSecond = (from: number, to: number): number =>
    calls.filter((call) => call.from >= from && call.from < to).length / ((to - from) / 1_000);
  return {
    calls: calls.length,
    peak,
    refused,
    failed,
    backAfterMs: backAt === undefined ? undefined : backAt - killedAt,
    perSecondAtStart: perSecond(startedAt, startedAt + phaseMs),
    perSecondAtEnd: perSecond(endedAt - END_MS, endedAt),
  };
}
