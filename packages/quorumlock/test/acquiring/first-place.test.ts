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

/** The tickets in the line of an instance. */
function ticketsOn(instance: WatchedInstance): readonly number[] {
  const [, ...entries] = (instance.get(LINE) ?? "").split(";");
  return entries.map((entry) => Number(entry.split(" ")[5]));
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
