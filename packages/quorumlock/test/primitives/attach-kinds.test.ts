import { describe, expect, test } from "vitest";
import { type LockDescription, MemoryInstance, MutexRedlock, Redlock } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";

const TOKEN = `${"0123456789abcdef".repeat(2)}@host:1`;
const COMMON = { version: 1, token: TOKEN, fence: 7, ttl: 10_000, remaining: 9_000 };
const READ = { ...COMMON, kind: "read", names: ["a"] };
const MODES = { ...COMMON, kind: "modes", names: ["a", "b"], modes: ["IS", "X"] };
const PERMITS = { ...COMMON, kind: "semaphore", names: ["a"], slots: [0, 3], permits: 5 };
const TENANT = { id: "acme", maxLocks: 3, slot: 0 };
const OF_TENANT = { ...READ, names: ["{acme}//n/a"], tenant: TENANT };

const instance = new MemoryInstance();
const redlock = new Redlock([instance]);

describe.each([
  [
    READ,
    "names",
    ["a", "b"],
    'RangeError: description.names: 2 names are too many; a lock of the kind "read" has one',
  ],
  [{ ...READ, kind: "fair" }, "names", ["a", "b"], "RangeError: description.names: 2 names are too many"],
  [PERMITS, "names", ["a", "b"], "RangeError: description.names: 2 names are too many"],
  [READ, "names", ["~a"], 'RangeError: name: "~a" begins with "~"'],
  [
    MODES,
    "modes",
    undefined,
    "TypeError: description.modes: undefined must be an array with one of IS, IX, S, SIX, X",
  ],
  [MODES, "modes", "X", 'TypeError: description.modes: "X" must be an array'],
  [MODES, "modes", ["X"], "RangeError: description.modes: 1 modes for 2 names"],
  [MODES, "modes", ["X", "Q"], 'RangeError: description.modes[1]: "Q" must be one of IS, IX, S, SIX, X'],
  [MODES, "modes", ["X", 1], "RangeError: description.modes[1]: 1 must be one of"],
  [MODES, "modes", ["X", "toString"], 'RangeError: description.modes[1]: "toString" must be one of'],
  [
    PERMITS,
    "permits",
    undefined,
    "TypeError: description.permits: undefined must be a whole number from 1 to 10000",
  ],
  [PERMITS, "permits", 0, "RangeError: description.permits: 0 must be a whole number from 1 to 10000"],
  [PERMITS, "slots", undefined, "TypeError: description.slots: undefined must be an array of whole numbers"],
  [PERMITS, "slots", "0", 'TypeError: description.slots: "0" must be an array'],
  [PERMITS, "slots", [], "RangeError: description.slots: 0 slots; it must have 1 to 10000"],
  [
    PERMITS,
    "slots",
    Array.from({ length: 10_001 }, (_, slot) => slot),
    "RangeError: description.slots: 10001 slots",
  ],
  [PERMITS, "slots", ["0"], 'TypeError: description.slots[0]: "0" must be a whole number from 0 to 9999'],
  [PERMITS, "slots", [-1], "RangeError: description.slots[0]: -1 must be a whole number from 0 to 9999"],
  [PERMITS, "slots", [1.5], "RangeError: description.slots[0]: 1.5 must be a whole number"],
  [PERMITS, "slots", [10_000], "RangeError: description.slots[0]: 10000 must be a whole number"],
  [PERMITS, "slots", [3, 3], "RangeError: description.slots[1]: 3 is not above the number before it"],
  [PERMITS, "slots", [3, 0], "RangeError: description.slots[1]: 0 is not above the number before it"],
  [OF_TENANT, "tenant", null, "TypeError: description.tenant: null must be an object { id, maxLocks, slot }"],
  [OF_TENANT, "tenant", "acme", 'TypeError: description.tenant: "acme" must be an object'],
  [OF_TENANT, "tenant", { ...TENANT, id: 5 }, "TypeError: description.tenant.id: 5 must be a string"],
  [OF_TENANT, "tenant", { ...TENANT, id: "{x" }, 'RangeError: description.tenant.id: "{x" has "{"'],
  [
    OF_TENANT,
    "tenant",
    { ...TENANT, id: "other" },
    'RangeError: description.names: "{acme}//n/a" is no name of the tenant "other"; its names begin with "{other}//n/"',
  ],
  [
    OF_TENANT,
    "tenant",
    { ...TENANT, maxLocks: 0 },
    "RangeError: description.tenant.maxLocks: 0 must be a whole number from 1 to 10000",
  ],
  [
    OF_TENANT,
    "tenant",
    { ...TENANT, slot: undefined },
    "TypeError: description.tenant.slot: undefined must be a whole number from 0",
  ],
  [OF_TENANT, "names", ["a"], 'RangeError: description.names: "a" is no name of the tenant "acme"'],
  [OF_TENANT, "version", 2, "RangeError: description.version: 2 must be 1"],
] as const)("a description of the kind $kind", (good, field, value, expected) => {
  test(`is refused if its ${field} is ${JSON.stringify(value)?.slice(0, 60)}, before anything is sent`, async () => {
    const before = instance.keys();
    const error = await rejection(redlock.attach({ ...good, [field]: value } as unknown as LockDescription));
    expect(String(error)).toContain(expected);
    expect(String(error)).not.toContain(TOKEN);
    expect(instance.keys()).toEqual(before);
  });
});

test("descriptions of all kinds are read, also with more fields than this version knows", async () => {
  for (const good of [READ, MODES, PERMITS, OF_TENANT, { ...READ, kind: "write" }, { ...READ, kind: "fair" }])
    expect(
      await rejection(redlock.attach({ ...good, added: true } as unknown as LockDescription)),
    ).toMatchObject({
      code: "LOCK_LOST",
    });
});

test("the names of modes need not be sorted", async () => {
  const lock = await redlock.modes([{ name: "b", mode: "X" }, { name: "a", mode: "S" }]).acquire(); // prettier-ignore
  const description = await lock.detach();
  expect(description).toMatchObject({ names: ["a", "b"], modes: ["S", "X"] });
  const attached = await redlock.attach({ ...description, names: ["b", "a"], modes: ["X", "S"] });
  expect(attached.names).toEqual(["a", "b"]);
  expect(await attached.release()).toBe(true);
});

test("a client with the exclusive lock alone attaches no other kind", async () => {
  const small = new MutexRedlock([instance]);
  expect(String(await rejection(small.attach(READ)))).toBe(
    'RangeError: description.kind: "read" must be "mutex"',
  );
  const lock = await redlock.acquire("x");
  const attached = await small.attach(await lock.detach());
  expect(attached.isHeld).toBe(true);
  await attached.release();
});
