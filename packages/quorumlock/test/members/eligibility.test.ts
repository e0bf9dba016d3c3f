import { describe, expect, test } from "vitest";
import {
  abstentionAt,
  ALWAYS,
  decideEligibility,
  type EligibilityPolicy,
  ineligibilityError,
  NOT_FORESEEABLE,
} from "../../src/members/eligibility.ts";
import {
  afterDisconnect,
  afterRefusal,
  afterReport,
  NO_FACTS,
  type ServerFacts,
} from "../../src/members/server-facts.ts";
import { Deadlines } from "../../src/base/deadlines.ts";
import { InstanceError } from "../../src/base/errors.ts";
import { Events } from "../../src/base/events.ts";
import { MemoryInstance } from "../../src/index.ts";
import { EligibilityTracker } from "../../src/members/eligibility-tracker.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import type { ServerReport } from "../../src/operations/identify.ts";

const GUARDED: EligibilityPolicy = {
  isStrict: false,
  windowMs: 10_000,
  driftFactor: 0.01,
  setProblem: undefined,
  recheckMs: 10_000,
};
const UNGUARDED: EligibilityPolicy = { ...GUARDED, windowMs: 0 };
const STRICT: EligibilityPolicy = { ...UNGUARDED, isStrict: true };
/** The window with the allowance for drift. */
const QUARANTINE_MS = 10_102;

function report(runId: string, uptimeMs: number, appendOnly = false): ServerReport {
  return {
    runId,
    uptimeMs,
    timeMs: 0,
    appendOnly,
    maxmemoryPolicy: "noeviction",
    maxmemory: 0,
    role: "master",
    mode: "standalone",
    replicationId: "",
    formerReplicationId: "",
    refusal: "",
    usedMemory: undefined,
    version: "",
    marker: `complete ${runId} - id first-use 1000`,
  };
}

function durable(facts: ServerFacts): ServerFacts {
  return { ...facts, durability: "durable" };
}

/** A server that has run for a long time when it is identified, at 100,000 ms. */
const known = afterReport(NO_FACTS, report("one", 50_000), 100_000, 100_000);
/** The same, known to write every change to disk. */
const knownDurable = durable(afterReport(NO_FACTS, report("one", 50_000, true), 100_000, 100_000));

function quarantined(kind: string): object {
  return { state: "quarantined", loss: { kind } };
}

describe("a server that is unidentified", () => {
  test.each([
    ["has no grant that counts with the restart guard", GUARDED, NOT_FORESEEABLE],
    ["has no grant that counts in strict mode", STRICT, NOT_FORESEEABLE],
    ["has no grant that counts without both", UNGUARDED, NOT_FORESEEABLE],
  ])("%s", (_, policy, eligibleAt) => {
    expect(decideEligibility(NO_FACTS, policy)).toEqual({ state: "unidentified", eligibleAt });
    expect(decideEligibility(afterDisconnect(known, 200_000), policy)).toEqual({
      state: "unidentified",
      eligibleAt,
    });
  });

  test("receives requests, because its identity may arrive before its grants", () => {
    expect(abstentionAt(decideEligibility(NO_FACTS, GUARDED), 0)).toBeUndefined();
  });
});

describe("a server that is identified", () => {
  test("is eligible if it started before the window", () => {
    expect(decideEligibility(known, GUARDED)).toEqual({ state: "eligible", eligibleAt: ALWAYS });
  });

  test("is quarantined until the window after its start is over", () => {
    const young = afterReport(NO_FACTS, report("one", 4_000), 100_000, 100_000);
    const eligibility = decideEligibility(young, GUARDED);
    expect(eligibility).toMatchObject({ state: "quarantined", eligibleAt: 96_000 + QUARANTINE_MS });
    expect(abstentionAt(eligibility, 106_101)).toMatchObject({ abstainsUntil: 106_102 });
    expect(abstentionAt(eligibility, 106_102)).toBeUndefined();
    expect(decideEligibility(young, UNGUARDED)).toMatchObject({ state: "eligible" });
  });

  test("is still compared if the quarantine ended after it was asked: older requests may be in flight", () => {
    const young = afterReport(NO_FACTS, report("one", 10_000), 100_000, 100_000);
    expect(decideEligibility(young, GUARDED)).toMatchObject({ state: "quarantined", eligibleAt: 100_102 });
    const later = afterReport(young, report("one", 10_102), 100_102, 100_102);
    expect(decideEligibility(later, GUARDED)).toMatchObject({ state: "eligible" });
  });

  test("is misconfigured in strict mode only, and that comes before a quarantine", () => {
    const evicting = {
      ...afterReport(NO_FACTS, report("one", 0), 1, 1),
      misconfigurations: new Map([["eviction", "x"]] as const),
    };
    expect(decideEligibility(evicting, { ...STRICT, windowMs: 10_000 })).toMatchObject({
      state: "misconfigured",
      eligibleAt: NOT_FORESEEABLE,
      problem: "x",
    });
    expect(decideEligibility(evicting, GUARDED)).toMatchObject({ state: "quarantined" });
  });

  test("has no error for a grant that counts", () => {
    expect(() => ineligibilityError(decideEligibility(known, GUARDED), 0)).toThrow(/^internal error: /);
  });
});

describe("after a new connection", () => {
  const lost = afterDisconnect(known, 110_000);
  const lostDurable = afterDisconnect(knownDurable, 110_000);

  test.each([
    ["the same process is eligible", report("one", 61_000), { state: "eligible" }],
    ["a process that started since then is quarantined", report("two", 500), quarantined("restarted")],
    ["a server that ran before is quarantined", report("two", 70_000), quarantined("replaced")],
  ])("%s", (_, next, expected) => {
    const eligibility = decideEligibility(afterReport(lost, next, 111_000, 111_000), GUARDED);
    expect(eligibility).toMatchObject(expected);
  });

  test("a durable server is eligible only if the process before it was durable as well", () => {
    for (const [before, state] of [
      [lostDurable, "eligible"],
      [lost, "quarantined"],
    ] as const) {
      const restarted = durable(afterReport(before, report("two", 500, true), 111_000, 111_000));
      expect(decideEligibility(restarted, GUARDED).state).toBe(state);
    }
  });

  test("a durable server that replaced the former one is quarantined", () => {
    const replaced = durable(afterReport(lostDurable, report("two", 70_000, true), 111_000, 111_000));
    expect(decideEligibility(replaced, GUARDED)).toMatchObject({ state: "quarantined" });
  });

  test("a durable server is quarantined if the process before it refused to report", () => {
    const refused = afterDisconnect(afterRefusal(NO_FACTS, new Error("NOPERM"), 100_000, 100_000), 110_000);
    const restarted = durable(afterReport(refused, report("two", 500, true), 111_000, 111_000));
    expect(decideEligibility(restarted, GUARDED)).toMatchObject({ state: "quarantined" });
  });

  test("a server that refuses to report counts as just started", () => {
    const refused = afterRefusal(lost, new Error("NOPERM"), 111_000, 111_000);
    const eligibility = decideEligibility(refused, GUARDED);
    expect(eligibility).toMatchObject({ state: "quarantined", eligibleAt: 111_000 + QUARANTINE_MS });
    expect(ineligibilityError(eligibility, 111_000).message).toMatch(/does not report its uptime \(NOPERM\)/);
  });
});

test("a server that carries out a step after it had refused one is no permanent obstacle any more", () => {
  const clock = new VirtualClock();
  const tracker = new EligibilityTracker(
    new MemoryInstance(),
    {
      clock,
      deadlines: new Deadlines(clock, { keepAlive: false }),
      events: new Events(),
      requestTimeoutMs: 100,
      policy: GUARDED,
      listener: { onEligible: () => undefined, warn: () => undefined } as never,
    },
    () => undefined,
    () => undefined,
  );
  tracker.onReport({ ...report("one", 50_000), marker: "" }, clock.monotonic());
  tracker.onFailure(new InstanceError("INSTANCE_REPLY", "NOPERM", { isPermanent: true }));
  expect(tracker.isRecoveryRefused).toBe(true);
  // A recovery of many counters takes long. Meanwhile a caller must not end its wait because of the old refusal.
  tracker.onMarker("", 0, clock.monotonic());
  expect(tracker.isRecoveryRefused).toBe(false);
});
