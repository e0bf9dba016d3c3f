import { percentile } from "./numbers.ts";

/** When a fault struck, and until when it is answered for. */
export interface FaultWindow {
  readonly atMs: number;
  /** The next fault: what ends after it is put down to that one. `Infinity` where there is none. */
  readonly nextAtMs: number;
  /** Nothing that begins later than this can come from the fault. */
  readonly untilMs: number;
}

/**
 * What a fault cost everybody: the longest time without a sale around it, less the time that usually lies between two
 * sales (the median of the whole run). "Around" is every pause that ended after the fault and before the next one, and
 * that began while something of the fault could still be felt. A pause that fell there by chance is counted too.
 */
export function timeLost(salesAt: readonly number[], fault: FaultWindow): number {
  const pauses = salesAt.slice(1).map((endsAt, index) => {
    const beganAt = salesAt[index] ?? endsAt;
    return { beganAt, endsAt, lastedMs: endsAt - beganAt };
  });
  const around = pauses.filter(
    ({ beganAt, endsAt }) => endsAt > fault.atMs && endsAt <= fault.nextAtMs && beganAt < fault.untilMs,
  );
  const usual =
    percentile(
      pauses.map(({ lastedMs }) => lastedMs),
      0.5,
    ) ?? 0;
  const longest = around.reduce((most, { lastedMs }) => Math.max(most, lastedMs), 0);
  return Math.max(0, longest - usual);
}
