import { InvalidArgumentError } from "commander";

/** Makes a parser for a whole number from `min` to `max`. Commander adds the option and the value to its error. */
export function parseWholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      `It must be a whole number from ${min} to ${max.toLocaleString("en-US")}.`,
    );
  };
}
