import { describe, expect, test } from "vitest";
import { makePlan } from "../../src/plan/make-plan.ts";
import { PROFILES, type ProfileName } from "../../src/plan/profiles.ts";
import { parsePlan } from "../../src/plan/parse-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";

test.each(Object.keys(PROFILES) as ProfileName[])("reads a plan that was written as JSON: %s", (profile) => {
  for (let seed = 0; seed < 20; seed++) {
    const plan = makePlan(seed, profile);
    expect(parsePlan(JSON.stringify(plan), "a file")).toEqual(plan);
  }
});

test("reads an older file, in which a step has at most one extension", () => {
  const plan = makePlan(3, "processes");
  const [client] = plan.clients;
  const step = { ...client!.workers[0]![0]!, extendToMs: 700 };
  const older = { ...plan, clients: [{ ...client, workers: [[step]] }], faults: [] };
  expect(parsePlan(JSON.stringify(older), "a file").clients[0]!.workers).toEqual([
    [{ ...step, extendToMs: [700] }],
  ]);
});

describe("rejects a bad plan with the field and its value", () => {
  const plan = makePlan(3, "processes");
  const withStep = (change: object): unknown => ({
    ...plan,
    faults: [],
    clients: [{ ...plan.clients[0], workers: [[{ ...plan.clients[0]!.workers[0]![0], ...change }]] }],
  });
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["not an object", [], "a file: the plan must be an object, not []"],
    ["an unknown format", { ...plan, format: 2 }, "a file: format must be 1, not 2"],
    ["no seed", { ...plan, seed: undefined }, "a file: seed must be a number, not missing"],
    [
      "unknown promises",
      { ...plan, promises: "none" },
      'a file: promises must be one of all, fences, cleanup, not "none"',
    ],
    ["clients that are not a list", { ...plan, clients: {} }, "a file: clients must be a list, not {}"],
    [
      "a member that does not exist",
      { ...plan, clients: [{ ...plan.clients[0], members: [9] }] },
      `a file: clients[0].members[0] must be a whole number from 0 to ${plan.servers.length - 1}, not 9`,
    ],
    [
      "an unknown fault",
      { ...plan, faults: [{ at: 1, kind: "flood" }] },
      'a file: faults[0].kind must be one of slow, cut, wake-cut, partition, hang, restart, save, restore, fail-over, flush, pause, sleep, stall, await-stall, crash, close, client-clock, server-clock, evict, flush-scripts, refuse, not "flood"',
    ],
    [
      "a fault of a client that does not exist",
      { ...plan, faults: [{ at: 1, kind: "pause", client: 7, forMs: 1 }] },
      `a file: faults[0].client must be a whole number from 0 to ${plan.clients.length - 1}, not 7`,
    ],
    [
      "a fault without a duration",
      { ...plan, faults: [{ at: 1, kind: "pause", client: 0 }] },
      "a file: faults[0].forMs must be a number, not missing",
    ],
    [
      "a duration that is not a number",
      { ...plan, faults: [{ at: 1, kind: "pause", client: 0, forMs: "abc" }] },
      'a file: faults[0].forMs must be a number, not "abc"',
    ],
    [
      "a fault before the start",
      { ...plan, faults: [{ at: -1, kind: "pause", client: 0, forMs: 1 }] },
      "a file: faults[0].at must be at least 0, not -1",
    ],
    [
      "a clock that stands still",
      { ...plan, servers: [{ ...plan.servers[0], rate: 0 }] },
      "a file: servers[0].rate must be at least 0.1, not 0",
    ],
    ["an empty list of clients", { ...plan, clients: [] }, "a file: clients must not be empty, not []"],
    [
      "a change to no servers",
      { ...plan, changes: { at: 1, joint: true, steps: [{ to: [] }] } },
      "a file: changes.steps[0].to must not be empty, not []",
    ],
    [
      "a wait that is not a number",
      {
        ...plan,
        clients: [{ ...plan.clients[0], workers: [[{ ...plan.clients[0]!.workers[0]![0], waitMs: "x" }]] }],
      },
      'a file: clients[0].workers[0][0].waitMs must be a number, not "x"',
    ],
    [
      "an extension that is not a number",
      withStep({ extendToMs: [500, "x"] }),
      'a file: clients[0].workers[0][0].extendToMs.1 must be a number, not "x"',
    ],
    [
      "a lock that passes to a client that does not exist",
      withStep({ passTo: { client: 9, afterMs: 1 } }),
      "a file: clients[0].workers[0][0].passTo.client must be a whole number from 0 to 0, not 9",
    ],
    [
      "a ttl that is too short",
      {
        ...plan,
        clients: [{ ...plan.clients[0], workers: [[{ ...plan.clients[0]!.workers[0]![0], ttlMs: 1 }]] }],
      },
      "a file: clients[0].workers[0][0].ttlMs must be at least 3, not 1",
    ],
  ];
  test.each(cases)("%s", (_, value, message) => {
    expect(() => parsePlan(JSON.stringify(value as Plan), "a file")).toThrow(message);
  });

  test("not JSON", () => {
    expect(() => parsePlan("{", "a file")).toThrow(/^a file is not JSON: /);
  });
});
