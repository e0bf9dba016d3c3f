import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Lock, Redlock, type RedlockOptions } from "../../src/index.ts";
import { hashSlot } from "../../src/operations/hash-slot.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { ClusterNode, NAMES_IN_SLOTS } from "../support/cluster-node.ts";
import { fenceKey } from "../support/lock-keys.ts";
import { MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

// A lock on names in several hash slots of a cluster has rounds for each slot. Every slot must take part.

const NAMES = [...NAMES_IN_SLOTS];
/** In the order in which the rounds of an acquisition are sent. */
const IN_SLOT_ORDER = NAMES.toSorted((a, b) => hashSlot(`lock:${a}`) - hashSlot(`lock:${b}`));
const OTHER = `${"9".repeat(32)}@other`;

interface SlotsWorld {
  readonly clock: VirtualClock;
  readonly nodes: readonly ClusterNode[];
  readonly client: (options?: RedlockOptions) => Redlock;
}

async function createWorld(): Promise<SlotsWorld> {
  const clock = new VirtualClock();
  const nodes = [0, 1, 2].map((index) => new ClusterNode({ clock, label: `m${index}` }));
  const client = (options: RedlockOptions = {}): Redlock =>
    new Redlock(nodes, { clock, ttl: 10_000, requestTimeout: 100, ...options });
  await client().using(NAMES, () => undefined);
  return { clock, nodes, client };
}

async function makeKnown(redlock: Redlock): Promise<Redlock> {
  await redlock.using("warm", () => undefined);
  return redlock;
}

function lockKeys(nodes: readonly ClusterNode[]): readonly string[] {
  return nodes.flatMap((node) => node.keys().filter((key) => NAMES.some((name) => key === `lock:${name}`)));
}

/** The counter of each node that the name uses. */
function counters(nodes: readonly ClusterNode[], name: string): readonly number[] {
  return nodes.map((node) => Number(node.get(fenceKey(name))));
}

test("two locks request the slots that they share in the same order, whatever their names are", () => {
  const name = fc.string({ minLength: 1, maxLength: 4 });
  const names = fc.uniqueArray(name, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(names, (list) => {
      const targets = mutexKind.split(list.toSorted(), "lock:") as readonly (readonly string[])[];
      const slots = targets.map((target) => new Set(target.map((each) => hashSlot(`lock:${each}`))));
      expect(slots.every(({ size }) => size === 1)).toBe(true);
      const order = slots.map(([slot]) => slot!);
      expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b));
      expect(targets.flat().toSorted()).toEqual(list.toSorted());
    }),
  );
});

describe("the fencing token of several slots", () => {
  test("is the largest vote of all slots, and a majority has it as the counter of every slot", async () => {
    const counter = fc.integer({ min: 1, max: 30 });
    const row = fc.tuple(counter, counter, counter);
    const step = fc.record({
      names: fc.subarray(NAMES, { minLength: 1 }),
      away: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(row, row, row, row),
        fc.array(step, { minLength: 4, maxLength: 12 }),
        async (rows, steps) => {
          const { nodes, client } = await createWorld();
          NAMES.forEach((name, at) =>
            nodes.forEach((node, index) => node.set(fenceKey(name), String(rows[at]![index]))),
          );
          const redlock = await makeKnown(client());
          const latest = new Map<string, number>();
          for (const { names, away } of steps) {
            nodes[away]?.disconnect();
            const lock = await redlock.acquire(names, { wait: 0 });
            for (const name of names) {
              expect(lock.fence).toBeGreaterThan(latest.get(name) ?? 0);
              latest.set(name, lock.fence);
              const written = counters(nodes, name).filter((value) => value >= lock.fence);
              expect(written.length, `${name} at ${lock.fence}`).toBeGreaterThanOrEqual(2);
            }
            await lock.release();
            nodes[away]?.reconnect();
            await settle();
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each(IN_SLOT_ORDER)("is not won if the commit of %s fails on a majority", async (name) => {
    const { nodes, client } = await createWorld();
    const redlock = await makeKnown(client());
    nodes[0]!.set(fenceKey("beta"), "5000000000000000");
    for (const node of nodes.slice(1)) {
      node.onRequest = (operation, keys) => {
        if (operation === "mutex.commit" && keys.includes(`lock:${name}`)) node.delete(`lock:${name}`);
      };
    }
    expect(await redlock.tryAcquire(NAMES)).toBeNull();
    await settle();
    expect(lockKeys(nodes)).toEqual([]);
  });

  test.each(IN_SLOT_ORDER)(
    "counts an acknowledgement only with the vote of the same slot: %s",
    async (name) => {
      const { nodes, client } = await createWorld();
      const redlock = await makeKnown(client());
      NAMES.forEach((each) => nodes.forEach((node) => node.set(fenceKey(each), "10")));
      // The late vote of the third node is larger than the token. The acknowledgement of the second node is missing.
      nodes[0]!.set(fenceKey(name), "20");
      nodes[2]!.set(fenceKey(name), "30");
      nodes[1]!.onRequest = (operation, keys) => {
        if (operation === "mutex.commit" && keys.includes(`lock:${name}`)) nodes[1]!.delete(`lock:${name}`);
      };
      expect(await redlock.tryAcquire(NAMES)).toBeNull();
    },
  );
});

describe("if one slot cannot be had, all slots are withdrawn", () => {
  test.each(IN_SLOT_ORDER)("%s has another holder", async (name) => {
    for (const holding of [
      [0, 1],
      [1, 2],
      [0, 2],
      [0, 1, 2],
    ]) {
      const { nodes, client } = await createWorld();
      const redlock = await makeKnown(client());
      for (const index of holding) nodes[index]!.set(`lock:${name}`, OTHER, 60_000);
      expect(await redlock.tryAcquire(NAMES)).toBeNull();
      await settle();
      expect(lockKeys(nodes)).toEqual(holding.map(() => `lock:${name}`));
    }
  });

  test.each(IN_SLOT_ORDER)("the caller gives up while %s is requested", async (name) => {
    const { nodes, client } = await createWorld();
    const redlock = await makeKnown(client());
    const controller = new AbortController();
    for (const node of nodes) {
      node.onRequest = (operation, keys) => {
        if (operation !== "mutex.acquire" || !keys.includes(`lock:${name}`)) return;
        node.pause();
        controller.abort();
      };
    }
    expect(await rejection(redlock.acquire(NAMES, { signal: controller.signal }))).toMatchObject({
      code: "LOCK_ABORTED",
    });
    for (const node of nodes) node.resume();
    await settle();
    expect(lockKeys(nodes)).toEqual([]);
  });
});

describe("a lock on several slots", () => {
  async function held(): Promise<SlotsWorld & { redlock: Redlock; lock: Lock }> {
    const world = await createWorld();
    const redlock = await makeKnown(world.client());
    return { ...world, redlock, lock: await redlock.acquire(NAMES, { autoExtend: false }) };
  }

  test.each(IN_SLOT_ORDER)("is not extended if %s is refused by a majority, and is lost", async (name) => {
    const { clock, nodes, lock } = await held();
    await clock.advance(5_000);
    for (const node of nodes.slice(1)) node.set(`lock:${name}`, OTHER, 60_000);
    expect(await rejection(lock.extend())).toMatchObject({ code: "LOCK_LOST" });
    expect([lock.isHeld, lock.signal.aborted]).toEqual([false, true]);
  });

  test.each(IN_SLOT_ORDER)("keeps its lease if no majority answers for %s", async (name) => {
    const { clock, nodes, lock } = await held();
    await clock.advance(5_000);
    for (const node of nodes.slice(1)) {
      node.onRequest = (operation, keys) =>
        operation === "mutex.extend" && keys.includes(`lock:${name}`) ? "CLUSTERDOWN" : undefined;
    }
    expect(await rejection(lock.extend())).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect([lock.isHeld, lock.remaining()]).toEqual([true, 9_898 - 5_000]);
    await lock.release();
  });

  test.each(IN_SLOT_ORDER)(
    "is released without a confirmation if no majority answers for %s",
    async (name) => {
      const { nodes, lock } = await held();
      for (const node of nodes.slice(1)) {
        node.onRequest = (operation, keys) =>
          operation === "mutex.release" && keys.includes(`lock:${name}`) ? "CLUSTERDOWN" : undefined;
      }
      expect(await rejection(lock.release())).toMatchObject({ code: "LOCK_NO_QUORUM" });
    },
  );

  test.each(IN_SLOT_ORDER)("was held if only %s is left", async (name) => {
    const { nodes, lock } = await held();
    for (const node of nodes) for (const other of NAMES) if (other !== name) node.delete(`lock:${other}`);
    expect(await lock.release()).toBe(true);
    expect(lockKeys(nodes)).toEqual([]);
  });

  test.each(IN_SLOT_ORDER)("yields after its release to another process that waits for %s", async (name) => {
    const { clock, nodes, client, redlock, lock } = await held();
    const waiting = client().acquire(name, { wait: Infinity });
    await settle();
    for (const node of nodes) node.dropsWakeMessages = true;
    await lock.release();
    const releasedAt = clock.monotonic();
    let grantedAt = releasedAt;
    const again = redlock.acquire(name).finally(() => (grantedAt = clock.monotonic()));
    await clock.advance(100);
    await (await again).release();
    expect(grantedAt).toBe(releasedAt + 5);
    await clock.advance(15_001);
    await (await waiting).release();
  });
});

describe("a cluster and single servers together", () => {
  test("have a round for each slot as soon as one of the next set is a cluster, and until the lock ends", async () => {
    const world = new MembersWorld();
    const [cluster, other] = ["g", "h"].map((label) => new ClusterNode({ clock: world.clock, label }));
    const redlock = world.client("abc");
    const change = await redlock.reconfigure([world.one("a"), cluster!, other!]);
    const lock = await redlock.acquire(NAMES, { wait: 0 });
    expect(lockKeys([cluster!, other!])).toHaveLength(2 * NAMES.length);
    // The clusters leave, and must still get the release of each slot.
    const aborted = change.abort();
    await lock.extend();
    expect(await lock.release()).toBe(true);
    await aborted;
    expect(lockKeys([cluster!, other!])).toEqual([]);
  });
});
