import { InvalidArgumentError } from "commander";

/** A parser for the value of an option: a whole number within bounds. Commander names the option and the value. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `It has to be a whole number from ${least} to ${most.toLocaleString("en-US")}.`,
    );
  };
}
