import { setTimeout as sleep } from "node:timers/promises";
import type { PhaseRecording } from "./checks/check-phase.ts";
import { checkStuck } from "./checks/stuck.ts";
import type { Violation } from "./checks/violation.ts";
import { type Fault, type FaultContext, injectFault } from "./faults/inject-fault.ts";
import { MemoryLosses } from "./faults/memory-losses.ts";
import { PHASES } from "./faults/phases.ts";
import type { PlannedFault } from "./faults/schedule.ts";
import type { FencedStore } from "./fenced-store.ts";
import { nowMs } from "./monotonic.ts";
import { STUCK_AFTER_MS, TTL_MS } from "./options.ts";
import { type PhasePlan, planSchedules } from "./phase-plan.ts";
import { END_WORK_TIMEOUT_MS, type WorkerProcesses } from "./processes/worker-processes.ts";
import type { TestServers } from "./servers/test-servers.ts";

export interface PhaseContext {
  readonly servers: TestServers;
  readonly processes: WorkerProcesses;
  readonly store: FencedStore;
  readonly signal: AbortSignal;
}

/**
 * Runs one phase: starts the work, injects the faults, ends all faults, and ends the work. Before the first and after
 * the last fault, every worker must acquire another lock.
 */
export async function runPhase(plan: PhasePlan, context: PhaseContext): Promise<PhaseRecording> {
  const { phase, lengthMs } = plan;
  const { processes, store, signal } = context;
  const servers = context.servers.forStorage(PHASES[phase].storage);
  processes.assign({ ports: servers.map(({ server }) => server.port), prefix: phase });
  const violations: Violation[] = [];
  const expectProgress = async (when: string): Promise<void> => {
    const stuck = await rejectOnAbort(processes.waitForProgress(STUCK_AFTER_MS), signal);
    violations.push(...checkStuck(stuck, `acquire a lock ${when}`, STUCK_AFTER_MS));
  };

  // Servers that have just started may abstain, so the phase starts when every worker has acquired a lock.
  await expectProgress("before the first fault");
  const startedAt = nowMs();
  const faults = await runSchedules(planSchedules(plan, servers), lengthMs, {
    servers,
    processes,
    signal,
    faultyServers: new Set(),
    losses: new MemoryLosses(servers.length),
  });
  await context.servers.heal();
  const seconds = (nowMs() - startedAt) / 1_000;
  await expectProgress("after the last fault");
  const stuck = await rejectOnAbort(processes.endWork(), signal);
  violations.push(...checkStuck(stuck, "end its work", END_WORK_TIMEOUT_MS));
  violations.push(...processes.crashes.splice(0).map(crashViolation));

  const [records, writes] = [processes.takeRecords(), store.takeWrites()];
  return { phase, startedAt, seconds, ttlMs: TTL_MS, records, writes, faults, violations };
}

/** Runs all schedules at the same time, until `lengthMs` is over. Returns the faults that were injected. */
async function runSchedules(
  schedules: readonly (readonly PlannedFault[])[],
  lengthMs: number,
  context: FaultContext,
): Promise<readonly Fault[]> {
  // If one schedule fails, the others must stop too.
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const endsAt = nowMs() + lengthMs;
  const faults: Fault[] = [];
  const run = async (schedule: readonly PlannedFault[]): Promise<void> => {
    try {
      for (const [index, planned] of schedule.entries()) {
        if (index > 0 && nowMs() + planned.delayMs > endsAt) break;
        await sleep(planned.delayMs, undefined, { signal });
        const fault = await injectFault(planned, { ...context, signal });
        if (fault !== undefined) faults.push(fault);
      }
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  };
  const results = await Promise.allSettled(schedules.map(run));
  context.signal.throwIfAborted();
  for (const result of results) if (result.status === "rejected") throw signal.reason;
  await sleep(Math.max(0, endsAt - nowMs()), undefined, { signal });
  return faults;
}

function crashViolation(description: string): Violation {
  return { check: "errors", message: description, entries: [{ description }] };
}

/** Resolves as `promise` does, or rejects as soon as `signal` aborts. */
async function rejectOnAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}
