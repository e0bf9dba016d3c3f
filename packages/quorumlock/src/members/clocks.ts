import { type Clock, elapsed, type Instant } from "../base/clock.ts";

/** How far a server's clock was from that of this process when it was read. */
export interface ClockReading {
  /** The server's time less this process's in the middle of the request, in ms. */
  readonly aheadMs: number;
  /** How long the request took, in ms: the middle is known no better. */
  readonly roundTripMs: number;
  /** By how much the wall clock of this process was ahead of its monotonic one. */
  readonly lead: number;
}

/** Clocks further apart than this are told of: time servers keep them within a few ms. */
const FAR_MS = 1_000;
/** This process's own wall clock has stepped, or its machine slept, where its lead changed by more. */
const STEPPED_MS = 100;

export function readClock(clock: Clock, sent: Instant, serverTimeMs: number): ClockReading {
  const roundTripMs = elapsed(clock, sent);
  const wall = clock.wall();
  return {
    aheadMs: serverTimeMs - (wall - roundTripMs / 2),
    roundTripMs,
    lead: wall - clock.monotonic(),
  };
}

/**
 * By how many ms each clock is ahead of the median; `undefined` where it is near it, or nothing can be said. Of two clocks
 * that differ nobody knows which one is wrong.
 */
export function findFarClocks(
  clock: Clock,
  readings: readonly (ClockReading | undefined)[],
): readonly (number | undefined)[] {
  const lead = clock.wall() - clock.monotonic();
  const fresh = readings.map((reading) =>
    reading !== undefined && Math.abs(reading.lead - lead) <= STEPPED_MS ? reading : undefined,
  );
  const known = fresh.filter((reading) => reading !== undefined).map(({ aheadMs }) => aheadMs);
  if (known.length < 2) return readings.map(() => undefined);
  const middle = median(known);
  // The median of two lies in the middle: their whole distance counts.
  const share = known.length === 2 ? 2 : 1;
  return fresh.map((reading) => {
    if (reading === undefined) return undefined;
    const ahead = share * (reading.aheadMs - middle);
    return Math.abs(ahead) > FAR_MS + reading.roundTripMs ? ahead : undefined;
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1] ?? 0, sorted[Math.floor(half)] ?? 0];
  return (low + high) / 2;
}
