import { describe, expect, test } from "vitest";
import { FAULT_KINDS } from "../src/faults/kinds.ts";
import { commandOf, parseFlags } from "../src/flags.ts";

const parse = (...args: string[]): ReturnType<typeof parseFlags> => parseFlags(args, () => 7);

test("has a default for every flag", () => {
  expect(parse()).toEqual({
    servers: 3,
    processes: 4,
    seconds: 170,
    faults: FAULT_KINDS,
    mixed: true,
    seed: 7,
    restartGuard: true,
    out: undefined,
  });
});

test("takes what is given, faults in the order of their phases", () => {
  const line =
    "--servers 5 --processes 8 --seconds 0.5 --seed 0 --out a.json --faults client-kill,server-pause --no-restart-guard";
  const flags = parse(...line.split(" "));
  expect(flags).toEqual({
    servers: 5,
    processes: 8,
    seconds: 0.5,
    faults: ["server-pause", "client-kill"],
    mixed: false,
    seed: 0,
    restartGuard: false,
    out: "a.json",
  });
});

test.each([[[]], [["--faults", "client-kill,mixed,restart-aof", "--no-restart-guard", "--servers", "5"]]])(
  "the command that repeats a run means the same run: %j",
  (args) => {
    const flags = parse(...args);
    const [, line = ""] = commandOf(flags).split("npm run torture -- ");
    expect(parseFlags(line.split(" "), () => 8)).toEqual(flags);
  },
);

describe("refuses, naming flag and value", () => {
  test.each([
    ["--servers", "4", '"4" is neither 3 nor 5'],
    ["--processes", "1", '"1" is not a whole number from 2 to 32'],
    ["--processes", "2.5", '"2.5" is not a whole number from 2 to 32'],
    ["--seconds", "0", '"0" is not a number of seconds above 0'],
    ["--seconds", "soon", '"soon" is not a number of seconds above 0'],
    ["--seed", "-1", '"-1" is not a whole number from 0 to'],
    ["--faults", "flood", '"flood" is none of server-pause, '],
    ["--faults", "", '"" is none of server-pause, '],
    ["--faults", "client-kill,client-kill", '"client-kill" is in the list twice'],
    ["--faults", "mixed", '"mixed" alone has nothing to mix'],
  ])("%s %j", (flag, value, message) => {
    expect(() => parse(flag, value)).toThrow(message);
    expect(() => parse(flag, value)).toThrow(flag);
  });

  test("an unknown flag and an argument", () => {
    expect(() => parse("--fast")).toThrow("--fast");
    expect(() => parse("fast")).toThrow("too many arguments");
  });
});
