import { expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { DistantInstance } from "../support/distant-instance.ts";
import type { WatchedInstance } from "../support/watched-instance.ts";
import { watchedWorld } from "../support/watched-world.ts";

// The first place of a caller in the line of a fair lock, if the instances know different tickets.

const LINE = keySpaceOf("lock:").beside("doc", ["line"])[0]!;
const OPTIONS = { ttl: 60_000, restartGuard: false };

/** Puts a waiter into the line of an instance whose clock is far ahead. Returns its ticket. */
function addWaiter(instance: WatchedInstance, now: number): number {
  const ticket = now + 1_000_000;
  const expiry = now + 60_000;
  instance.set(
    LINE,
    `${expiry + 1} ${expiry} ${ticket};${ticket} aaaaaaaa.1 X ${expiry} 0 ${ticket}`,
    60_000,
  );
  return ticket;
}

/** The tickets of the places in the line of an instance. All waiters have the priority 0. */
function ticketsOn(instance: WatchedInstance): readonly number[] {
  const [, ...entries] = (instance.get(LINE) ?? "").split(";");
  return entries.map((entry) => Number(entry.split(" ")[0]));
}

test("it waits for the reply of an instance that may know a confirmed place", async () => {
  const { clock, instances } = watchedWorld(3, OPTIONS);
  const [first, second, third] = instances as [WatchedInstance, WatchedInstance, WatchedInstance];
  const sources = [first, second, new DistantInstance(third, clock, 5)];
  const redlock = new Redlock(sources, { clock, ...OPTIONS });
  const held = redlock.acquire("doc");
  await clock.advance(100);
  const other = new Redlock(sources, { clock, ...OPTIONS });
  const warm = other.acquire("warm");
  await clock.advance(100);
  await (await warm).release();
  const ticket = addWaiter(third, clock.wall());
  first.disconnect();
  void other
    .fair("doc")
    .acquire({ wait: Infinity })
    .catch(() => undefined);
  await clock.advance(200);
  expect(ticketsOn(second)).toEqual([ticket + 1]);
  expect(ticketsOn(third)).toEqual([ticket, ticket + 1]);
  await held;
  const closed = Promise.all([redlock.close(), other.close()]);
  await clock.advance(5_000);
  await closed;
});

test("a caller that joined without a ticket moves to its place when it has one", async () => {
  const world = watchedWorld(3, OPTIONS);
  const { clock, instances } = world;
  const [first, second, third] = instances as [WatchedInstance, WatchedInstance, WatchedInstance];
  const [redlock, other] = [world.client(), world.client()];
  await redlock.acquire("doc");
  await (await other.acquire("warm")).release();
  const ticket = addWaiter(first, clock.wall());
  first.disconnect();
  third.losesRequests = true;
  void other
    .fair("doc")
    .acquire({ wait: Infinity })
    .catch(() => undefined);
  await clock.advance(2_000);
  const [before = Infinity] = ticketsOn(second);
  first.reconnect();
  await clock.advance(3_000);
  expect(before).toBeLessThan(ticket);
  expect(ticketsOn(second)).toEqual([ticket + 1]);
  third.losesRequests = false;
  const closed = Promise.all([redlock.close(), other.close()]);
  await clock.advance(5_000);
  await closed;
});

/** Two callers of one client, the first of which waits behind a holder of another client. */
async function waitingPair() {
  const world = watchedWorld(3, OPTIONS);
  const { clock, instances } = world;
  const [holder, other] = [world.client(), world.client()];
  const held = await holder.acquire("doc");
  const lock = other.fair("doc");
  const first = lock.acquire({ wait: Infinity });
  await clock.advance(100);
  const requests = (): number[] => instances.map((instance) => instance.countOperations("modes.acquire"));
  const waitFor = async (name: string): Promise<void> => {
    other
      .fair(name)
      .acquire({ wait: Infinity })
      .catch(() => undefined);
    await clock.advance(100);
  };
  const close = async (): Promise<void> => {
    const closed = Promise.all([holder.close(), other.close()]);
    await clock.advance(5_000);
    await closed;
  };
  return { clock, instances, holder, held, lock, first, requests, waitFor, close };
}

test("a caller that finds others of its client in line joins the line with its first attempt", async () => {
  const { clock, instances, held, lock, first, requests, close } = await waitingPair();
  const before = requests();
  const second = lock.acquire({ wait: Infinity });
  await clock.advance(100);
  expect(requests()).toEqual(before.map((count) => count + 1));
  const [tickets = [], ...others] = instances.map(ticketsOn);
  expect(tickets).toHaveLength(2);
  expect(tickets[1]).toBeGreaterThan(tickets[0] ?? Infinity);
  expect(others).toEqual([tickets, tickets]);
  await held.release();
  await clock.advance(10);
  await (await first).release();
  await clock.advance(10);
  await (await second).release();
  await close();
});

test("a proposed ticket is not larger than that of a confirmed place: the caller takes a larger one", async () => {
  const { clock, instances, first, lock, requests, close } = await waitingPair();
  const ticket = addWaiter(instances[2]!, clock.wall());
  const before = requests();
  const second = lock.acquire({ wait: Infinity });
  await clock.advance(100);
  expect(requests()).toEqual(before.map((count) => count + 2));
  expect(instances.map((instance) => ticketsOn(instance).at(-1))).toEqual([
    ticket + 1,
    ticket + 1,
    ticket + 1,
  ]);
  for (const caller of [first, second]) caller.catch(() => undefined);
  await close();
});

test("a proposed ticket is behind a larger one on each instance that knows that", async () => {
  const { clock, instances, first, lock, close } = await waitingPair();
  const [one, two, three] = instances as [WatchedInstance, WatchedInstance, WatchedInstance];
  const ticket = addWaiter(three, clock.wall());
  one.losesRequests = true;
  two.losesRequests = true;
  const second = lock.acquire({ wait: Infinity });
  await clock.advance(20);
  expect(ticketsOn(three)).toEqual([ticket, ticket + 1]);
  one.losesRequests = false;
  two.losesRequests = false;
  for (const caller of [first, second]) caller.catch(() => undefined);
  await close();
});

test("a proposed ticket that only half of four instances have accepted is not used", async () => {
  const { clock, instances } = watchedWorld(4, OPTIONS);
  const sources = instances.map((instance, index) => new DistantInstance(instance, clock, index < 2 ? 1 : 3));
  const [holder, other] = [
    new Redlock(sources, { clock, ...OPTIONS }),
    new Redlock(sources, { clock, ...OPTIONS }),
  ];
  const held = holder.acquire("doc");
  await clock.advance(100);
  const lock = other.fair("doc");
  const callers = [lock.acquire({ wait: Infinity })];
  await clock.advance(100);
  // The two distant ones know a larger ticket, and they reply when the others have decided the attempt.
  const ticket = addWaiter(instances[2]!, clock.wall());
  addWaiter(instances[3]!, clock.wall());
  callers.push(lock.acquire({ wait: Infinity }));
  await clock.advance(100);
  const latest = instances.map((instance) => ticketsOn(instance).at(-1));
  expect(new Set(latest)).toEqual(new Set([ticket + 1]));
  for (const caller of callers) caller.catch(() => undefined);
  await held;
  const closed = Promise.all([holder.close(), other.close()]);
  await clock.advance(5_000);
  await closed;
});

test("a line whose tickets are far ahead says nothing about those of other lines", async () => {
  const { clock, instances, holder, first, requests, waitFor, close } = await waitingPair();
  await holder.acquire("other");
  await waitFor("other");
  addWaiter(instances[2]!, clock.wall());
  await waitFor("doc");
  const before = requests();
  await waitFor("other");
  expect(requests()).toEqual(before.map((count) => count + 1));
  first.catch(() => undefined);
  await close();
});
