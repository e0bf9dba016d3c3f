/** The current time in ms. The clock is monotonic, and all processes of a machine share it. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
