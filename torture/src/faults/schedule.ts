import type { SeededRandom } from "../seeded-random.ts";
import type { FaultKind } from "./kinds.ts";

/** One fault that is planned. Which worker it hits is decided when it strikes: one that holds a lock then. */
export interface Strike {
  readonly kind: FaultKind;
  /** How long after the end of the strike before, in ms. */
  readonly afterMs: number;
  /** Places of the servers that it hits; empty where it hits a worker. */
  readonly servers: readonly number[];
  /** How long the fault lasts, in ms. */
  readonly lastsMs: number;
  /** By how much a clock jumps, in ms. */
  readonly jumpMs: number;
}

export interface ScheduleOptions {
  /** Strikes are planned until this is filled; there is always one. In ms. */
  readonly lengthMs: number;
  readonly servers: number;
  /** Places of the servers that keep everything in memory, and of those that also keep it in a file. */
  readonly inMemory: readonly number[];
  readonly inFile: readonly number[];
  readonly ttlMs: number;
}

/** Jumps of more than the life of a counter, which is a week, would make the server forget counters too. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The strikes of one phase, one after the other, each of one of the kinds. The same choices give the same schedule. */
export function planStrikes(
  kinds: readonly FaultKind[],
  random: SeededRandom,
  options: ScheduleOptions,
): readonly Strike[] {
  const planner = planners(random, options);
  const strikes: Strike[] = [];
  let filledMs = 0;
  // The last strike may last beyond the end, which is why the length bounds the beginnings.
  while (filledMs < options.lengthMs) {
    const kind = random.pick(kinds);
    const { afterMs, ...rest } = planner[kind](strikes.length === 0);
    const strike = { kind, afterMs, servers: [], lastsMs: 0, jumpMs: 0, ...rest };
    if (strikes.length > 0 && filledMs + afterMs > options.lengthMs) break;
    strikes.push(strike);
    filledMs += afterMs + strike.lastsMs;
  }
  return strikes;
}

type Plan = { readonly afterMs: number } & Partial<Omit<Strike, "kind">>;

function planners(
  random: SeededRandom,
  { servers, inMemory, inFile, ttlMs }: ScheduleOptions,
): Readonly<Record<FaultKind, (first: boolean) => Plan>> {
  const all = Array.from({ length: servers }, (_, place) => place);
  const minority = Math.floor((servers - 1) / 2);
  /** One server all the time: with two of three that jump, nothing would be left to rely on. */
  const wrongClock = random.pick(all);
  return {
    "server-pause": () => ({
      afterMs: random.between(50, 400),
      servers: random.sample(all, random.whole(1, Math.max(1, minority))),
      lastsMs: random.between(0.3, 2) * ttlMs,
    }),
    // One, or a majority one after the other within a ttl: what is held then is forgotten by most servers. The pause before
    // the next strike lets the guard's time pass, so that not all of the phase is an outage.
    "restart-empty": (first) => ({
      afterMs: first ? random.between(200, 500) : 2_000 + random.between(1, 2) * ttlMs,
      servers: random.sample(inMemory, random.chance(0.5) ? 1 : minority + 1),
      lastsMs: random.between(0, 150),
    }),
    // Any number, also all.
    "restart-aof": () => ({
      afterMs: random.between(100, 700),
      servers: random.sample(inFile, random.whole(1, inFile.length)),
      lastsMs: random.between(0, 400),
    }),
    "client-pause": () => ({ afterMs: random.between(50, 250), lastsMs: random.between(1.2, 2.5) * ttlMs }),
    // A new process takes about as long as a ttl until it is at work.
    "client-kill": () => ({ afterMs: random.between(0.3, 1.2) * ttlMs }),
    "clock-jump": () => ({
      afterMs: random.between(50, 300),
      servers: [wrongClock],
      lastsMs: random.between(0.2, 1.5) * ttlMs,
      jumpMs: random.pick([1, -1]) * random.pick([ttlMs / 2, 2 * ttlMs, HOUR_MS, DAY_MS]),
    }),
    "connection-drop": () => ({
      afterMs: random.between(20, 250),
      servers: random.chance(0.25) ? all : [random.pick(all)],
    }),
  };
}
