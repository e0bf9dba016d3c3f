import { setTimeout as sleep } from "node:timers/promises";
import type { Violation } from "./checks/violation.ts";
import type { Crew } from "./crew.ts";
import { type FaultKind, mixable, PHASES, type PhaseName } from "./faults/kinds.ts";
import { planStrikes, type Strike } from "./faults/schedule.ts";
import { type Fault, type Scene, strike } from "./faults/strike.ts";
import type { FencedStore } from "./fenced-store.ts";
import type { Fleet, Member } from "./fleet.ts";
import type { Evidence } from "./judge.ts";
import type { Resources } from "./messages.ts";
import { nowMs } from "./monotonic.ts";
import { STUCK_AFTER_MS, TTL_MS } from "./options.ts";
import { SeededRandom } from "./seeded-random.ts";

/** How many faults may be under way at once in a mixed phase. */
const MIXED_LANES = 2;

export interface Stage {
  readonly fleet: Fleet;
  readonly crew: Crew;
  readonly store: FencedStore;
  readonly signal: AbortSignal;
}

export interface PhasePlan {
  readonly phase: PhaseName;
  readonly lengthMs: number;
  /** All kinds of this run; a mixed phase has those that can be mixed. */
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
}

/** Names that no other phase uses: what one leaves behind cannot help or harm the next. */
export function resourcesOf(phase: PhaseName): Resources {
  return { brisk: [`${phase}/stock`, `${phase}/orders`], long: `${phase}/report` };
}

/** What is planned for a phase, for each thing that goes wrong at a time. The same plan gives the same strikes. */
export function lanesOf(
  plan: PhasePlan,
  members: readonly Pick<Member, "durable">[],
): readonly (readonly Strike[])[] {
  const { phase, lengthMs, seed } = plan;
  if (phase === "calm") return [];
  const random = new SeededRandom(seed);
  const places = (durable: boolean): readonly number[] =>
    members.flatMap((member, place) => (member.durable === durable ? [place] : []));
  const options = {
    lengthMs,
    servers: members.length,
    inMemory: places(false),
    inFile: places(true),
    ttlMs: TTL_MS,
  };
  const kinds = phase === "mixed" ? mixable(plan.kinds) : [phase];
  const lanes = phase === "mixed" ? MIXED_LANES : 1;
  return Array.from({ length: lanes }, () => planStrikes(kinds, random, options));
}

/** Lets the workers work, strikes, heals, sees that everybody gets on again, and has them rest. */
export async function runPhase(plan: PhasePlan, stage: Stage): Promise<Evidence> {
  const { phase, lengthMs } = plan;
  const { fleet, crew, store, signal } = stage;
  const members = fleet.members(PHASES[phase].storage);
  const resources = resourcesOf(phase);
  crew.work({ ports: members.map(({ server }) => server.port), resources });
  const violations: Violation[] = [];
  const proveAll = async (when: string): Promise<void> => {
    const stuck = await abortable(crew.prove(STUCK_AFTER_MS), signal);
    violations.push(...stuck.map(({ id, pid }) => stuckViolation(id, pid, when)));
  };

  // Servers that only just started may abstain: no fault counts before everybody has got a lock.
  await proveAll("before the first fault");
  const startedAt = nowMs();
  const faults = await strikeAll(lanesOf(plan, members), lengthMs, {
    members,
    crew,
    signal,
    busy: new Set(),
  });
  await fleet.heal();
  const seconds = (nowMs() - startedAt) / 1_000;
  await proveAll("after the last fault");
  const restless = await abortable(crew.rest(), signal);
  violations.push(...restless.map(({ id, pid }) => stuckViolation(id, pid, "when it was called off")));
  violations.push(...crew.crashes.splice(0).map(crashViolation));

  const [records, writes] = [crew.takeRecords(), store.takeWrites()];
  return { phase, startedAt, seconds, resources, ttlMs: TTL_MS, records, writes, faults, violations };
}

async function strikeAll(
  lanes: readonly (readonly Strike[])[],
  lengthMs: number,
  scene: Scene,
): Promise<readonly Fault[]> {
  // When one lane fails, the other must not go on alone.
  const failed = new AbortController();
  const signal = AbortSignal.any([scene.signal, failed.signal]);
  const endsAt = nowMs() + lengthMs;
  const faults: Fault[] = [];
  const run = async (strikes: readonly Strike[]): Promise<void> => {
    try {
      for (const [index, planned] of strikes.entries()) {
        if (index > 0 && nowMs() + planned.afterMs > endsAt) break;
        await sleep(planned.afterMs, undefined, { signal });
        const fault = await strike(planned, { ...scene, signal });
        if (fault !== undefined) faults.push(fault);
      }
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const ends = await Promise.allSettled(lanes.map(run));
  scene.signal.throwIfAborted();
  for (const end of ends) if (end.status === "rejected") throw signal.reason;
  await sleep(Math.max(0, endsAt - nowMs()), undefined, { signal });
  return faults;
}

function stuckViolation(id: number, pid: number, when: string): Violation {
  const bound = `${STUCK_AFTER_MS / 1_000} s`;
  return {
    check: "stuck",
    message: `worker ${id} (pid ${pid}) did not get on within ${bound} ${when}`,
    entries: [{ id, pid, when }],
  };
}

function crashViolation(how: string): Violation {
  return { check: "errors", message: how, entries: [{ how }] };
}

/** Leaves a wait that has an end of its own as soon as the run is called off. */
async function abortable<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let leave: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([waiting, aborted]);
  } finally {
    if (leave !== undefined) signal.removeEventListener("abort", leave);
  }
}
