/** Texts of figures in tables. What could not be measured is a dash. */

export function micros(milliseconds: number): string {
  return fixed(milliseconds * 1_000, 0);
}

export function millis(milliseconds: number): string {
  return fixed(milliseconds, 2);
}

export function ratio(value: number): string {
  return fixed(value, 2);
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}
