import { count, milliseconds } from "../harness/numbers.ts";
import { postJson } from "../harness/json-http.ts";
import { reachedAt } from "../harness/overlaps.ts";
import type { Scene } from "../harness/scene.ts";
import type { Story } from "../harness/story.ts";
import { type Ledger, LIMIT, type Task } from "./protocol.ts";

const TTL_MS = 500;
const PROCESSES = 6;
/** How long the load goes on before the faults and after them, in ms. */
const PHASE_MS = { short: 500, full: 3_000 };
/** How much longer than a ttl the permits may need to be in use again, on a busy machine. */
const SLACK_MS = 2_000;
/** The last part of the run, over which the calls per second at the end are counted. */
const END_MS = 700;

interface Facts {
  readonly calls: number;
  readonly peak: number;
  readonly refused: number;
  readonly failed: number;
  /** Time from the kill until five calls were in flight. `undefined`: never. */
  readonly backAfterMs: number | undefined;
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
    const isFrozen = await within(scene, frozen.reach("granted", "stop"));
    const isKilled = await within(scene, victim.reach("granted", "kill"));
    if (!isKilled) await victim.kill();
    const killedAt = (await readLedger(apiUrl)).now;
    await scene.pause(2 * TTL_MS);
    if (isFrozen) frozen.resume();
    await scene.pause(phaseMs + END_MS);
    const ledger = await readLedger(apiUrl);
    await Promise.all(processes.map((each) => each.kill()));
    return factsOf(ledger, startedAt, killedAt, phaseMs);
  },

  figures: (facts) => [
    ["calls", count(facts.calls)],
    ["calls that failed (500)", count(facts.failed)],
    ["most calls in flight", `${facts.peak} of ${LIMIT}`],
    ["calls refused by the API (429)", count(facts.refused)],
    ["after the kill, 5 in flight again after", milliseconds(facts.backAfterMs)],
    ["calls per second at the start", count(facts.perSecondAtStart)],
    ["calls per second at the end", count(facts.perSecondAtEnd)],
  ],

  judge: ({ peak, refused, backAfterMs, failed, perSecondAtEnd }) => [
    { claim: `at most ${LIMIT} calls are in flight`, holds: peak <= LIMIT, found: `${peak}` },
    { claim: "the API refused no call", holds: refused === 0, found: `${count(refused)} times 429` },
    {
      claim: `all ${LIMIT} permits are in use again a ttl (${TTL_MS} ms) after a kill`,
      holds: backAfterMs !== undefined && backAfterMs <= TTL_MS + SLACK_MS,
      found: milliseconds(backAfterMs),
    },
    {
      claim: "calls that failed have given their permits back",
      holds: failed > 0 && perSecondAtEnd > 0,
      found: `${count(failed)} failed calls, then ${count(perSecondAtEnd)} calls per second`,
    },
  ],

  damage: ({ perSecondAtStart, perSecondAtEnd }) =>
    `each failed call and each kill took a permit with it: ${count(perSecondAtStart)} calls per second at the start, ${count(perSecondAtEnd)} at the end.`,
};

async function readLedger(apiUrl: string): Promise<Ledger> {
  return (await postJson(`${apiUrl}/ledger`, {})).body as Ledger;
}

/** Whether the process reaches its point within a second. With the counter it may never get a permit again. */
async function within(scene: Scene, reached: Promise<void>): Promise<boolean> {
  return scene.inTime("a permit", reached, 1_000).then(
    () => true,
    () => {
      scene.signal.throwIfAborted();
      return false;
    },
  );
}

function factsOf(ledger: Ledger, startedAt: number, killedAt: number, phaseMs: number): Facts {
  const { calls, peak, refused, failed, now } = ledger;
  // The API still carries out the call of the dead, so only calls that began after the kill count.
  const backAt = reachedAt(
    calls.filter(({ from }) => from > killedAt),
    LIMIT,
  );
  const perSecond = (from: number, to: number): number =>
    calls.filter((call) => call.from >= from && call.from < to).length / ((to - from) / 1_000);
  return {
    calls: calls.length,
    peak,
    refused,
    failed,
    backAfterMs: backAt === undefined ? undefined : backAt - killedAt,
    perSecondAtStart: perSecond(startedAt, startedAt + phaseMs),
    perSecondAtEnd: perSecond(now - END_MS, now),
  };
}
