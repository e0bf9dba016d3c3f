import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LockFollower,
  type LockFollowerOptions,
  type LockMessage,
  readLockMessage,
} from "../../../src/observe/kafka/index.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { type Delivered, deliveryOf, holdsByRules, lockHistory } from "./lock-history.ts";

let messages = 0;

/** A message about the hold "h" of "order:42". */
function message(fields: Partial<LockMessage> = {}): LockMessage {
  return {
    schema: 1,
    event_id: `event-${(messages += 1)}`,
    event_type: "lock_acquired",
    resource: "order:42",
    holder: "host:1",
    timestamp: 100_000,
    ttl: 10_000,
    fence: 5,
    hold_id: "h",
    prefix: "lock:",
    kind: "mutex",
    mode: "exclusive",
    name_count: 1,
    ...fields,
  };
}

function following(options: LockFollowerOptions = {}, at = 100_000) {
  const clock = new VirtualClock();
  clock.stepWall(at - clock.wall());
  const follower = new LockFollower({ clock, ...options });
  const apply = (...list: readonly LockMessage[]): void => {
    for (const each of list) follower.apply(JSON.stringify(each));
  };
  const holders = (name = "order:42"): readonly string[] =>
    follower.holdersOf(name).map(({ holdId }) => holdId);
  return { clock, follower, apply, holders };
}

describe("a hold", () => {
  test("begins with a grant, is renewed by extensions, and ends with a release", () => {
    const { apply, follower, holders } = following();
    apply(message());
    expect(follower.holdersOf("order:42")).toEqual([
      {
        resource: "order:42",
        prefix: "lock:",
        holder: "host:1",
        holdId: "h",
        fence: 5,
        kind: "mutex",
        mode: "exclusive",
        isLocal: false,
        since: 100_000,
        expiresAt: 110_000,
        state: "held",
      },
    ]);
    apply(message({ event_type: "lock_extended", timestamp: 103_000 }));
    expect(follower.holdersOf("order:42")).toMatchObject([{ since: 100_000, expiresAt: 113_000 }]);
    apply(message({ event_type: "lock_released", timestamp: 104_000 }));
    expect(holders()).toEqual([]);
    expect(follower.snapshot()).toMatchObject({ applied: 3, names: 1 });
  });

  test("is known from an extension alone, as after a grant that was dropped", () => {
    const { apply, holders } = following();
    apply(message({ event_type: "lock_extended", kind: null, mode: null }));
    expect(holders()).toEqual(["h"]);
  });

  test("ends with a loss, and with a release that no quorum confirmed", () => {
    const { apply, holders } = following();
    apply(message(), message({ event_type: "lock_lost", cause: "taken" }));
    expect(holders()).toEqual([]);
    apply(
      message({ hold_id: "i", fence: 6 }),
      message({ hold_id: "i", fence: 6, event_type: "lock_released", confirmed: false }),
    );
    expect(holders()).toEqual([]);
  });

  test("that has ended does not come back by older messages, whatever their order", () => {
    const { apply, holders, follower } = following();
    apply(message({ event_type: "lock_released", timestamp: 104_000 }));
    apply(message({ event_type: "lock_extended", timestamp: 103_000 }), message());
    expect(holders()).toEqual([]);
    expect(follower.snapshot()).toMatchObject({ applied: 1, late: 2 });
  });

  test("expires without a release: it is uncertain for the tolerance before and after, by the clock of the follower", () => {
    const { apply, follower, clock, holders } = following({ clockTolerance: 500 });
    apply(message());
    const stateAt = (at: number): string | undefined => {
      clock.stepWall(at - clock.wall());
      return follower.holdersOf("order:42")[0]?.state;
    };
    expect([109_499, 109_500, 110_500, 110_501].map(stateAt)).toEqual([
      "held",
      "may-have-expired",
      "may-have-expired",
      undefined,
    ]);
    apply(message({ event_type: "lock_extended", timestamp: 100_200 }));
    expect(holders()).toEqual(["h"]);
    stateAt(200_000);
    apply(message({ event_type: "lock_extended", timestamp: 103_000 }));
    expect(holders()).toEqual([]);
    expect(follower.snapshot()).toMatchObject({ expired: 1 });
  });

  test("of another prefix is another lock", () => {
    const { apply, follower } = following();
    apply(message(), message({ prefix: "b:", hold_id: "i" }));
    expect(follower.holdersOf("order:42", "b:")).toMatchObject([{ holdId: "i", prefix: "b:" }]);
    expect([...follower.holds()]).toHaveLength(2);
  });

  test.each(["__proto__", "constructor", "", "nul\0", "a\nb"])("can have the name %j", (resource) => {
    const { apply, holders } = following();
    apply(message({ resource, hold_id: "__proto__" }));
    expect(holders(resource)).toEqual(["__proto__"]);
  });
});

describe("fencing tokens", () => {
  test("an older one never replaces a newer one, and a newer one ends an older hold without its release", () => {
    const { apply, holders, follower } = following();
    apply(message({ hold_id: "new", fence: 6 }), message({ hold_id: "old", fence: 5 }));
    expect(holders()).toEqual(["new"]);
    apply(message({ hold_id: "newest", fence: 7 }));
    expect(holders()).toEqual(["newest"]);
    // Also if the newest hold is over.
    apply(message({ hold_id: "newest", fence: 7, event_type: "lock_released" }));
    apply(message({ hold_id: "new", fence: 6, event_type: "lock_extended" }));
    apply(message({ hold_id: "other", fence: 6 }));
    expect(holders()).toEqual([]);
    expect(follower.snapshot()).toMatchObject({ superseded: 2, late: 1 });
  });

  test("readers share a name, and end with the next writer; a reader with the token of the writer comes after it", () => {
    const { apply, holders } = following();
    const reader = { kind: "modes", mode: "shared" } as const;
    const writer = { kind: "modes", mode: "exclusive" } as const;
    apply(message({ ...writer, hold_id: "w1", fence: 4 }));
    apply(message({ ...reader, hold_id: "r1", fence: 4 }), message({ ...reader, hold_id: "r2", fence: 5 }));
    expect(holders()).toEqual(["r1", "r2"]);
    apply(message({ ...writer, hold_id: "w2", fence: 6 }));
    expect(holders()).toEqual(["w2"]);
  });

  test("permits are not ordered by them, and several are held", () => {
    const { apply, holders } = following();
    const permit = { kind: "semaphore", mode: "shared" } as const;
    apply(...[9, 3, 9].map((fence, index) => message({ ...permit, hold_id: `p${index}`, fence })));
    expect(holders()).toEqual(["p0", "p1", "p2"]);
  });

  test("intentions of a tree on one node do not end each other", () => {
    const { apply, holders } = following();
    const branch = { kind: "modes", mode: "exclusive", name_count: 3, resource: "{acme}" } as const;
    apply(message({ ...branch, hold_id: "a", fence: 5 }), message({ ...branch, hold_id: "b", fence: 6 }));
    expect(holders("{acme}")).toEqual(["a", "b"]);
    apply(message({ resource: "{acme}", hold_id: "all", fence: 7 }));
    expect(holders("{acme}")).toEqual(["all"]);
  });

  test("a lock of the tier `local` has tokens of its own", () => {
    const { apply, holders } = following();
    apply(message({ hold_id: "local", tier: "local", fence: 9 }), message({ hold_id: "real", fence: 5 }));
    expect(holders()).toEqual(["local", "real"]);
  });

  test("an extension without its kind does not end its own hold", () => {
    const { apply, holders } = following();
    apply(message(), message({ event_type: "lock_extended", kind: null, mode: null }));
    expect(holders()).toEqual(["h"]);
    apply(message({ event_type: "lock_extended", kind: null, mode: null, hold_id: "i", fence: 6 }));
    expect(holders()).toEqual(["i"]);
  });
});

describe("random histories", () => {
  const now = 1_000_000;
  const follow = (delivered: Delivered): LockFollower => {
    const { follower, apply } = following({ clockTolerance: 0 }, now);
    apply(...delivered);
    return follower;
  };
  const idsOf = (follower: LockFollower): readonly string[] =>
    [...follower.holds()].map(({ holdId, expiresAt }) => `${holdId} ${expiresAt}`).toSorted();

  test("every message in any order, some of them twice: the follower knows exactly who holds what", () => {
    const property = fc.property(lockHistory(now), fc.infiniteStream(fc.nat()), (history, choices) => {
      const delivered = deliveryOf(history.messages, choices, { drops: false });
      expect(idsOf(follow(delivered))).toEqual(history.held);
    });
    fc.assert(property, { numRuns: 500 });
  });

  test("some messages, in any order: the follower agrees with the rules, and no two exclusive holders share a name", () => {
    const property = fc.property(lockHistory(now), fc.infiniteStream(fc.nat()), (history, choices) => {
      const delivered = deliveryOf(history.messages, choices, { drops: true });
      const follower = follow(delivered);
      expect(idsOf(follower)).toEqual(holdsByRules(delivered, now));
      const exclusive = [...follower.holds()].filter(
        ({ mode, kind }) => mode === "exclusive" && kind !== null,
      );
      expect(new Set(exclusive.map(({ resource }) => resource)).size).toBe(exclusive.length);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe("messages that are none", () => {
  test("are counted, and do not throw", async () => {
    const { follower } = following();
    const bad: readonly unknown[] = [
      null,
      undefined,
      "",
      "{",
      "null",
      "[]",
      "{}",
      42,
      {},
      Buffer.from([0xff, 0xfe]),
      JSON.stringify(message({ schema: 2 as never })),
      JSON.stringify(message({ event_type: "lock_bent" as never })),
      JSON.stringify(message({ fence: 1.5 })),
      JSON.stringify(message({ fence: -1 })),
      JSON.stringify(message({ timestamp: "now" as never })),
      JSON.stringify(message({ resource: 1 as never })),
      JSON.stringify({ ...message(), hold_id: undefined }),
      JSON.stringify({ ...message(), ttl: undefined }),
      JSON.stringify(message({ holder: "x".repeat(100_000) })),
    ];
    for (const value of bad) await follower.eachMessage({ message: { value } } as never);
    for (const received of [undefined, null, {}, { message: null }])
      await follower.eachMessage(received as never);
    expect(follower.snapshot()).toMatchObject({ malformed: bad.length + 4, applied: 0, entries: 0 });
  });

  test("any JSON and any change of one field is read or refused, and never throws", () => {
    const fields = Object.keys(message()) as (keyof LockMessage)[];
    const { follower } = following();
    const changed = fc.tuple(fc.constantFrom(...fields), fc.jsonValue());
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.uint8Array(), fc.string()), changed, (value, [field, other]) => {
        follower.apply(value);
        follower.apply(JSON.stringify({ ...message(), [field]: other }));
        for (const { resource } of follower.holds()) follower.holdersOf(resource);
      }),
      { numRuns: 500 },
    );
  });

  test("a field that is added later is no fault", () => {
    expect(readLockMessage(JSON.stringify({ ...message(), region: "eu" }))).toMatchObject({ region: "eu" });
    expect(readLockMessage(Buffer.from(JSON.stringify(message())))).toMatchObject({ hold_id: "h" });
  });
});

describe("memory", () => {
  test("is bounded for any number of names: names that nobody holds are forgotten first", () => {
    const { apply, follower, holders } = following({ maxEntries: 100 });
    apply(message({ resource: "kept", ttl: 1_000_000 }));
    for (let index = 0; index < 5_000; index += 1) {
      const fields = { resource: `order:${index}`, hold_id: `h${index}` };
      apply(message(fields), message({ ...fields, event_type: "lock_released" }));
      expect(follower.snapshot().entries).toBeLessThanOrEqual(100);
    }
    expect(holders("kept")).toEqual(["h"]);
    expect(follower.snapshot().forgotten).toBe(0);
    for (let index = 0; index < 200; index += 1)
      apply(message({ resource: `held:${index}`, hold_id: `h${index}` }));
    expect(follower.snapshot().entries).toBeLessThanOrEqual(100);
    expect(follower.snapshot().forgotten).toBeGreaterThan(100);
    expect(holders("held:199")).toEqual(["h199"]);
  });

  test("is bounded for one name with any number of holders, held or ended", () => {
    const { apply, follower } = following({ maxEntries: 100 });
    for (const type of ["lock_acquired", "lock_released"] as const) {
      for (let index = 0; index < 1_000; index += 1)
        apply(message({ kind: "semaphore", mode: "shared", hold_id: `${type}${index}`, event_type: type }));
      expect(follower.snapshot().entries).toBeLessThanOrEqual(100);
    }
    expect(follower.snapshot().forgotten).toBeGreaterThan(800);
  });

  test("of what has expired becomes free as further messages come", () => {
    const { apply, follower, clock } = following();
    for (let index = 0; index < 100; index += 1)
      apply(message({ kind: "semaphore", mode: "shared", hold_id: `h${index}` }));
    expect(follower.snapshot().entries).toBe(101);
    clock.stepWall(60_000);
    for (let index = 0; index < 101; index += 1)
      apply(message({ kind: "semaphore", mode: "shared", timestamp: 160_000, hold_id: "new" }));
    expect(follower.snapshot().entries).toBe(2);
  });

  test("names whose holder died do not take the room of holds that were released", () => {
    const { apply, follower, holders, clock } = following({ maxEntries: 1_000 });
    for (let index = 0; index < 500; index += 1)
      apply(message({ resource: `dead${index}`, hold_id: `d${index}` }));
    clock.stepWall(60_000);
    const timestamp = 160_000;
    const ended = { timestamp, event_type: "lock_released" } as const;
    apply(message({ resource: "live", timestamp }), message({ resource: "live", ...ended }));
    for (let index = 0; index < 240; index += 1)
      apply(message({ resource: `n${index}`, timestamp }), message({ resource: `n${index}`, ...ended }));
    apply(message({ resource: "live", timestamp, event_type: "lock_extended" }));
    expect(holders("live")).toEqual([]);
    expect(follower.snapshot()).toMatchObject({ late: 1, forgotten: 0, names: 241, entries: 482 });
  });

  test("of one entry is bounded: longer ids and names are malformed", () => {
    const { apply, follower } = following();
    const long = "x".repeat(129);
    apply(message({ event_id: long }), message({ hold_id: long }), message({ holder: long }));
    apply(message({ resource: "x".repeat(1_025) }), message({ prefix: "x".repeat(1_025) }));
    expect(follower.snapshot()).toMatchObject({ malformed: 5, entries: 0 });
  });

  test("a message that comes twice is counted once", () => {
    const { apply, follower, holders } = following();
    const first = message();
    apply(first, first, first);
    expect(follower.snapshot()).toMatchObject({ applied: 1, duplicates: 2 });
    expect(holders()).toEqual(["h"]);
  });
});

test("refuses bad arguments", () => {
  expect(() => new LockFollower({ clockTolerance: -1 })).toThrow(RangeError);
  expect(() => new LockFollower({ maxEntries: 1 })).toThrow("maxEntries: 1 must be a whole number from 10");
  expect(() => new LockFollower({ clock: {} as never })).toThrow(TypeError);
  expect(() => new LockFollower({ ttl: 1 } as never)).toThrow("there is no such option");
  expect(() => new LockFollower().holdersOf(1 as never)).toThrow("resource: 1 must be a string");
});
