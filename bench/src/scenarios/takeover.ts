import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Contender, LockClient } from "../contender.ts";
import { bareIoredis, ours, waitingPeers } from "../contenders/index.ts";
import { connectIoredis, disconnectIoredis } from "../contenders/ioredis-clients.ts";
import { countMessages } from "../exclusion-checker.ts";
import { millis } from "../report/format.ts";
import { atMost, type Result, type RunSettings, type Scenario, type Target, verdictOf } from "../scenario.ts";
import { recordedOf, TOLERANCE } from "../recorded-figures.ts";
import { median, percentile } from "../statistics.ts";
import { type Participant, rotate, selectContenders, withConnections } from "../rounds.ts";
import { WallClock } from "../wall-clock.ts";
import { messageOf, TIMED_OUT, withTimeout } from "../with-timeout.ts";
import { Worker } from "../workers/worker.ts";

const CONTENDERS = [bareIoredis, ...ours, ...waitingPeers];

/** Short, so that many takeovers fit into the time. */
const TTL_MS = 1_000;
/** Pause between two locks, so that they do not expire at the same moment. */
const STAGGER_MS = 15;
/** A waiter that takes longer has failed. */
const TIMEOUT_MS = 5_000;
/** The largest p50. */
const LIMIT_MS = 5;

export interface TakeoverOptions {
  readonly minRounds?: number;
}

export function takeover({ minRounds = 3 }: TakeoverOptions = {}): Scenario {
  return {
    name: "takeover",
    about:
      `A process holds a lock with a ttl of ${TTL_MS / 1_000} s and is killed (SIGKILL) while another process waits for the lock: from the time when the lock ` +
      "expired on a majority of the servers to the next grant, in ms. All contenders wait at the same time, each for its own lock. " +
      `Target: p50 at most ${LIMIT_MS} ms, and at most ${TOLERANCE}× of the recorded one.`,
    columns: ["servers", "contender", "p50 ms", "p90", "largest", "n", "failed", "target"],
    servers: [3],
    quickServers: [3],
    minServers: 1,
    seconds: 20,
    quickSeconds: 3,
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      const admin = await connectIoredis(settings.servers);
      try {
        return await withConnections(contenders, settings, async (participants) => {
          const all = new Map(contenders.map((contender) => [contender, new Series()]));
          const endsAt = performance.now() + settings.seconds * 1_000;
          for (
            let round = 0;
            round < (settings.quick ? 1 : minRounds) || performance.now() < endsAt;
            round++
          ) {
            await runRound(participants, round, settings, admin, all);
          }
          return contenders.map((contender) =>
            resultOf(contender, all.get(contender) ?? new Series(), settings),
          );
        });
      } finally {
        disconnectIoredis(admin);
      }
    },
  };
}

class Series {
  readonly delaysMs: number[] = [];
  readonly errors: string[] = [];
}

async function runRound(
  participants: readonly Participant[],
  round: number,
  { servers }: RunSettings,
  admin: readonly Redis[],
  all: ReadonlyMap<Contender, Series>,
): Promise<void> {
  const contenders = participants.map(({ contender }) => contender.name);
  const holder = await Worker.start({ ports: servers.map(({ port }) => port), contenders, ttlMs: TTL_MS });
  const clock = new WallClock();
  const waits: Promise<void>[] = [];
  try {
    for (const participant of rotate(participants, round)) {
      const series = all.get(participant.contender);
      if (series === undefined) continue;
      const lock = `bench:takeover:${participant.contender.name}:${round}`;
      holder.send({ kind: "hold", contender: participant.contender.name, lock });
      const { error } = await holder.answer("held", TIMEOUT_MS);
      if (error === undefined) waits.push(takeOver(participant.lockClient, lock, admin, clock, series));
      else series.errors.push(`the first holder: ${error}`);
      await sleep(STAGGER_MS);
    }
  } finally {
    await holder.kill();
  }
  await Promise.all(waits);
}

async function takeOver(
  lockClient: LockClient,
  lock: string,
  admin: readonly Redis[],
  clock: WallClock,
  series: Series,
): Promise<void> {
  const key = lockClient.keyOf?.(lock) ?? lock;
  const expiries = await Promise.all(admin.map((client) => client.pexpiretime(key)));
  // A server on which the lock is not held replies with a negative number.
  const freeAt = expiries.toSorted((a, b) => a - b)[Math.floor(admin.length / 2)] ?? Number.NaN;
  try {
    const grant = await withTimeout(lockClient.acquire(lock), TIMEOUT_MS);
    const grantedAt = clock.now();
    if (grant === TIMED_OUT)
      return void series.errors.push(`the lock was not granted within ${TIMEOUT_MS} ms`);
    series.delaysMs.push(grantedAt - freeAt);
    await withTimeout(grant.release(), TIMEOUT_MS);
  } catch (error) {
    series.errors.push(messageOf(error));
  }
}

function resultOf(
  contender: Contender,
  { delaysMs, errors }: Series,
  { servers: { length: servers } }: RunSettings,
): Result {
  const p50 = median(delaysMs);
  const [p90, largest] = [percentile(delaysMs, 0.9), percentile(delaysMs, 1)];
  const targets: Target[] = [];
  if (contender.kind === "ours") {
    targets.push(atMost("p50", p50, LIMIT_MS, "ms"));
    const recorded = recordedOf(contender.name)?.takeoverMs;
    if (recorded !== undefined && servers === 3)
      targets.push(atMost("p50 as recorded", p50, recorded * TOLERANCE, "ms"));
  }
  return {
    cells: [
      String(servers),
      contender.name,
      millis(p50),
      millis(p90),
      millis(largest),
      String(delaysMs.length),
      String(errors.length),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      p50,
      p90,
      largest,
      n: delaysMs.length,
      failed: errors.length,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}`, errors),
  };
}
