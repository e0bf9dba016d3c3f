import { describe, expect, test } from "vitest";
import { Deadlines } from "../../src/base/deadlines.ts";
import { InstanceError } from "../../src/base/errors.ts";
import {
  type CounterValues,
  largest,
  raiseCounters,
  readCountersOf,
  roundedUp,
} from "../../src/members/counters.ts";
import type { Member } from "../../src/members/member.ts";
import type { ServerMemory } from "../../src/members/server-memory.ts";
import { FENCE_GRAIN_US } from "../../src/operations/limits.ts";
import { type Reply, type Request, YES } from "../../src/operations/request.ts";
import { fenceKey, sizesKey } from "../support/lock-keys.ts";
import { rejection } from "../support/timing.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const COMPLETE: ServerMemory & { state: "complete" } = {
  state: "complete",
  marker: "complete run - id first-use 1",
  since: 0,
  floor: 1,
};

/** A member with one counter. `onRequest` is called before each reply. */
class CountingMember {
  readonly index = 0;
  readonly isClosed = false;
  readonly label = "m0";
  readonly instance = { isCluster: false };
  memory: ServerMemory | undefined = COMPLETE;
  marker: string = COMPLETE.marker;
  requests = 0;
  onRequest: ((member: CountingMember) => void) | undefined;

  send({ operation, keys }: Request, handler: { onReply(member: number, reply: Reply): void }): boolean {
    this.requests += 1;
    this.onRequest?.(this);
    const fences = keys.filter((_, at) => at % 2 === 0);
    const place = fences.indexOf(fenceKey("x"));
    const values = fences.map((_, at) => (at === place ? "7" : ""));
    const sizes = place < 0 ? [] : [place + 1, "lock:x", "5", 3];
    handler.onReply(
      0,
      operation.name === "counters.read" ? [YES, ...values, ...sizes] : [YES, this.marker, "0"],
    );
    return true;
  }
}

function read(member: CountingMember): Promise<CounterValues> {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock, { keepAlive: false });
  const context = { clock, deadlines, prefix: "lock:", requestTimeoutMs: 100 };
  return readCountersOf(member as unknown as Member, context);
}

describe("the counters of a member", () => {
  test("are read in parts, each slot once", async () => {
    const member = new CountingMember();
    const keys = { fence: fenceKey("x"), sizes: sizesKey("x") };
    const sizes = new Map([["lock:x", { stamp: 5, total: 3 }]]);
    expect([...(await read(member))]).toEqual([[keys.fence, { keys, fence: 7, sizes }]]);
    expect(member.requests).toBe(16_384 / 256 + 1);
  });

  test.each([
    ["restarts", (member: CountingMember) => (member.memory = { ...COMPLETE, since: 1 })],
    ["is lost", (member: CountingMember) => (member.memory = undefined)],
    ["loses all data, which only its marker shows", (member: CountingMember) => (member.marker = "")],
    [
      "is recovered meanwhile",
      (member: CountingMember) => (member.marker = "complete run - other instances 1"),
    ],
  ])("do not count if it %s between any two parts", async (_, lose) => {
    for (const at of [2, 30, 64, 65]) {
      const member = new CountingMember();
      member.onRequest = ({ requests }) => void (requests === at && lose(member));
      expect(String(await rejection(read(member)))).toMatch(/it lost its own fencing counters meanwhile/);
    }
  });

  test("are not read if they are not complete", async () => {
    for (const memory of [undefined, { state: "lost", marker: "lost 1" } as const]) {
      const member = new CountingMember();
      member.memory = memory;
      expect(String(await rejection(read(member)))).toMatch(/its own fencing counters are not complete/);
      // A member without an identity is asked for it again.
      expect(member.requests).toBe(memory === undefined ? 1 : 0);
    }
  });
});

/** Values of counters, each with a size of the semaphore "pool" that has this stamp; 0 for none. */
function valuesOf(
  counters: Readonly<Record<string, readonly [fence: number, stamp: number]>>,
): CounterValues {
  return new Map(
    Object.entries(counters).map(([key, [fence, stamp]]) => {
      const sizes = new Map(stamp === 0 ? [] : [["pool", { stamp, total: 10 * stamp }]]);
      return [key, { keys: { fence: key, sizes: `${key} sizes` }, fence, sizes }];
    }),
  );
}

test("the largest value of each counter, and the latest size, do not depend on the order of the members", () => {
  const [one, two, three] = [
    valuesOf({ a: [3, 4], b: [1, 0], d: [0, 2] }),
    valuesOf({ a: [5, 1], d: [2, 0] }),
    valuesOf({ a: [4, 2], b: [2, 0], c: [9, 1] }),
  ] as const;
  const expected = valuesOf({ a: [5, 4], b: [2, 0], c: [9, 1], d: [2, 2] });
  for (const order of [
    [one, two, three],
    [three, one, two],
    [two, three, one],
  ])
    expect(largest(order)).toEqual(expected);
});

test("counters are rounded up to the grain, and those that are missing stay missing", () => {
  const values = valuesOf({ a: [FENCE_GRAIN_US, 0], b: [FENCE_GRAIN_US + 1, 0], c: [0, 5] });
  expect(roundedUp(values)).toEqual(
    valuesOf({ a: [FENCE_GRAIN_US, 0], b: [2 * FENCE_GRAIN_US, 0], c: [0, 5] }),
  );
});

test.each(["INSTANCE_UNAVAILABLE", "INSTANCE_TIMEOUT"] as const)(
  "a part that could not be sent is sent again: %s",
  async (code) => {
    const clock = new VirtualClock();
    let sends = 0;
    const member = {
      index: 0,
      label: "m0",
      isClosed: false,
      instance: { isCluster: false },
      send(_: Request, handler: { onReply(index: number, reply: unknown): void }): boolean {
        sends += 1;
        if (sends === 1) handler.onReply(0, new InstanceError(code, "an earlier request had no answer"));
        else queueMicrotask(() => handler.onReply(0, 1));
        return sends > 1;
      },
    };
    const context = {
      clock,
      deadlines: new Deadlines(clock, { keepAlive: false }),
      prefix: "lock:",
      requestTimeoutMs: 500,
    };
    const raised = raiseCounters(member as unknown as Member, valuesOf({ k: [5, 0] }), context);
    await clock.advance(2_000);
    await raised;
    expect(sends).toBe(2);
  },
);
