/** Milliseconds of the machine's monotonic clock, which all processes of the machine share. */
export function machineTime(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
