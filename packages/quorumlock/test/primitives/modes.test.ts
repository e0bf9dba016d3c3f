import { describe, expect, test } from "vitest";
import { LockReentrantError, type Mode, type NameInMode, Redlock } from "../../src/index.ts";
import { clash, MODES } from "../../src/operations/mode.ts";
import { ClusterNode, NAMES_IN_SLOTS } from "../support/cluster-node.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";
import { advanceDuring } from "../support/world.ts";

const inMode = (mode: Mode, ...names: readonly string[]): readonly NameInMode[] =>
  names.map((name) => ({ name, mode }));

/** On one server all names of a lock lie together. On a cluster each of these lies in a slot of its own. */
const WORLDS = [
  { where: "one instance", make: () => setUp(1, false) },
  { where: "three instances", make: () => setUp(3, false) },
  { where: "three clusters", make: () => setUp(3, true) },
] as const;

function setUp(count: number, isCluster: boolean) {
  const world = watchedWorld(count, { restartGuard: false });
  if (!isCluster) return { ...world, one: world.client(), two: world.client() };
  const clock = new VirtualClock();
  const instances = Array.from(
    { length: count },
    (_, index) => new ClusterNode({ clock, label: `m${index}` }),
  );
  const client = () =>
    new Redlock(instances, { clock, ttl: 10_000, requestTimeout: 100, restartGuard: false });
  return { clock, instances, one: client(), two: client() };
}

describe.each(WORLDS)("on $where", ({ make }) => {
  const create = () => {
    const world = make();
    const close = async () => {
      const closed = Promise.all([world.one.close(), world.two.close()]);
      await world.clock.advance(100);
      await closed;
      for (const instance of world.instances) expect(withoutCounters(instance.keys())).toEqual([]);
    };
    return { ...world, close };
  };

  test("two locks exclude each other if, and only if, their modes clash on a name", async () => {
    const { one, two, close } = create();
    for (const mine of MODES) {
      for (const theirs of MODES) {
        for (const [holder, other] of [
          [one, one],
          [one, two],
        ] as const) {
          const held = await holder.modes(inMode(mine, "alpha", "beta")).acquire();
          const second = await other.modes([...inMode(theirs, "beta"), ...inMode("X", "gamma")]).tryAcquire();
          expect([mine, theirs, second === null]).toEqual([mine, theirs, clash(mine, theirs)]);
          await held.release();
          await second?.release();
        }
      }
    }
    await close();
  });

  test("names in different modes are held all or none, with one fencing token", async () => {
    const { one, two, close } = create();
    const parts = [
      { name: "alpha", mode: "X" },
      { name: "beta", mode: "S" },
      { name: "delta", mode: "IX" },
      { name: "gamma", mode: "IS" },
    ] as const;
    const reader = await two.readWrite("beta").read.acquire();
    const lock = await one.modes(parts).acquire();
    expect(lock.names).toEqual(NAMES_IN_SLOTS);
    await reader.release();
    for (const name of NAMES_IN_SLOTS) expect(await two.readWrite(name).write.tryAcquire()).toBeNull();
    for (const name of NAMES_IN_SLOTS) expect(await two.tryAcquire(name)).toBeNull();
    await lock.extend();
    expect(await lock.release()).toBe(true);
    const held = await two.acquire("delta");
    expect(held.fence).toBeGreaterThan(lock.fence);
    expect(await one.modes(parts).tryAcquire()).toBeNull();
    await settle();
    for (const name of ["alpha", "beta", "gamma"]) await (await two.acquire(name)).release();
    await held.release();
    await close();
  });

  test("locks on names in any order wait for each other in no circle", async () => {
    const { one, two, clock, close } = create();
    let inside = 0;
    const work = async (redlock: Redlock, names: readonly string[], mode: Mode) => {
      for (let turn = 0; turn < 8; turn += 1) {
        await redlock.modes(inMode(mode, ...names)).using({ wait: Infinity }, async () => {
          inside += 1;
          await new Promise<void>((resolve) => clock.setTimer(5, resolve, true));
        });
      }
    };
    const workers = [one, two].flatMap((redlock) => [
      work(redlock, NAMES_IN_SLOTS, "X"),
      work(redlock, NAMES_IN_SLOTS.toReversed(), "S"),
      work(redlock, ["gamma", "alpha"], "IX"),
      work(redlock, ["beta", "delta"], "SIX"),
    ]);
    await advanceDuring(clock, 20_000, Promise.all(workers));
    expect(inside).toBe(64);
    await close();
  });
});

test("a name that is there as X and as S is locked in X, and one that is there twice in one mode, once", async () => {
  const [one, two] = [watchedWorld(1), watchedWorld(1)].map((world) => world.client());
  for (const parts of [
    [...inMode("S", "a"), ...inMode("X", "a"), ...inMode("S", "b", "b")],
    [...inMode("X", "a"), ...inMode("S", "a", "b")],
  ]) {
    const lock = await one!.modes(parts).acquire();
    expect(lock.names).toEqual(["a", "b"]);
    expect(await one!.readWrite("a").read.tryAcquire()).toBeNull();
    await (await one!.readWrite("b").read.acquire()).release();
    await lock.release();
  }
  await Promise.all([one!.close(), two!.close()]);
});

test("diagnostics find a lock that would wait for itself, and allow intentions on one name", async () => {
  const redlock = watchedWorld(1, { diagnostics: true }).client();
  await redlock.modes([...inMode("IX", "a"), ...inMode("X", "b")]).using(async () => {
    await redlock.modes([...inMode("IX", "a"), ...inMode("X", "c")]).using(() => undefined);
    await expect(redlock.modes(inMode("S", "b")).acquire()).rejects.toThrow(LockReentrantError);
  });
  await redlock.close();
});

test.each([
  ["a", /^TypeError: modes: .* must be an array of objects/],
  [[], /^RangeError: modes: the array is empty/],
  [["a"], /^TypeError: modes\[0\]: "a" must be an object/],
  [[null], /^TypeError: modes\[0\]: null must be an object/],
  [
    [
      { name: "a", mode: "X" },
      { name: "b", mode: "Y" },
    ],
    /^RangeError: modes\[1\]\.mode: "Y" must be one of IS, IX, S, SIX, X/,
  ],
  [[{ name: "a", mode: "x" }], /^RangeError: modes\[0\]\.mode: "x" must be one of/],
  [[{ name: "a" }], /^TypeError: modes\[0\]\.mode: undefined must be one of/],
  [[{ name: "", mode: "X" }], /^RangeError: modes\[0\]\.name: "" must not be empty/],
  [[{ name: 5, mode: "X" }], /^TypeError: modes\[0\]\.name: 5 must be a string/],
  [[{ name: "~a", mode: "X" }], /^RangeError: name: "~a" begins with "~"/],
  [
    [
      { name: "a", mode: "S" },
      { name: "a", mode: "IX" },
    ],
    /^RangeError: modes\[1\]: "a" is in the array in the modes S and IX; give every name once/,
  ],
  [
    Array.from({ length: 1_001 }, (_, index) => ({ name: `n${index}`, mode: "S" })),
    /^RangeError: modes: 1001 names are too many for one lock; use at most 1000/,
  ],
])("a bad list is refused, and nothing is sent: %#", async (parts, message) => {
  const world = watchedWorld(1);
  const redlock = world.client();
  let error: unknown;
  try {
    redlock.modes(parts as readonly NameInMode[]);
  } catch (thrown) {
    error = thrown;
  }
  expect(String(error)).toMatch(message);
  expect(world.instances[0]!.keys()).toEqual([]);
  await redlock.close();
});
