import { setTimeout as sleep } from "node:timers/promises";
import { findRedisServer } from "quorumlock/testing";
import { checkLeftovers } from "./checks/leftovers.ts";
import { Crew } from "./crew.ts";
import { Custodian } from "./custodian.ts";
import { PHASES, type PhaseName } from "./faults/kinds.ts";
import { compileShim } from "./faults/server-clock.ts";
import { FencedStore } from "./fenced-store.ts";
import { Fleet } from "./fleet.ts";
import { judge } from "./judge.ts";
import { HANDS, type TortureOptions, TTL_MS } from "./options.ts";
import { runPhase } from "./phase.ts";
import { planPhases } from "./plan.ts";
import type { PhaseReport, TortureReport } from "./phase-report.ts";

/** Beyond the ttl of the last lock, in ms: servers look at expiry by the millisecond. */
const EXPIRY_MARGIN_MS = 50;

/** Is told how a run goes. */
export interface Narrator {
  starting(options: TortureOptions): void;
  skipped(phase: PhaseName, why: string): void;
  phase(phase: PhaseName): void;
  phaseEnded(report: PhaseReport): void;
}

/**
 * Starts servers and workers, has them tortured, and judges what was seen. Nothing of it is left when this settles.
 * @throws Error when there is no server binary, or when something cannot be started.
 * @throws the reason of `signal` once it is aborted.
 */
export async function runTorture(
  options: TortureOptions,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<TortureReport> {
  if (findRedisServer() === undefined) throw new Error(NO_SERVER);
  using custodian = new Custodian();
  narrator.starting(options);
  const shim = options.faults.includes("clock-jump") ? compileShim(custodian.directory) : undefined;
  const withoutClock = shim !== undefined && "missing" in shim;
  if (withoutClock) narrator.skipped("clock-jump", shim.missing);
  const kinds = options.faults.filter((kind) => !(kind === "clock-jump" && withoutClock));
  const plans = planPhases(options, kinds);
  const storages = plans.map(({ phase }) => PHASES[phase].storage);
  const store = new FencedStore();

  await using fleet = await Fleet.start(
    {
      servers: options.servers,
      inMemory: storages.some((storage) => storage !== "file"),
      inFile: storages.some((storage) => storage !== "memory"),
      shim: shim !== undefined && "path" in shim ? shim.path : undefined,
      signal,
    },
    custodian,
  );
  const { processes, seed, restartGuard } = options;
  await using crew = await Crew.hire(
    processes,
    { ttlMs: TTL_MS, hands: HANDS, seed, restartGuard },
    store,
    custodian,
  );

  const phases: PhaseReport[] = [];
  for (const plan of plans) {
    narrator.phase(plan.phase);
    const report = judge(await runPhase(plan, { fleet, crew, store, signal }));
    // All locks are released, or lost: whatever is left now has to end with the ttl.
    await sleep(TTL_MS + EXPIRY_MARGIN_MS, undefined, { signal });
    const ports = fleet.members(PHASES[plan.phase].storage).map(({ server }) => server.port);
    const leftovers = await checkLeftovers(ports, `${plan.phase}/`);
    const complete = { ...report, violations: [...report.violations, ...leftovers] };
    phases.push(complete);
    narrator.phaseEnded(complete);
  }
  const skipped =
    shim !== undefined && "missing" in shim ? [{ phase: "clock-jump" as const, why: shim.missing }] : [];
  return { seed, servers: options.servers, processes, ttlMs: TTL_MS, phases, skipped };
}

const NO_SERVER =
  "There is no redis-server or valkey-server to torture: install one, or set QUORUMLOCK_REDIS_SERVER to its path";
