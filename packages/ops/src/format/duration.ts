import { THIN_SPACE } from "./spaces.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `0.4 ms`, `61 ms`, `1.2 s`, `4 m 12 s`, `3 h 05 m`, `2 d 4 h`. Negative durations count as 0. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms === 0) return unit("0", "s");
  if (ms < 9.95) return unit(ms.toFixed(1), "ms");
  if (ms < 999.5) return unit(String(Math.round(ms)), "ms");
  if (ms < 59_950) return formatSeconds(ms);
  return formatLong(ms);
}

/** `2.9 s`, also below one second. For values that count down, because a change of the unit would make them jump. */
export function formatSeconds(durationMs: number): string {
  return durationMs < 59_950
    ? unit((Math.max(0, durationMs) / SECOND).toFixed(1), "s")
    : formatLong(durationMs);
}

/** `8 s`, `4 m 12 s`: without tenths, for what a person waits for. */
export function formatWholeSeconds(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / SECOND));
  return seconds < 60 ? unit(String(seconds), "s") : formatLong(durationMs);
}

function formatLong(ms: number): string {
  const seconds = Math.round(ms / SECOND);
  if (seconds * SECOND < HOUR) return pair(Math.floor(seconds / 60), "m", pad(seconds % 60), "s");
  const minutes = Math.round(ms / MINUTE);
  if (minutes * MINUTE < DAY) return pair(Math.floor(minutes / 60), "h", pad(minutes % 60), "m");
  const hours = Math.round(ms / HOUR);
  return pair(Math.floor(hours / 24), "d", String(hours % 24), "h");
}

function pair(large: number, largeUnit: string, small: string, smallUnit: string): string {
  return `${unit(String(large), largeUnit)}${THIN_SPACE}${unit(small, smallUnit)}`;
}

function unit(value: string, name: string): string {
  return `${value}${THIN_SPACE}${name}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
