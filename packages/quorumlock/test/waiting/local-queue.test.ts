import fc from "fast-check";
import { expect, test } from "vitest";
import { LocalQueue, type Ticket } from "../../src/waiting/local-queue.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

function enter(queue: LocalQueue, name = "a", now = 0): Ticket {
  return queue.enter([name], 1_000, now);
}

test("admits in the order of entry, one at a time for each name", async () => {
  const queue = new LocalQueue();
  const order: number[] = [];
  const tickets = Array.from({ length: 5 }, () => queue.enter(["a"], 1_000, 0));
  tickets.forEach((ticket, index) => {
    const admitted = (): void => {
      order.push(index);
      ticket.leave();
    };
    if (ticket.turn === undefined) admitted();
    else void ticket.turn.then(admitted);
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(queue.isTaken(["a"])).toBe(false);
});

test("excludes callers with a common name, and admits every caller, for any sets of names", async () => {
  const names = fc.array(fc.subarray(["a", "b", "c", "d"], { minLength: 1 }), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(
      names,
      fc.array(fc.nat({ max: 2 }), { minLength: 30, maxLength: 30 }),
      async (sets, fates) => {
        const queue = new LocalQueue();
        const inside = new Set<string>();
        let served = 0;
        const hold = async (ticket: Ticket, set: readonly string[]): Promise<void> => {
          for (const name of set) {
            expect(inside.has(name)).toBe(false);
            inside.add(name);
          }
          await new Promise((resolve) => setImmediate(resolve));
          for (const name of set) inside.delete(name);
          ticket.leave();
          ticket.leave();
          served += 1;
        };
        await Promise.all(
          sets.map(async (set, index) => {
            const ticket = queue.enter(set, 1_000, 0);
            // Some callers leave before their turn.
            if (ticket.turn !== undefined && fates[index] === 0) {
              ticket.leave();
              served += 1;
              return;
            }
            await ticket.turn;
            await hold(ticket, set);
          }),
        );
        expect(served).toBe(sets.length);
        expect(queue.isTaken(["a", "b", "c", "d"])).toBe(false);
      },
    ),
    { numRuns: 100 },
  );
});

test("has no deadlock if callers acquire in sorted order, also one name while they hold another", async () => {
  const pairs = fc.array(fc.subarray(["a", "b", "c", "d"], { minLength: 1 }), {
    minLength: 2,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(pairs, async (sets) => {
      const queue = new LocalQueue();
      const taken = await Promise.all(
        sets.map(async (set, index) => {
          // Half of the callers acquire their names together. The others acquire them one by one and keep the earlier ones.
          const tickets: Ticket[] = [];
          for (const names of index % 2 === 0 ? [set] : set.map((name) => [name])) {
            const ticket = queue.enter(names, 1_000, 0);
            tickets.push(ticket);
            await ticket.turn;
            await new Promise((resolve) => setImmediate(resolve));
          }
          for (const ticket of tickets) ticket.leave();
          return true;
        }),
      );
      expect(taken.every(Boolean)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("counts the holders in a row, and removes the rivals together with the queue", () => {
  const queue = new LocalQueue();
  const [one, two, three] = [enter(queue), enter(queue), enter(queue)];
  queue.noteRivals(["a"], true, new VirtualClock());
  one.leave();
  expect([two.rowCount, queue.hasRivals(["a"])]).toEqual([1, true]);
  // A waiter that leaves does not count.
  enter(queue).leave();
  two.leave();
  expect(three.rowCount).toBe(2);
  three.leave();
  expect(queue.hasRivals(["a"])).toBe(false);
  expect(enter(queue).rowCount).toBe(0);
});

test("doubles the time to yield if no other process acquires, and later starts again", () => {
  const queue = new LocalQueue();
  const clock = new VirtualClock();
  let last = enter(queue);
  let fence = 10;
  const hold = (ticket: Ticket): void => ticket.holds({ token: "", fence, remaining: () => 1 }, 0);
  hold(last);
  /** The time to yield at the end of a row, if the last grant is `grants` grants ago. */
  const next = (grants: number): number => {
    const ticket = enter(queue);
    queue.noteRivals(["a"], true, clock);
    last.leave();
    ticket.begin(100);
    fence += grants;
    hold(ticket);
    last = ticket;
    return ticket.notBefore - 100;
  };
  expect([1, 1, 1, 1, 1, 1, 1].map(next)).toEqual([5, 10, 20, 40, 80, 5, 10]);
  // Others acquired twice in between, and then not any more.
  expect([3, 1, 1].map(next)).toEqual([20, 5, 10]);
});

test("remembers for a short time the names for which other processes wait", () => {
  const queue = new LocalQueue();
  const clock = new VirtualClock();
  const notBefore = (name: string): number => {
    const ticket = enter(queue, name, clock.monotonic());
    ticket.leave();
    return ticket.notBefore;
  };
  const at = clock.monotonic();
  queue.noteRivals(["a"], true, clock);
  queue.noteRivals(["b"], false, clock);
  expect([notBefore("a"), notBefore("b")]).toEqual([at + 5, 0]);
  clock.pause(3);
  queue.noteRivals(["c"], true, clock);
  clock.pause(2);
  expect([notBefore("a"), notBefore("c")]).toEqual([0, at + 8]);
});
