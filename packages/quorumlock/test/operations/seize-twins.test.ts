import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { MemoryStore } from "../../src/instances/memory-store.ts";
import { perform } from "../../src/operations/perform.ts";
import type { Reply, ReplyList } from "../../src/operations/request.ts";
import { lockInMode } from "../../src/operations/modes.ts";
import { formerIn, seizeKind } from "../../src/operations/seize.ts";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);
const { admin } = server!;
const client = new Redis(server!.server.port);
const instance = new IoredisInstance(client);
afterAll(() => client.disconnect());

const owner = { token: "thief", prefix: "lock:", fence: 0, isWithdrawn: false };
const seize = seizeKind.acquire(lockInMode(["a"], "X"), owner, 210_000, undefined);
const [LOCK = "", SHARED = "", FENCE = ""] = seize.keys;
/** The score of a reader is this, plus its deadline. */
const READER = 4e14;
/** All times are compared in whole units of this size, and are half a unit from the next one. */
const UNIT_MS = 60_000;
const unitsOf = (ms: number): number => Math.floor(ms / UNIT_MS);

interface State {
  readonly value?: string;
  readonly ttlMs?: number;
  readonly shared?: readonly string[];
  /** How long the readers in `shared` live. */
  readonly sharedMs?: number;
  readonly fence?: string;
}

/** Carries the request out on the server and on a store in memory, which begin with the same state. */
async function both(state: State): Promise<{ replies: readonly Reply[]; store: MemoryStore }> {
  const store = new MemoryStore(systemClock);
  await admin.flushall();
  const { value, ttlMs = 90_000, shared = [], sharedMs = 90_000, fence } = state;
  const score = READER + Date.now() + sharedMs;
  if (value !== undefined) {
    store.set(LOCK, value, ttlMs);
    await (ttlMs === Infinity ? admin.set(LOCK, value) : admin.set(LOCK, value, "PX", ttlMs));
  }
  for (const token of shared) store.addMember(SHARED, token, score);
  if (shared.length > 0) await admin.zadd(SHARED, ...shared.flatMap((token) => [score, token]));
  if (fence !== undefined) {
    store.set(FENCE, fence, Infinity);
    await admin.set(FENCE, fence);
  }
  const [reply] = await instance.run([seize]);
  return { replies: [reply as Reply, perform(store, seize)], store };
}

/** What is stored before, the fencing token, the former holders with what they had left, and what the key has left afterwards, in units. */
const CASES: readonly (readonly [
  what: string,
  state: State,
  fence: number,
  former: readonly [tokens: readonly string[], left: number],
  left: number,
])[] = [
  ["a free name", {}, 8, [[], 0], 3],
  ["a writer", { value: "writer" }, 8, [["writer"], 1], 3],
  ["a writer without an expiry", { value: "writer", ttlMs: Infinity }, 8, [["writer"], 0], 3],
  ["a writer with more time", { value: "writer", ttlMs: 570_000 }, 8, [["writer"], 9], 9],
  ["one reader", { value: "~s S reader" }, 8, [["reader"], 1], 3],
  ["readers", { value: "~s", shared: ["one", "two"] }, 8, [["two", "one"], 1], 3],
  [
    "readers with more time than their gate",
    { value: "~s", shared: ["one"], sharedMs: 570_000 },
    8,
    [["one"], 9],
    9,
  ],
  ["readers without a gate", { shared: ["one", "two"] }, 8, [["two", "one"], 1], 3],
  ["what dead readers left", { shared: ["one"], sharedMs: -10_000 }, 8, [[], 0], 3],
  ["a value of another program", { value: "~please" }, 8, [["~please"], 1], 3],
  ["its own token again", { value: "thief" }, 7, [[], 1], 3],
  ["its own token with more time", { value: "thief", ttlMs: 570_000 }, 7, [[], 9], 9],
  ["its own token without an expiry", { value: "thief", ttlMs: Infinity }, 7, [[], 0], -1],
];

test.each(CASES)("%s is seized: Lua and its twin do the same", async (_, state, fence, former, left) => {
  const { replies, store } = await both({ fence: "7", ...state });
  for (const reply of replies as readonly ReplyList[]) {
    expect(reply.slice(0, 2)).toEqual([1, fence]);
    const { tokens, leftMs } = formerIn(reply)!;
    expect([tokens, unitsOf(leftMs)]).toEqual(former);
  }
  expect([await admin.get(LOCK), store.get(LOCK)]).toEqual(["thief", "thief"]);
  expect([await admin.pttl(LOCK), store.remaining(LOCK)].map(unitsOf)).toEqual([left, left]);
  expect([await admin.exists(SHARED), store.members(SHARED)]).toEqual([0, []]);
  expect([await admin.get(FENCE), store.get(FENCE)]).toEqual([String(fence), String(fence)]);
});

test("more readers than Lua can unpack are seized", async () => {
  const { replies } = await both({
    fence: "7",
    value: "~s",
    shared: Array.from({ length: 9_000 }, (_, i) => `r${i}`),
  });
  for (const reply of replies) expect(reply).toHaveLength(9_003);
});

test.each([
  ["permits", { value: "~p 1", fence: "7" }, "OTHERKIND"],
  ["permits that are not listed", { value: "~p", fence: "7" }, "OTHERKIND"],
  ["a counter of another program", { value: "writer", fence: "text" }, "cannot be counted up"],
  ["a server without its memory", { value: "writer" }, "has lost its memory"],
])("%s: nothing is changed", async (_, state, message) => {
  const { replies, store } = await both(state);
  for (const reply of replies) expect(reply).toEqual([-1, expect.stringContaining(message)]);
  expect([await admin.get(LOCK), store.get(LOCK)]).toEqual([state.value, state.value]);
});
