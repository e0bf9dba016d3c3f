/** Milliseconds by the machine's monotonic clock: the same clock for all processes of a machine. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
