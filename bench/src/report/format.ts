import type { Ratio } from "../statistics.ts";

/** Texts of figures in tables. A figure that could not be measured is a dash. */

export function micros(milliseconds: number): string {
  return fixed(milliseconds * 1_000, 0);
}

export function millis(milliseconds: number): string {
  return fixed(milliseconds, milliseconds >= 10 ? 1 : 2);
}

export function whole(value: number): string {
  return fixed(value, 0);
}

export function decimal(value: number): string {
  return fixed(value, value >= 100 ? 0 : 1);
}

export function ratio(value: number): string {
  return fixed(value, 2);
}

/** The median of a ratio, and the range from p25 to p75. */
export function ratioCells(ratios: Ratio | undefined): readonly [string, string] {
  if (ratios === undefined || !Number.isFinite(ratios.median)) return ["", ""];
  return [ratio(ratios.median), `${ratio(ratios.p25)}–${ratio(ratios.p75)}`];
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}
