import { setTimeout as sleep } from "node:timers/promises";
import type { Contender, LockClient } from "../contender.ts";
import { bareIoredis, defaultPeers, ours, queuedBareIoredis, queuedSockets } from "../contenders/index.ts";
import { countMessages, ExclusionChecker, type Violation } from "../exclusion-checker.ts";
import { ratio, whole } from "../report/format.ts";
import { atMost, type Result, type RunSettings, type Scenario, verdictOf } from "../scenario.ts";
import { median, percentile, sum } from "../statistics.ts";
import { selectContenders, runRounds, withConnections } from "../rounds.ts";
import { messageOf, withTimeout } from "../with-timeout.ts";

const CONTENDERS = [bareIoredis, queuedBareIoredis, queuedSockets, ...ours, ...defaultPeers];

const WAITERS = 500;
const HOLD_MS = 1;
/** The largest ratio of the total time to the ideal time. */
const LIMIT = 1.3;
/** Acquisitions of bare ioredis before each turn, which measure the ideal time. */
const SAMPLES = 60;
/** The time limit for waiters that were not served. They should fail within it. */
const END_TIMEOUT_MS = 1_000;

export interface QueueOptions {
  readonly waiters?: number;
  readonly rounds?: number;
  /** Length of a turn. Later grants do not count. */
  readonly timeMs?: number;
}

interface Turn {
  readonly served: number;
  readonly totalMs: number;
  readonly holdsMs: number;
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
}

export function queue({ waiters = WAITERS, rounds = 2, timeMs = 2_500 }: QueueOptions = {}): Scenario {
  return {
    name: "queue",
    about:
      `${waiters} callers of one process acquire one lock at the same moment, and each holds it once for ${HOLD_MS} ms: the time until ` +
      `the last release. The ideal time is the sum of all hold times as measured, plus ${waiters} acquisitions by bare ioredis, which are sampled between the turns. ` +
      `Libraries have their default options. A turn ends after ${timeMs / 1_000} s. Target: at most ${LIMIT}× the ideal time, with all callers served.`,
    columns: [
      "servers",
      "contender",
      "served",
      "failed",
      "total ms",
      "ideal ms",
      "× ideal",
      "violations",
      "target",
    ],
    servers: [3],
    quickServers: [3],
    minServers: 1,
    seconds: 0.1,
    quickSeconds: 0.1,
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      return withConnections(contenders, settings, async (participants) => {
        const turns = new Map<Contender, Turn[]>(contenders.map((contender) => [contender, []]));
        const acquireMs: number[] = [];
        const bare = await bareIoredis.connect(settings.servers);
        try {
          const limits = { seconds: settings.seconds, minRounds: settings.quick ? 1 : rounds };
          await runRounds(participants, limits, async ({ contender, lockClient }, round) => {
            const name = `bench:queue:${contender.name}:${round}`;
            acquireMs.push(await measureAcquire(bare));
            turns
              .get(contender)
              ?.push(await runTurn(lockClient, name, waiters, settings.quick ? timeMs / 3 : timeMs));
          });
        } finally {
          await bare[Symbol.asyncDispose]();
        }
        const allAcquiresMs = median(acquireMs) * waiters;
        return contenders.map((contender) =>
          resultOf(contender, turns.get(contender) ?? [], settings, { waiters, allAcquiresMs }),
        );
      });
    },
  };
}

async function measureAcquire(bare: LockClient): Promise<number> {
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const startedAt = performance.now();
    const grant = await bare.acquire("bench:queue:round");
    times.push(performance.now() - startedAt);
    await grant.release();
  }
  return median(times);
}

async function runTurn(lockClient: LockClient, name: string, waiters: number, timeMs: number): Promise<Turn> {
  const checker = new ExclusionChecker();
  const errors: string[] = [];
  const holdsMs: number[] = [];
  const startedAt = performance.now();
  let lastAt = startedAt;
  let isOver = false;
  const callers = Array.from({ length: waiters }, async () => {
    try {
      const grant = await lockClient.acquire(name);
      // The grant is too late to count.
      if (isOver) return void (await grant.release());
      checker.enter(grant.fence);
      const grantedAt = performance.now();
      await sleep(HOLD_MS);
      const releasedAt = performance.now();
      checker.leave();
      await grant.release();
      if (isOver) return;
      holdsMs.push(releasedAt - grantedAt);
      lastAt = performance.now();
    } catch (error) {
      if (!isOver) errors.push(messageOf(error));
    }
  });
  await withTimeout(Promise.all(callers), timeMs);
  isOver = true;
  await withTimeout(Promise.all(callers), END_TIMEOUT_MS);
  const { violations } = checker;
  return { served: holdsMs.length, totalMs: lastAt - startedAt, holdsMs: sum(holdsMs), errors, violations };
}

function resultOf(
  contender: Contender,
  turns: readonly Turn[],
  settings: RunSettings,
  { waiters, allAcquiresMs }: { readonly waiters: number; readonly allAcquiresMs: number },
): Result {
  const servers = settings.servers.length;
  const served = Math.min(...turns.map((turn) => turn.served));
  const errors = turns.flatMap((turn) => turn.errors);
  const violations = turns.flatMap((turn) => turn.violations);
  const ideals = turns.map(({ holdsMs }) => holdsMs + allAcquiresMs);
  const ratios = turns.map(({ totalMs }, index) => totalMs / (ideals[index] ?? Number.NaN));
  const all = served === waiters;
  const toIdeal = all ? median(ratios) : Number.NaN;
  const totalMs = all ? median(turns.map((turn) => turn.totalMs)) : Number.NaN;
  const targets = contender.kind === "ours" ? [atMost("time", toIdeal, LIMIT, "× the ideal time")] : [];
  return {
    cells: [
      String(servers),
      contender.name,
      `${served}/${waiters}`,
      whole(errors.length / turns.length),
      whole(totalMs),
      all ? whole(median(ideals)) : "–",
      ratio(toIdeal),
      String(violations.length),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      waiters,
      served,
      failed: errors.length / turns.length,
      totalMs,
      ratios: { median: toIdeal, p25: percentile(ratios, 0.25), p75: percentile(ratios, 0.75) },
      violations: violations.length,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}`, [...errors, ...violations]),
  };
}
