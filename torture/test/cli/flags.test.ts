import { describe, expect, test } from "vitest";
import { FAULT_KINDS } from "../../src/faults/phases.ts";
import { commandOf, parseFlags } from "../../src/cli/flags.ts";

const parse = (...args: string[]): ReturnType<typeof parseFlags> => parseFlags(args, () => 7);

test("has a default for every flag", () => {
  expect(parse()).toEqual({
    servers: 3,
    processes: 4,
    seconds: 190,
    faults: FAULT_KINDS,
    mixed: true,
    seed: 7,
    restartGuard: true,
    out: undefined,
  });
});

test("parses every flag, and sorts the faults by phase", () => {
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
  "the command that repeats a run parses to the same flags: %j",
  (args) => {
    const flags = parse(...args);
    const [, line = ""] = commandOf(flags).split("npm run torture -- ");
    expect(parseFlags(line.split(" "), () => 8)).toEqual(flags);
  },
);

describe("rejects with the flag and the value:", () => {
  test.each([
    ["--servers", "4", '"4" must be 3 or 5'],
    ["--processes", "1", '"1" must be a whole number from 2 to 32'],
    ["--processes", "2.5", '"2.5" must be a whole number from 2 to 32'],
    ["--seconds", "0", '"0" must be a number of seconds above 0'],
    ["--seconds", "soon", '"soon" must be a number of seconds above 0'],
    ["--seed", "-1", '"-1" must be a whole number from 0 to'],
    ["--faults", "flood", '"flood" must be one of server-pause, '],
    ["--faults", "", '"" must be one of server-pause, '],
    ["--faults", "client-kill,client-kill", '"client-kill" must not be in the list twice'],
    ["--faults", "mixed", '"mixed" needs at least two other kinds'],
  ])("%s %j", (flag, value, message) => {
    expect(() => parse(flag, value)).toThrow(message);
    expect(() => parse(flag, value)).toThrow(flag);
  });

  test("an unknown flag and an argument", () => {
    expect(() => parse("--fast")).toThrow("--fast");
    expect(() => parse("fast")).toThrow("too many arguments");
  });
});
