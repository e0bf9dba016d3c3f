const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY_AND_CLOCK = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const SHORT_CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY_MS = 24 * 60 * 60 * 1_000;

/** `14:03:26` in the zone of the viewer. With the day if it is more than a day away. */
export function formatClock(at: number, now: number): string {
  return (Math.abs(now - at) < DAY_MS ? CLOCK : DAY_AND_CLOCK).format(at);
}

/** `14:03`, for the axis of a chart. */
export function formatMinute(at: number): string {
  return SHORT_CLOCK.format(at);
}

/** `2026-11-27 14:03:26 UTC`, for the tooltip. */
export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
