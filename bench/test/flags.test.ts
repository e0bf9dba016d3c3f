import { describe, expect, test } from "vitest";
import { parseFlags } from "../src/flags.ts";
import { scenarios } from "../src/scenarios/index.ts";

test("has a default for every flag", () => {
  expect(parseFlags([])).toEqual({
    scenario: scenarios,
    concurrency: [16, 128, 1_024],
    names: ["new"],
    warm: ["warm", "cool"],
    quick: false,
    docs: false,
  });
});

test("reads every flag", () => {
  const flags = parseFlags([
    "--scenario",
    "hand-over",
    "--servers",
    "3, 5",
    "--seconds",
    "0.5",
    "--concurrency",
    "1,10000",
    "--contenders",
    "quorumlock,redlock 4",
    "--names",
    "same",
    "--names",
    "new",
    "--warm",
    "cool",
    "--pin",
    "two",
    "--quick",
    "--docs",
    "--out",
    "here",
  ]);
  expect(flags.scenario.map(({ name }) => name)).toEqual(["hand-over"]);
  expect(flags.contenders?.map(({ name }) => name)).toEqual([
    "quorumlock (ioredis)",
    "quorumlock (node-redis)",
    "quorumlock fair (ioredis)",
    "quorumlock write (ioredis)",
    "quorumlock read (ioredis)",
    "quorumlock tree of depth 3 (ioredis)",
    "quorumlock permit (ioredis)",
    "quorumlock tenant (ioredis)",
    "quorumlock read/write (ioredis)",
    "redlock 4",
    "redlock 4, tuned",
  ]);
  expect(flags).toMatchObject({
    servers: [3, 5],
    seconds: 0.5,
    concurrency: [1, 10_000],
    pin: "two",
    names: ["new", "same"],
    warm: ["cool"],
    quick: true,
    docs: true,
    out: "here",
  });
});

test("all stands for every kind", () => {
  const { names, warm } = parseFlags(["--names", "all", "--warm", "all"]);
  expect({ names, warm }).toEqual({ names: ["new", "same"], warm: ["warm", "cool"] });
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
    [
      "--scenario",
      "sprint",
      '"sprint" is none of uncontended, throughput, hand-over, processes, fair, queue, hung-server, killed-servers, stops, takeover, memory',
    ],
    ["--concurrency", "10001", '"10001" is not a whole number from 1 to 10000'],
    [
      "--contenders",
      "zookeeper",
      '"zookeeper" is in none of bare ioredis, bare ioredis, auto-pipelining, bare node-redis',
    ],
    ["--contenders", "", '"" is in none of'],
    ["--pin", "three", "one, two, none"],
    ["--names", "old", '"old" is none of new, same, all'],
    ["--warm", "hot", '"hot" is none of warm, cool, all'],
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
