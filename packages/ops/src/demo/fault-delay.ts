import { percentile } from "./numbers.ts";

/** The time in which a fault may delay sales. All times are in ms since the same start. */
export interface FaultWindow {
  readonly atMs: number;
  /** The time of the next fault, which causes all later delays. `Infinity` if there is none. */
  readonly nextFaultAtMs: number;
  /** A pause that begins later has another cause. */
  readonly endsAtMs: number;
}

/**
 * How long a fault delayed the sale, in ms: the longest pause between two sales, minus the median pause of the whole sale.
 * Counts only pauses that end between this fault and the next, and begin before the window ends. The result may include
 * a pause with another cause.
 */
export function faultDelayMs(salesAt: readonly number[], fault: FaultWindow): number {
  const pauses = salesAt.slice(1).map((endsAt, index) => {
    const startsAt = salesAt[index] ?? endsAt;
    return { startsAt, endsAt, durationMs: endsAt - startsAt };
  });
  const inWindow = pauses.filter(
    ({ startsAt, endsAt }) =>
      endsAt > fault.atMs && endsAt <= fault.nextFaultAtMs && startsAt < fault.endsAtMs,
  );
  const durations = pauses.map(({ durationMs }) => durationMs);
  const median = percentile(durations, 0.5) ?? 0;
  const longest = inWindow.reduce((max, { durationMs }) => Math.max(max, durationMs), 0);
  return Math.max(0, longest - median);
}
