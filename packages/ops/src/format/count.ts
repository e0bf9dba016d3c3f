import { THIN_SPACE } from "./spaces.ts";

const MILLION = 1_000_000;
const MEGABYTE = 1024 * 1024;

/** `312`, `41 200` with a thin space, `1.2 M` from a million. */
export function formatCount(value: number): string {
  if (Math.abs(value) >= MILLION) return `${(value / MILLION).toFixed(1)}${THIN_SPACE}M`;
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** `3` callers, `1` caller. */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** `214`, `6.1`, `0.3`: a rate or a mean. */
export function formatRate(value: number): string {
  if (value === 0) return "0";
  return value < 9.95 ? value.toFixed(1) : formatCount(value);
}

/** `99.2 %`. Below 100 % it never shows 100, because one failure must not disappear. */
export function formatPercent(share: number): string {
  if (share >= 1) return `100${THIN_SPACE}%`;
  const tenths = Math.floor(share * 1_000 + 1e-9) / 10;
  return `${tenths.toFixed(1)}${THIN_SPACE}%`;
}

/** `41 of 256 MB (16 %)`, or `41 MB, no limit`. */
export function formatMemory(usedBytes: number, limitBytes: number | undefined): string {
  const used = formatMegabytes(usedBytes);
  if (limitBytes === undefined) return `${used}${THIN_SPACE}MB, no limit`;
  const share = Math.round((usedBytes / limitBytes) * 100);
  return `${used} of ${formatMegabytes(limitBytes)}${THIN_SPACE}MB (${share}${THIN_SPACE}%)`;
}

function formatMegabytes(bytes: number): string {
  const megabytes = bytes / MEGABYTE;
  return megabytes < 9.95 ? megabytes.toFixed(1) : formatCount(megabytes);
}

/** The last 6 digits, which tell two fences apart: `…282561`. */
export function formatFence(fence: number): string {
  const digits = String(fence);
  return digits.length <= 6 ? digits : `…${digits.slice(-6)}`;
}
