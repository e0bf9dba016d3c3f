import { describe, expect, test } from "vitest";
import { parseFlags } from "../src/flags.ts";
import { scenarios } from "../src/scenarios/index.ts";

test("has a default for every flag", () => {
  expect(parseFlags([])).toEqual({ scenario: scenarios, servers: [1, 3, 5], seconds: 8 });
});

test("takes what is given", () => {
  const flags = parseFlags([
    "--scenario",
    "hand-over",
    "--servers",
    "3, 5",
    "--seconds",
    "0.5",
    "--out",
    "here",
  ]);
  expect(flags.scenario.map(({ name }) => name)).toEqual(["hand-over"]);
  expect(flags).toMatchObject({ servers: [3, 5], seconds: 0.5, out: "here" });
});

describe("refuses, naming flag and value", () => {
  test.each([
    ["--servers", "0", '"0" is not a whole number from 1 to 15'],
    ["--servers", "1,x", '"x" is not a whole number from 1 to 15'],
    ["--servers", "1.5", '"1.5" is not a whole number from 1 to 15'],
    ["--servers", "16", '"16" is not a whole number from 1 to 15'],
    ["--servers", "", '"" is not a whole number from 1 to 15'],
    ["--servers", "3,3", '"3" is in the list twice'],
    ["--seconds", "0", '"0" is not a number of seconds above 0, up to 600'],
    ["--seconds", "soon", '"soon" is not a number of seconds above 0, up to 600'],
    ["--seconds", "601", '"601" is not a number of seconds above 0, up to 600'],
    ["--scenario", "sprint", '"sprint" is none of uncontended, hand-over'],
    ["--scenario", "hand-over,hand-over", '"hand-over" is in the list twice'],
  ])("%s %j", (flag, value, message) => {
    expect(() => parseFlags([flag, value])).toThrow(message);
    expect(() => parseFlags([flag, value])).toThrow(flag);
  });

  test("an unknown flag and an argument", () => {
    expect(() => parseFlags(["--fast"])).toThrow("--fast");
    expect(() => parseFlags(["fast"])).toThrow("too many arguments");
  });
});
