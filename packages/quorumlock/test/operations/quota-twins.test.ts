import { Redis } from "ioredis";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { testServers } from "../support/server-access.ts";
import { ObservedServer } from "./observed-server.ts";
import { plant } from "./planted-differences.ts";
import { quotaHistory, quotaLanguage, type QuotaStep } from "./quota-history.ts";
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
async function compare(observed: ObservedServer, history: readonly QuotaStep[]): Promise<void> {
  await observed.clear();
  const pair = new TwinPair(observed, undefined, quotaLanguage);
  for (const step of history) {
    const { lua, twin } = await pair.take(step);
    expect(twin.replies).toEqual(lua.replies);
    expect(twin.state).toEqual(lua.state);
    expect(twin.published).toEqual(lua.published);
    if (step.kind !== "ask") continue;
    step.asks.forEach(({ operation, lock }, index) => {
      const [status, , , , , part] = lua.replies[index]!;
      count(`${operation} ${String(status)}`);
      if (operation === "acquire" && status === 1) count(`${lock} granted`);
      if (operation === "acquire" && status === 0)
        count(part === 1 ? "the limit refused" : "the lock refused");
    });
  }
}

const LEAST = new Map([
  ...["acquire 1", "acquire 0", "settle 1", "settle 0", "extend 1", "extend 0", "take over 1"].map(
    (what) => [what, 20] as const,
  ),
  ...["commit 0", "commit 1", "convert 0", "convert 1", "release 1", "leave 1", "renew 0", "renew 1"].map(
    (what) => [what, 20] as const,
  ),
  ...["X granted", "S granted", "both granted", "permits granted"].map((what) => [what, 20] as const),
  ["the limit refused", 20],
  ["the lock refused", 20],
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
        fc.asyncProperty(quotaHistory, (history) => compare(observed, history)),
        { numRuns: HISTORIES, endOnFailure: true },
      );
    }
    console.log(Object.fromEntries(seen));
    expect(missing()).toEqual([]);
  },
);

/** Bugs in the script that the comparison must find. */
const planted = plant({
  "a permit that is kept although the lock was refused": [
    "if not is_repeated then give_back(",
    "if false then give_back(",
  ],
  "a permit that a repeated request gives back": [
    "if not is_repeated then give_back(",
    "if true then give_back(",
  ],
  "a permit that is kept because its token had one that is over": [
    "return (own_deadline or 0) >= now, permits",
    "return own_deadline, permits",
  ],
  "a refused conversion that loses its permit": [
    "for i = first, #args do\nlocal slots, deadline = find_holder(keys, state, args[i])\nif slots and deadline > now",
    "for i = first, 0 do\nlocal slots, deadline = find_holder(keys, state, args[i])\nif slots and deadline > now",
  ],
  "a caller that was named for nothing, and names nobody": [
    "if #permits == 0 and not is_repeated then",
    "if false then",
  ],
  "a gate that stays after a permit was given back": [
    "permit[3], now) end\nsave(keys, state, now)",
    "permit[3], now) end",
  ],
  "a release of the permit alone": [
    "local lock = operations[args[2]](keys_left, args_left)\nif not is_done",
    "local lock = 0\nif not is_done",
  ],
  "an extension of the permit alone": [
    "if quota ~= 1 then return quota end\nreturn operations[args[2]]",
    "if true then return quota end\nreturn operations[args[2]]",
  ],
  "a renewal for another process of the permit without its lock": [
    "for _, only_checks in ipairs({true, false}) do",
    "for _, only_checks in ipairs({false}) do",
  ],
  "a renewal for another process of the lock alone": [
    "local quota = operations['slots.renew'](quota_keys, quota_args, only_checks)\nif type(quota) ~= 'number' then return quota end",
    "",
  ],
  "a refusal that does not say which part": ["lock[4], lock[5], 2}", "lock[4], lock[5], 1}"],
});

const UNEQUAL = /^AssertionError: .* to deeply equal /;

test.each(Object.entries(planted))("the comparison finds in the script: %s", async (_, bug) => {
  const observed = new ObservedServer(admin, listener, bug);
  const property = fc.asyncProperty(quotaHistory, (history) => compare(observed, history));
  const { failed, errorInstance } = await fc.check(property, { seed: 7, numRuns: 2_000, endOnFailure: true });
  expect(failed ? String(errorInstance) : "none").toMatch(UNEQUAL);
});
