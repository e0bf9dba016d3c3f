import { FLUSH_ABSTENTION_MS, RESTART_ABSTENTION_MS } from "../options.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { FaultKind } from "./phases.ts";

/** A fault to inject. A fault that hits a worker process picks its target at injection time: a current holder. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** Time between the end of the previous fault and the start of this one, in ms. */
  readonly delayMs: number;
  /** Indexes of the servers to hit. Empty if the fault hits a worker process. */
  readonly servers: readonly number[];
  /** How long the fault lasts, in ms. `restart-snapshot`: the time from the snapshot to the restart. */
  readonly durationMs: number;
  /** How far the clock jumps, in ms. Negative for a jump back. */
  readonly jumpMs: number;
  /** Whether the servers restart from a snapshot that an earlier fault took, if there is one. */
  readonly keepsSnapshot: boolean;
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
    const fault = { kind, delayMs, servers: [], durationMs: 0, jumpMs: 0, keepsSnapshot: false, ...rest };
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
  // With this delay restarted servers vote again before the next fault. So the phase is not one long outage.
  const afterRestart = (): number => RESTART_ABSTENTION_MS + random.between(0, 1) * ttlMs;
  let flushed: readonly number[] = [];
  return {
    "server-pause": () => ({
      delayMs: random.between(50, 400),
      servers: random.sample(all, random.whole(1, Math.max(1, minority))),
      durationMs: random.between(0.3, 2) * ttlMs,
    }),
    // Restarts one server, or a majority within a ttl: then a majority loses every lock that is held.
    "restart-empty": (isFirst) => ({
      delayMs: isFirst ? random.between(200, 500) : afterRestart(),
      servers: random.sample(memoryServers, random.chance(0.5) ? 1 : minority + 1),
      durationMs: random.between(0, 150),
    }),
    // As "restart-empty". Locks in a snapshot of less than a ttl may still be valid.
    "restart-snapshot": (isFirst) => ({
      delayMs: isFirst ? random.between(200, 500) : afterRestart(),
      servers: random.sample(memoryServers, random.chance(0.5) ? 1 : minority + 1),
      durationMs: random.between(0.2, 1.5) * ttlMs,
      keepsSnapshot: random.chance(0.3),
    }),
    "restart-aof": () => ({
      delayMs: random.between(100, 700),
      servers: random.sample(durableServers, random.whole(1, durableServers.length)),
      durationMs: random.between(0, 400),
    }),
    // Flushes a minority, sometimes twice. Other servers follow only when the flushed ones vote again, because a majority
    // must keep its memory. They follow soon after that: then some locks are still held that the flushed ones did not grant.
    flush: (isFirst) => {
      const isRepeated = flushed.length > 0 && random.chance(0.3);
      if (!isRepeated) flushed = random.sample(all, random.whole(1, Math.max(1, minority)));
      const delayMs = isFirst
        ? random.between(200, 500)
        : isRepeated
          ? random.between(0.1, 1.5) * ttlMs
          : FLUSH_ABSTENTION_MS + random.between(0, 0.5) * ttlMs;
      return { delayMs, servers: flushed, durationMs: random.between(0, 150) };
    },
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
