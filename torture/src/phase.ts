import { setTimeout as sleep } from "node:timers/promises";
import { checkStuck } from "./checks/stuck.ts";
import type { Violation } from "./checks/violation.ts";
import { type Crew, REST_TIMEOUT_MS } from "./crew.ts";
import { PHASES, type PhaseName } from "./faults/kinds.ts";
import type { Strike } from "./faults/schedule.ts";
import { type Fault, type Scene, strike } from "./faults/strike.ts";
import type { FencedStore } from "./fenced-store.ts";
import type { Fleet } from "./fleet.ts";
import type { Evidence } from "./judge.ts";
import type { Resources } from "./messages.ts";
import { nowMs } from "./monotonic.ts";
import { STUCK_AFTER_MS, TTL_MS } from "./options.ts";
import { lanesOf, type PhasePlan } from "./plan.ts";

export interface Stage {
  readonly fleet: Fleet;
  readonly crew: Crew;
  readonly store: FencedStore;
  readonly signal: AbortSignal;
}

/** Names that no other phase uses: what one leaves behind cannot help or harm the next. */
function resourcesOf(phase: PhaseName): Resources {
  return { brisk: [`${phase}/stock`, `${phase}/orders`], long: `${phase}/report` };
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
    violations.push(...checkStuck(stuck, when, STUCK_AFTER_MS));
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
  violations.push(...checkStuck(restless, "when it was called off", REST_TIMEOUT_MS));
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
