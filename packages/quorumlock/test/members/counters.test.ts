import { describe, expect, test } from "vitest";
import { Deadlines } from "../../src/base/deadlines.ts";
import { InstanceError } from "../../src/base/errors.ts";
import { type CounterValues, largest, raiseCounters, readCountersOf } from "../../src/members/counters.ts";
import type { Member } from "../../src/members/member.ts";
import type { ServerMemory } from "../../src/members/server-memory.ts";
import { type Reply, type Request, YES } from "../../src/operations/request.ts";
import { fenceKey } from "../support/lock-keys.ts";
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
    const values = keys.map((key) => (key === fenceKey("x") ? "7" : ""));
    handler.onReply(0, operation.name === "counters.read" ? [YES, ...values] : [YES, this.marker, "0"]);
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
    expect([...(await read(member))]).toEqual([[fenceKey("x"), 7]]);
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

test("the largest value of each counter does not depend on the order of the members", () => {
  const [one, two, three] = [
    new Map([
      ["a", 3],
      ["b", 1],
    ]),
    new Map([["a", 5]]),
    new Map([
      ["a", 4],
      ["b", 2],
      ["c", 9],
    ]),
  ] as const;
  const expected = new Map([
    ["a", 5],
    ["b", 2],
    ["c", 9],
  ]);
  for (const order of [
    [one, two, three],
    [three, one, two],
    [two, three, one],
  ])
    expect(largest(order)).toEqual(expected);
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
    const raised = raiseCounters(member as unknown as Member, new Map([["k", 5]]), context);
    await clock.advance(2_000);
    await raised;
    expect(sends).toBe(2);
  },
);
