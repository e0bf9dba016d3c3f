import { setTimeout as sleep } from "node:timers/promises";
import { findRedisServer } from "quorumlock/testing";
import { checkLeftovers } from "./checks/leftovers.ts";
import { checkPhase } from "./checks/check-phase.ts";
import { compileClockShim } from "./faults/clock-shim.ts";
import { PHASES, type PhaseName } from "./faults/phases.ts";
import { FencedStore } from "./fenced-store.ts";
import { type TortureOptions, TTL_MS, WORKERS_PER_PROCESS } from "./options.ts";
import { planPhases } from "./phase-plan.ts";
import { ProcessReaper } from "./processes/process-reaper.ts";
import { WorkerProcesses } from "./processes/worker-processes.ts";
import type { PhaseReport, TortureReport } from "./report/phase-report.ts";
import { runPhase } from "./run-phase.ts";
import { TestServers } from "./servers/test-servers.ts";

/** Extra time to wait for expired locks, in ms, because timers and server clocks are not exact. */
const EXPIRY_MARGIN_MS = 50;

/** Called as the run proceeds. */
export interface ProgressListener {
  onStart(options: TortureOptions): void;
  onPhaseSkipped(phase: PhaseName, reason: string): void;
  onPhaseStart(phase: PhaseName): void;
  onPhaseEnd(report: PhaseReport): void;
}

/**
 * Starts servers and worker processes, runs all phases, and checks their records. Stops everything that it started.
 * @throws Error if there is no server binary, or if a server or process does not start.
 * @throws the reason of `signal` when it aborts.
 */
export async function runTorture(
  options: TortureOptions,
  listener: ProgressListener,
  signal: AbortSignal,
): Promise<TortureReport> {
  if (findRedisServer() === undefined) throw new Error(NO_SERVER);
  using reaper = new ProcessReaper();
  listener.onStart(options);
  const clockShim = options.faults.includes("clock-jump") ? compileClockShim(reaper.directory) : undefined;
  const skipped =
    clockShim !== undefined && "missingReason" in clockShim
      ? [{ phase: "clock-jump" as const, reason: clockShim.missingReason }]
      : [];
  for (const { phase, reason } of skipped) listener.onPhaseSkipped(phase, reason);
  const kinds = options.faults.filter((kind) => !skipped.some(({ phase }) => phase === kind));
  const plans = planPhases(options, kinds);
  const storages = plans.map(({ phase }) => PHASES[phase].storage);
  const store = new FencedStore();

  await using servers = await TestServers.start({
    count: options.servers,
    needsMemory: storages.some((storage) => storage !== "durable"),
    needsDurable: storages.some((storage) => storage !== "memory"),
    clockShim: clockShim !== undefined && "path" in clockShim ? clockShim.path : undefined,
    directory: reaper.directory,
    signal,
  });
  const { processes: count, seed, restartGuard } = options;
  const workerOptions = { ttlMs: TTL_MS, workersPerProcess: WORKERS_PER_PROCESS, seed, restartGuard };
  await using processes = await WorkerProcesses.start(count, workerOptions, store, reaper);

  const phases: PhaseReport[] = [];
  for (const plan of plans) {
    listener.onPhaseStart(plan.phase);
    const report = checkPhase(await runPhase(plan, { servers, processes, store, signal }));
    // Every lock is released or lost, so every key but the fencing counters must expire within a ttl. Holders of permits that died can be
    // in keys that last for twice as long.
    await sleep(2 * TTL_MS + EXPIRY_MARGIN_MS, undefined, { signal });
    const ports = servers.forStorage(PHASES[plan.phase].storage).map(({ server }) => server.port);
    const leftovers = await checkLeftovers(ports, plan.phase);
    const complete = { ...report, violations: [...report.violations, ...leftovers] };
    phases.push(complete);
    listener.onPhaseEnd(complete);
  }
  return { seed, servers: options.servers, processes: count, ttlMs: TTL_MS, phases, skipped };
}

const NO_SERVER =
  "found no redis-server or valkey-server: install one, or set QUORUMLOCK_REDIS_SERVER to its path";
