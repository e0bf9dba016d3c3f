import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { testServers } from "../support/server-access.ts";
import { ObservedServer } from "./observed-server.ts";
import { plant } from "./planted-differences.ts";
import { slotsHistory, slotsLanguage, type SlotsStep } from "./slots-history.ts";
import { TwinPair } from "./twin-pair.ts";

const [server] = await testServers(1);
const { admin } = server!;
const listener = new Redis(server!.server.port);
await listener.psubscribe("*");
afterAll(() => listener.disconnect());

const seen = new Map<string, number>();

function count(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

/** Runs a history on both sides; throws where they differ. */
async function compare(observed: ObservedServer, history: readonly SlotsStep[]): Promise<void> {
  await observed.clear();
  const pair = new TwinPair(observed, undefined, slotsLanguage);
  for (const step of history) {
    const { lua, twin } = await pair.take(step);
    expect(twin.replies).toEqual(lua.replies);
    expect(twin.state).toEqual(lua.state);
    expect(twin.published).toEqual(lua.published);
    for (const message of lua.published) if (message.includes(":")) count("published");
    if (step.kind !== "ask") continue;
    step.asks.forEach(({ operation }, index) => {
      const [status, detail, third] = lua.replies[index]!;
      const isNone = operation === "release" && detail === 0;
      count(`${operation} ${isNone ? "none" : String(status)}`);
      if (operation === "acquire" && status === 0 && third === "") count("kept out by the line");
      if (operation === "acquire" && status === 1 && String(third).length > 1) count("several slots");
      if (status === -1) count(String(detail).split(" ")[0]!);
    });
  }
}

const LEAST = new Map([
  ...["acquire 1", "acquire 0", "settle 1", "settle 0", "extend 1", "extend 0", "take over 1"].map(
    (what) => [what, 20] as const,
  ),
  ...[
    "commit 0",
    "commit 1",
    "release 1",
    "release none",
    "leave 1",
    "count 1",
    "resize 1",
    "read 1",
    "carry 1",
    "restore 1",
  ].map((what) => [what, 20] as const),
  ...["OTHERKIND", "TOOMANY", "NOMARKER", "WRONGTYPE"].map((what) => [what, 5] as const),
  ["published", 20],
  ["kept out by the line", 3],
  ["several slots", 20],
]);
const HISTORIES = 200;
const MAX_PORTIONS = 4;

function missing(): readonly string[] {
  return [...LEAST].filter(([what, least]) => (seen.get(what) ?? 0) < least).map(([what]) => what);
}

test(
  "Lua and its twins reply alike and leave alike what they leave, whatever the history",
  { timeout: 240_000 },
  async () => {
    const observed = new ObservedServer(admin, listener);
    for (let portion = 1; portion === 1 || (missing().length > 0 && portion <= MAX_PORTIONS); portion += 1) {
      await fc.assert(
        fc.asyncProperty(slotsHistory, (history) => compare(observed, history)),
        { numRuns: HISTORIES, endOnFailure: true },
      );
    }
    console.log(Object.fromEntries(seen));
    expect(missing()).toEqual([]);
  },
);

/** Bugs in the script that the comparison must find. */
const planted = plant({
  "permits of the dead that stay taken": ["for _, token in ipairs(dead) do forget(keys, token) end", ""],
  "a grant without a gate": ["redis.call('SET', keys[1], PERMIT_HOLDERS, 'PX', left)", ""],
  "a gate that is older than the latest permit": [
    "local is_last = latest ==",
    "local is_last = false and latest ==",
  ],
  "a release that deletes the gate while others hold": [
    "if not latest then redis.call('DEL', keys[1])",
    "if latest then redis.call('DEL', keys[1])",
  ],
  "permits beside a plain lock": [
    "if gate and gate ~= PERMIT_HOLDERS then return gate",
    "if false then return gate",
  ],
  "a repeated acquire that shortens": [
    "if before < deadline then redis.call('ZADD'",
    "if true then redis.call('ZADD'",
  ],
  "a map that forgets a taken slot": ["write_slots(keys, slots, TAKEN)", "write_slots(keys, slots, FREE)"],
  "a settling that keeps the old slots": ["local _, before = forget(keys, own[i])", "local before = false"],
  "an extension that takes what others hold": ["if not are_free(view, slots) then", "if false then"],
  "an extension that keeps strays": ["local _, last = forget(keys, each)", "local last = false"],
  "a counter that starts again": ["largest_counter(keys, chosen, base) + 1", "base + 1"],
  "a counter of another marker": [
    "~= id then redis.call('SET', keys[6]",
    "== '' then redis.call('SET', keys[6]",
  ],
  "a counter below what its hash slot was raised to": [
    "local largest = base - base % FENCE_GRAIN_US",
    "local largest = 0",
  ],
  "a size that is older": ["if stamp > (known or 0) then", "if stamp > 0 then"],
  "a size that is not written again": ["elseif known and used + DAY_MS < now then", "elseif false then"],
  "a size that nobody used for days": ["if stamp and tonumber(used) + KEEP_MS + DAY_MS >= now", "if stamp"],
  "old sizes that stay": ["if not parse_size(all[i + 1], now) then", "if all[i] == '' then"],
  "a size that is carried although a newer one is there": [
    "if stamp > (read_size(key, lock, now) or 0) then write_size",
    "if stamp > 0 then write_size",
  ],
  "a resize on a server without its memory": [
    "if not read_fence(keys[2]) then first_fence(keys[2]) end\n  return",
    "return",
  ],
  "a slot that the size excludes": ["last = math.min(last, total - 1)", "last = math.min(last, total)"],
  "a commit of slots that it does not hold": [
    "if redis.call('HGET', keys[4], args[1]) ~= slots then",
    "if not redis.call('HGET', keys[4], args[1]) then",
  ],
  "a line that keeps nobody out": ["return free < n\n", "return false\n"],
  "waiters that are named although nothing is free": ["return free >= 0\n", "return true\n"],
  "a release that names no slots": [
    "choose(map, tonumber(entry[3]), total, freed",
    "choose(map, tonumber(entry[3]), total, ''",
  ],
});

const UNEQUAL = /^AssertionError: .* to deeply equal /;

test.each(Object.entries(planted))("the comparison finds in the script: %s", async (_, bug) => {
  const observed = new ObservedServer(admin, listener, bug);
  const property = fc.asyncProperty(slotsHistory, (history) => compare(observed, history));
  const { failed, errorInstance } = await fc.check(property, { seed: 7, numRuns: 2_000, endOnFailure: true });
  expect(failed ? String(errorInstance) : "none").toMatch(UNEQUAL);
});
