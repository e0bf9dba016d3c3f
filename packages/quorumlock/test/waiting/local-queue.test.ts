import fc from "fast-check";
import { expect, test } from "vitest";
import type { LockKind, Occupant } from "../../src/operations/kind.ts";
import { LocalQueue } from "../../src/waiting/local-queue.ts";
import type { LocalWaiter, Place } from "../../src/waiting/place.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

interface Target {
  readonly names: readonly string[];
  readonly isShared: boolean;
}

/** A kind that only the local queue uses: shared targets are admitted together. */
const kind = {
  names: ({ names }: Target) => names,
  takeOver: () => undefined,
  admits: (next: Target, _name: string, others: Iterable<Occupant>) =>
    next.isShared && [...others].every(({ target }) => (target as Target).isShared),
} as unknown as LockKind;

interface Entered {
  readonly place: Place;
  /** Resolves when the place is admitted. */
  readonly turn: Promise<void>;
}

function enter(queue: LocalQueue, names: readonly string[] = ["a"], isShared = false): Entered {
  let onTurn = (): void => undefined;
  const turn = new Promise<void>((resolve) => (onTurn = resolve));
  const waiter: LocalWaiter = { onTurn: () => onTurn(), offeredHold: undefined, refusal: undefined };
  const place = queue.enter(kind, { names, isShared }, 1_000, waiter);
  if (place.isAdmitted) onTurn();
  return { place, turn };
}

function isOccupied(queue: LocalQueue, names: readonly string[]): boolean {
  return queue.isOccupied(kind, { names, isShared: false });
}

test("admits in the order of entry, one at a time for each name", async () => {
  const queue = new LocalQueue(new VirtualClock());
  const order: number[] = [];
  const all = Array.from({ length: 5 }, () => enter(queue));
  await Promise.all(
    all.map(async ({ place, turn }, index) => {
      await turn;
      order.push(index);
      place.leave();
    }),
  );
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(isOccupied(queue, ["a"])).toBe(false);
});

test("whatever callers want, no two that exclude each other are admitted, and nobody waits for ever", async () => {
  const wishes = fc.array(
    fc.record({
      names: fc.subarray(["a", "b", "c", "d"], { minLength: 1 }),
      isShared: fc.boolean(),
      givesUp: fc.nat({ max: 2 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(wishes, async (list) => {
      const queue = new LocalQueue(new VirtualClock());
      const inside = new Map<string, boolean[]>();
      let served = 0;
      const hold = async ({ place }: Entered, { names, isShared }: Target): Promise<void> => {
        for (const name of names) {
          const others = inside.get(name) ?? [];
          expect(others.every((other) => other && isShared)).toBe(true);
          inside.set(name, [...others, isShared]);
        }
        await new Promise((resolve) => setImmediate(resolve));
        for (const name of names) inside.set(name, inside.get(name)!.slice(1));
        place.leave();
        place.leave();
        served += 1;
      };
      await Promise.all(
        list.map(async (wish) => {
          const entered = enter(queue, wish.names, wish.isShared);
          // Some give up before their turn.
          if (!entered.place.isAdmitted && wish.givesUp === 0) {
            entered.place.leave();
            served += 1;
            return;
          }
          await entered.turn;
          await hold(entered, wish);
        }),
      );
      expect(served).toBe(list.length);
      expect(isOccupied(queue, ["a", "b", "c", "d"])).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test("callers that take names in sorted order, also one while they hold another, never wait in a circle", async () => {
  const lists = fc.array(fc.subarray(["a", "b", "c", "d"], { minLength: 1 }), {
    minLength: 2,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(lists, async (sets) => {
      const queue = new LocalQueue(new VirtualClock());
      const taken = await Promise.all(
        sets.map(async (set, index) => {
          // Half of them take their names together, the others one after the other while they hold the former ones.
          const places: Place[] = [];
          for (const names of index % 2 === 0 ? [set] : set.map((name) => [name])) {
            const { place, turn } = enter(queue, names);
            places.push(place);
            await turn;
            await new Promise((resolve) => setImmediate(resolve));
          }
          for (const place of places) place.leave();
          return true;
        }),
      );
      expect(taken.every(Boolean)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("a caller that excludes the others waits for all of them, and those behind it wait for it", async () => {
  const queue = new LocalQueue(new VirtualClock());
  const [one, two] = [enter(queue, ["a"], true), enter(queue, ["a"], true)];
  const exclusive = enter(queue);
  const late = enter(queue, ["a"], true);
  expect([one, two, exclusive, late].map(({ place }) => place.isAdmitted)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  one.place.leave();
  expect(exclusive.place.isAdmitted).toBe(false);
  two.place.leave();
  expect([exclusive.place.isAdmitted, late.place.isAdmitted]).toEqual([true, false]);
  exclusive.place.leave();
  expect(late.place.isAdmitted).toBe(true);
});

test("a streak counts the holders, and remote waiters are forgotten with the queue", () => {
  const queue = new LocalQueue(new VirtualClock());
  const [one, two, three] = [enter(queue), enter(queue), enter(queue)].map(({ place }) => place);
  queue.recordRelease(["a"], true);
  one!.leave();
  expect([two!.streak?.predecessors, queue.hasRemoteWaiters(["a"])]).toEqual([1, true]);
  // A caller that gives up while it waits adds nothing.
  enter(queue).place.leave();
  two!.leave();
  expect(three!.streak?.predecessors).toBe(2);
  three!.leave();
  expect(queue.hasRemoteWaiters(["a"])).toBe(false);
  expect(enter(queue).place.streak).toBeUndefined();
});

test("yields twice as long with each yield that no other process uses, and then starts again", () => {
  const clock = new VirtualClock();
  const queue = new LocalQueue(clock);
  let { place: last } = enter(queue);
  let fence = 10;
  const hold = (place: Place): void =>
    place.onGranted({ token: "", fence, grantedAt: clock.monotonic(), remaining: () => 1 });
  hold(last);
  /** At the end of a streak, the next place is granted the lock `grants` grants later. */
  const yieldMs = (grants: number): number => {
    const { place } = enter(queue);
    queue.recordRelease(["a"], true);
    clock.pause(100);
    last.leave();
    const until = place.beginTurn();
    fence += grants;
    hold(place);
    last = place;
    return until - clock.monotonic();
  };
  expect([1, 1, 1, 1, 1, 1, 1].map(yieldMs)).toEqual([5, 10, 20, 40, 80, 5, 10]);
  // Other processes held it twice in between; after that they do not come again.
  expect([3, 1, 1].map(yieldMs)).toEqual([20, 5, 10]);
});

test("remembers for a moment that other processes wait for a name that was released, and no longer", () => {
  const clock = new VirtualClock();
  const queue = new LocalQueue(clock);
  const at = clock.monotonic();
  queue.recordRelease(["a"], true);
  queue.recordRelease(["b"], false);
  expect([queue.yieldUntil(["a"]), queue.yieldUntil(["b"])]).toEqual([at + 5, 0]);
  clock.pause(3);
  queue.recordRelease(["c"], true);
  clock.pause(2);
  expect([queue.yieldUntil(["a"]), queue.yieldUntil(["c"])]).toEqual([0, at + 8]);
});
