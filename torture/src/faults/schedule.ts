import type { SeededRandom } from "../seeded-random.ts";
import type { FaultKind } from "./phases.ts";

/** A fault to inject. A fault that hits a worker process picks its target at injection time: a current holder. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** Time between the end of the previous fault and the start of this one, in ms. */
  readonly delayMs: number;
  /** Indexes of the servers to hit. Empty if the fault hits a worker process. */
  readonly servers: readonly number[];
  /** How long the fault lasts, in ms. */
  readonly durationMs: number;
  /** How far the clock jumps, in ms. Negative for a jump back. */
  readonly jumpMs: number;
}

export interface ScheduleOptions {
  /** Length of the phase, in ms. The schedule has at least one fault, however short the phase is. */
  readonly lengthMs: number;
  readonly servers: number;
  /** Indexes of the servers that keep their data in memory only. */
  readonly memoryServers: readonly number[];
  /** Indexes of the servers with an append-only file. */
  readonly durableServers: readonly number[];
  readonly ttlMs: number;
}

/** A jump of at most a day is too short to expire a fencing counter. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Plans the faults of one phase, one after the other. The same seed gives the same schedule. */
export function planFaults(
  kinds: readonly FaultKind[],
  random: SeededRandom,
  options: ScheduleOptions,
): readonly PlannedFault[] {
  const planners = createPlanners(random, options);
  const faults: PlannedFault[] = [];
  let plannedMs = 0;
  // Only the start of a fault must lie within the phase: the last fault may end after it.
  while (plannedMs < options.lengthMs) {
    const kind = random.pick(kinds);
    const { delayMs, ...rest } = planners[kind](faults.length === 0);
    const fault = { kind, delayMs, servers: [], durationMs: 0, jumpMs: 0, ...rest };
    if (faults.length > 0 && plannedMs + delayMs > options.lengthMs) break;
    faults.push(fault);
    plannedMs += delayMs + fault.durationMs;
  }
  return faults;
}

type FaultDetails = Pick<PlannedFault, "delayMs"> & Partial<Omit<PlannedFault, "kind">>;

function createPlanners(
  random: SeededRandom,
  { servers, memoryServers, durableServers, ttlMs }: ScheduleOptions,
): Readonly<Record<FaultKind, (isFirst: boolean) => FaultDetails>> {
  const all = Array.from({ length: servers }, (_, index) => index);
  const minority = Math.floor((servers - 1) / 2);
  // Every jump hits the same server, because fencing needs a majority of servers with right clocks.
  const jumpingServer = random.pick(all);
  return {
    "server-pause": () => ({
      delayMs: random.between(50, 400),
      servers: random.sample(all, random.whole(1, Math.max(1, minority))),
      durationMs: random.between(0.3, 2) * ttlMs,
    }),
    // Restarts one server, or a majority within a ttl: then a majority loses every lock that is held. The long delay
    // lets the restart guard's quarantine end before the next fault, so that the phase is not one long outage.
    "restart-empty": (isFirst) => ({
      delayMs: isFirst ? random.between(200, 500) : 2_000 + random.between(1, 2) * ttlMs,
      servers: random.sample(memoryServers, random.chance(0.5) ? 1 : minority + 1),
      durationMs: random.between(0, 150),
    }),
    "restart-aof": () => ({
      delayMs: random.between(100, 700),
      servers: random.sample(durableServers, random.whole(1, durableServers.length)),
      durationMs: random.between(0, 400),
    }),
    "client-pause": () => ({
      delayMs: random.between(50, 250),
      durationMs: random.between(1.2, 2.5) * ttlMs,
    }),
    // A new process needs about one ttl before it acquires its first lock.
    "client-kill": () => ({ delayMs: random.between(0.3, 1.2) * ttlMs }),
    "clock-jump": () => ({
      delayMs: random.between(50, 300),
      servers: [jumpingServer],
      durationMs: random.between(0.2, 1.5) * ttlMs,
      jumpMs: random.pick([1, -1]) * random.pick([ttlMs / 2, 2 * ttlMs, HOUR_MS, DAY_MS]),
    }),
    "connection-drop": () => ({
      delayMs: random.between(20, 250),
      servers: random.chance(0.25) ? all : [random.pick(all)],
    }),
  };
}
