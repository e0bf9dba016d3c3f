import { type Clock, elapsedMs, type Instant } from "../base/clock.ts";

/** How far a server's clock was from the clock of this process when it was read. */
export interface ClockReading {
  /** The server's time minus this process's time in the middle of the request, in ms. */
  readonly aheadMs: number;
  /** How long the request took, in ms. The server read its clock at some moment of it. */
  readonly roundTripMs: number;
  /** The lead of this process's wall clock over its monotonic clock, in ms. */
  readonly wallLeadMs: number;
}

/** Maximum distance of a clock from the median. Time servers keep clocks within a few ms. */
const MAX_DISTANCE_MS = 1_000;
/** If the lead changed by more, the wall clock of this process stepped or the machine slept. Older readings are useless then. */
const MAX_LEAD_CHANGE_MS = 100;

export function readClock(clock: Clock, sentAt: Instant, serverTimeMs: number): ClockReading {
  const roundTripMs = elapsedMs(clock, sentAt);
  const wall = clock.wall();
  return {
    aheadMs: serverTimeMs - (wall - roundTripMs / 2),
    roundTripMs,
    wallLeadMs: wall - clock.monotonic(),
  };
}

/** The time of a server now, from a reading of its clock. `undefined` if the clock of this process stepped since then. */
export function serverTimeFrom(clock: Clock, { aheadMs, wallLeadMs }: ClockReading): number | undefined {
  const wall = clock.wall();
  const isUsable = Math.abs(wallLeadMs - (wall - clock.monotonic())) <= MAX_LEAD_CHANGE_MS;
  return isUsable ? wall + aheadMs : undefined;
}

/**
 * By how many ms each clock is ahead of the median. `undefined` for a clock that is close to the median or cannot be compared. If
 * there are only two clocks and they differ, both are far, because it is not known which of them is wrong.
 */
export function findFarClocks(
  clock: Clock,
  readings: readonly (ClockReading | undefined)[],
): readonly (number | undefined)[] {
  const wallLeadMs = clock.wall() - clock.monotonic();
  const usable = readings.map((reading) =>
    reading !== undefined && Math.abs(reading.wallLeadMs - wallLeadMs) <= MAX_LEAD_CHANGE_MS
      ? reading
      : undefined,
  );
  const known = usable.filter((reading) => reading !== undefined).map(({ aheadMs }) => aheadMs);
  if (known.length < 2) return readings.map(() => undefined);
  const middle = median(known);
  // The median of two clocks is the middle between them, so each is only half of their distance away.
  const factor = known.length === 2 ? 2 : 1;
  return usable.map((reading) => {
    if (reading === undefined) return undefined;
    const aheadMs = factor * (reading.aheadMs - middle);
    return Math.abs(aheadMs) > MAX_DISTANCE_MS + reading.roundTripMs ? aheadMs : undefined;
  });
}

/** The value in the middle, or between the two in the middle. 0 if there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1] ?? 0, sorted[Math.floor(half)] ?? 0];
  return (low + high) / 2;
}
