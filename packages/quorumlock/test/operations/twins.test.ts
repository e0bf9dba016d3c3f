import { expect, test } from "vitest";
import { MAX_FENCE, MAX_LINE_LENGTH, MAX_NOTES, MIN_STAY_MS } from "../../src/operations/limits.ts";
import { USED } from "./history-steps.ts";
import { type Ask, keyOf, mutexHistory, mutexLanguage } from "./mutex-history.ts";
import { plantedInScripts, plantedInTwins } from "./planted-differences.ts";
import { TwinComparison } from "./twin-comparison.ts";

const comparison = await TwinComparison.start({
  history: mutexHistory,
  language: mutexLanguage,
  observe(step, { replies, published }, count) {
    if (published.length > 0) count("published");
    if (step.kind !== "ask") return;
    step.asks.forEach(({ operation }, index) => {
      const [status, detail] = replies[index]!;
      count(`${step.asks.length === 1 ? "alone" : "together"} ${operation} ${String(status)}`);
      if (operation === "acquire" && status === 0 && detail === 0) count("the last millisecond");
      if (operation === "acquire" && status === 0 && detail === -1) count("no expiry");
      count("operation");
    });
    if (step.asks[0]?.names.length === 1) count("one name");
    else count("several names");
  },
});

/** Outcomes that the histories must come upon, each alone and together with others. */
const OUTCOMES = [
  "acquire 1",
  "acquire 0",
  "acquire -1",
  "extend 1",
  "extend 0",
  "extend -1",
  "commit 1",
  "commit 0",
  "release 1",
  "query 1",
  "observe 1",
  "observe 0",
  "renew 1",
  "renew 0",
  "identify 1",
  "read 1",
  "carry 1",
  "note 1",
  "unknown -1",
];
comparison.testHistories(
  new Map([
    ...OUTCOMES.flatMap((outcome) => [`alone ${outcome}`, `together ${outcome}`]).map(
      (what) => [what, 6] as const,
    ),
    ["no expiry", 6],
    ["published", 51],
    ["operation", 5_001],
  ]),
  { histories: 250 },
);

const acquire = (token: string, ttlMs: number): Ask => ({
  operation: "acquire",
  names: ["a"],
  token,
  ttlMs,
  ahead: 0,
  replaces: undefined,
  client: undefined,
});

test("a key still stands in its last millisecond, and is gone in the next", async () => {
  const observed = comparison.observed();
  for (const [afterMs, status] of [
    [0, 0],
    [1, 1],
  ] as const) {
    let reply: readonly unknown[] | undefined;
    // The moment is one millisecond long: who comes too late for it tries again.
    while (reply === undefined) {
      const pair = await comparison.pair(observed);
      await pair.take(USED);
      const granted = await pair.take({ kind: "ask", asks: [acquire("t1", 3)] });
      const { expiresAt } = granted.lua.state[keyOf("lock", "a")]!;
      await pair.take({ kind: "pass", afterMs });
      const { lua, twin, atMs } = await pair.take({ kind: "ask", asks: [acquire("t2", 3)] });
      expect(twin).toEqual(lua);
      if (atMs === expiresAt + afterMs) reply = lua.replies[0];
    }
    expect(reply[0]).toBe(status);
  }
});

test("the last of all fencing tokens is granted once, in company as alone", async () => {
  const pair = await comparison.pair();
  const value = String(MAX_FENCE - 1);
  await pair.take({ kind: "write", key: "fence", names: ["a"], type: "string", value, lastingMs: Infinity });
  const granted = await pair.take({ kind: "ask", asks: [acquire("t1", 100_000)] });
  expect(granted.lua.replies).toEqual([[1, MAX_FENCE]]);
  const release: Ask = { ...acquire("t1", 1), operation: "release" };
  for (const asks of [[release, acquire("t2", 1)], [acquire("t3", 1)]]) {
    const { lua, twin } = await pair.take({ kind: "ask", asks });
    expect(twin).toEqual(lua);
    expect(lua.replies.at(-1)![0]).toBe(-1);
  }
});

test("a line admits as many clients as its limit, and no more", async () => {
  const pair = await comparison.pair();
  await pair.take({ kind: "ask", asks: [acquire("t1", 100_000)] });
  for (let number = 0; number <= MAX_LINE_LENGTH; number++) {
    const client = `c${String(number).padStart(3, "0")}`;
    const { lua, twin } = await pair.take({ kind: "ask", asks: [{ ...acquire("t2", 1), client }] });
    expect(twin).toEqual(lua);
    const clients = lua.state[keyOf("wake", "a")]!.value.split(" ");
    expect(clients).toHaveLength(Math.min(number + 1, MAX_LINE_LENGTH));
  }
});

test("the notes of as many sets as their limit stay, and the oldest ones are dropped", async () => {
  const pair = await comparison.pair();
  const note = (number: number): Ask => ({ ...acquire(`t${number}`, 1_000_000), operation: "note" });
  for (let number = 0; number <= MAX_NOTES + 1; number++) {
    const { lua, twin } = await pair.take({ kind: "ask", asks: [note(number)] });
    expect(twin).toEqual(lua);
    const sets = lua.state[keyOf("notes", "a")]!.value.split("\n").map((line) => line.split(" ")[0]);
    const oldest = Math.max(0, number + 1 - MAX_NOTES);
    expect(sets).toEqual(Array.from({ length: number + 1 - oldest }, (_, index) => `1:t${oldest + index}`));
    expect(lua.replies[0]!.length).toBe(1 + 4 * Math.min(number, MAX_NOTES - 1));
  }
});

test("a line that replaces a key of another type does not inherit its expiry", async () => {
  const pair = await comparison.pair();
  await pair.take({ kind: "ask", asks: [acquire("t1", 100_000)] });
  await pair.take({
    kind: "write",
    key: "wake",
    names: ["a"],
    type: "hash",
    value: "v",
    lastingMs: 604_800_000,
  });
  const { lua, twin, atMs } = await pair.take({ kind: "ask", asks: [{ ...acquire("t2", 1), client: "c" }] });
  expect(twin).toEqual(lua);
  expect(lua.state[keyOf("wake", "a")]).toMatchObject({ value: "c", expiresAt: atMs + MIN_STAY_MS });
});

const FEW = { seed: 20_260, histories: 1_000 };
test("requests that take the server longer than a millisecond are compared in parts", async () => {
  const asks = Array.from({ length: 16 }, (): Ask => ({ ...acquire("t1", 100), operation: "identify" }));
  await comparison.compare([USED, { kind: "ask", asks }]);
});

comparison.testPlantedInTwins(plantedInTwins, FEW);
comparison.testPlanted(plantedInScripts, {
  ...FEW,
  seeds: {
    "fast: a run of releases that frees a lock twice": 11,
    "a commit on a server without memory": 15,
    "a renewal for another process that replies with the counter of the last name": 12,
  },
});
