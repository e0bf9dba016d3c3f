import { InvalidArgumentError } from "commander";
import { UNITS_MS } from "../format/units.ts";

/**
 * Makes a parser for a duration with a unit, such as `500ms`, `30s`, `5m`, `2h` or `1d`. Only 0 may stand alone. Commander adds the
 * option and the value to its error.
 * @returns milliseconds.
 */
export function parseDuration(minMs: number, maxMs: number): (text: string) => number {
  return (text) => {
    const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(text.trim()) ?? [];
    if (digits === "" || (unit !== "" && !UNITS_MS.has(unit)))
      throw new InvalidArgumentError("It must be a duration with a unit, such as 500ms, 30s, 5m or 2h.");
    const isZero = Number(digits) === 0;
    if (unit === "" && !isZero)
      throw new InvalidArgumentError(`${digits} has no unit; write ${digits}s or ${digits}ms.`);
    const ms = Math.round(Number(digits) * (UNITS_MS.get(unit) ?? 1));
    if (ms >= minMs && ms <= maxMs) return ms;
    throw new InvalidArgumentError(`It must be from ${spellMs(minMs)} to ${spellMs(maxMs)}.`);
  };
}

/** `500ms`, `30s`, `5m`: as it can be typed. */
export function spellMs(ms: number): string {
  const [unit, factor] = [...UNITS_MS].findLast(([, size]) => ms >= size && ms % size === 0) ?? ["", 1];
  return `${ms / factor}${unit}`;
}
