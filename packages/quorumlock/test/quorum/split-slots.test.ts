import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { isYes, type Reply, type Request } from "../../src/operations/request.ts";
import { slotsKind } from "../../src/operations/slots.ts";
import { permitsOf } from "../../src/operations/slots-target.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

// Votes of different members can be for different slots.

/** Records the requests, and can replace what a vote says. */
class VotingInstance extends MemoryInstance {
  readonly requests: Request[] = [];
  /** The slots of the next votes, one after the other. The request itself is not carried out. */
  votes: string[] = [];
  /** The replies to the next commits. */
  commits: Reply[] = [];
  fence = 100;

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    for (const request of requests) {
      this.requests.push(request);
      const isVote = request.operation.name === "slots.acquire" && this.votes.length > 0;
      if (isVote) replies.push([1, this.fence, this.votes.shift()!, "", "0000000000"]);
      else if (request.operation.name === "slots.commit" && this.commits.length > 0)
        replies.push(this.commits.shift()!);
      else replies.push(...(await super.run([request])));
    }
    return replies;
  }

  sent(operation: string): readonly Request[] {
    return this.requests.filter((request) => request.operation.name === operation);
  }

  clear(): void {
    this.requests.length = 0;
  }
}

async function createWorld(permits: number) {
  const clock = new VirtualClock();
  const instances = [0, 1, 2].map((index) => new VotingInstance({ clock, label: `m${index}` }));
  const redlock = new Redlock(instances, { clock, ttl: 10_000, restartGuard: false });
  await redlock.using("warm", () => undefined);
  await settle();
  for (const instance of instances) instance.clear();
  const pool = redlock.semaphore("pool", { permits });
  /** Another client holds slots on one member only. */
  const occupy = async (member: number, slots: string, count: number): Promise<void> => {
    const size = { total: permits, stamp: 0 };
    const owner = { token: `ghost of m${member} at ${slots}`, prefix: "lock:", fence: 0, isWithdrawn: false };
    const target = { ...permitsOf("pool", count, size, 0), prefer: slots };
    const [reply] = await instances[member]!.run([slotsKind.acquire(target, owner, 60_000, undefined)]);
    expect(isYes(reply!) && typeof reply === "object" && reply[2]).toBe(slots);
    instances[member]!.clear();
  };
  return { clock, instances, redlock, pool, occupy };
}

/** The members on which the token holds exactly these slots. */
async function holdersOf(
  instances: readonly VotingInstance[],
  token: string,
  slots: readonly number[],
): Promise<readonly number[]> {
  const owner = { token, prefix: "lock:", fence: 0, isWithdrawn: false };
  const target = { ...permitsOf("pool", 1, { total: 1_000, stamp: 0 }, 0), slots: slots.join(" ") };
  const replies = await Promise.all(
    instances.map((instance) => instance.run([slotsKind.commit(target, owner, 1)])),
  );
  return replies.flatMap(([reply], member) => (isYes(reply!) ? [member] : []));
}

test("a split vote is settled on a slot that is free on a majority, by rounds with fresh tokens", async () => {
  const { instances, pool, occupy } = await createWorld(4);
  // Member 0 has the slots 0 and 3 free, member 1 has 1 and 3, and member 2 has 2 and 3.
  await occupy(0, "1-2", 2);
  await occupy(1, "0 2", 2);
  await occupy(2, "0-1", 2);
  let mostRounds = 0;
  for (let turn = 0; turn < 30; turn += 1) {
    for (const instance of instances) instance.clear();
    const lock = await pool.acquire();
    await settle();
    expect(lock.slots).toEqual([3]);
    const tokens = instances[0]!.sent("slots.acquire").map(({ args }) => args[0]);
    mostRounds = Math.max(mostRounds, tokens.length);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens.at(-1)).toBe(lock.token);
    await lock.release();
    await settle();
  }
  expect(mostRounds).toBe(3);
});

test("an attempt that cannot settle gives up, and leaves nothing", async () => {
  const { clock, instances, pool, occupy } = await createWorld(3);
  await occupy(0, "1-2", 2);
  await occupy(1, "0 2", 2);
  await occupy(2, "0-1", 2);
  expect(await pool.tryAcquire()).toBeNull();
  await settle();
  for (const instance of instances) expect(instance.sent("slots.acquire")).toHaveLength(4);
  expect(await pool.available()).toBe(1);
  await clock.advance(70_000);
  expect(await pool.available()).toBe(3);
});

test("votes of an earlier round do not count", async () => {
  const { instances, pool } = await createWorld(10);
  // Over both rounds, two members voted for slot 0, and two for slot 1.
  const votes = [
    ["0", "1", "7"],
    ["1", "0", "8"],
    ["2", "3", "4"],
    ["5", "5", "5"],
  ];
  instances.forEach((instance, member) => (instance.votes = votes.map((round) => round[member]!)));
  const lock = await pool.acquire();
  expect(lock.slots).toEqual([5]);
  for (const instance of instances) expect(instance.sent("slots.acquire")).toHaveLength(4);
  // Nobody has committed slots of an earlier round.
  for (const instance of instances)
    for (const { args } of instance.sent("slots.commit")) expect(args[2]).toBe("5");
  await lock.release();
});

test("a majority of yes votes for different slots wins nothing", async () => {
  const { instances, pool } = await createWorld(10);
  instances.forEach((instance, member) => (instance.votes = Array(4).fill(String(member))));
  expect(await pool.tryAcquire()).toBeNull();
});

test("after a win, the other members get exactly the won slots, and give up strays", async () => {
  const { clock, instances, pool, occupy } = await createWorld(3);
  // Member 2 has slot 2 only, so it votes for another slot than the others, or refuses.
  await occupy(2, "0-1", 2);
  const locks = [await pool.acquire(), await pool.acquire(), await pool.acquire()];
  await settle();
  for (const { token, slots } of locks)
    expect(await holdersOf(instances, token, slots)).toEqual(slots[0] === 2 ? [0, 1, 2] : [0, 1]);
  await clock.advance(5);
  for (const lock of locks) await lock.release();
});

test("a member that refused is asked again after 2, 8, 32 and 128 ms, and not after the release", async () => {
  const { clock, instances, pool, occupy } = await createWorld(2);
  await occupy(2, "0-1", 2);
  const lock = await pool.acquire();
  await clock.advance(200);
  expect(instances[2]!.sent("slots.extend")).toHaveLength(5);
  expect(instances[0]!.sent("slots.extend")).toHaveLength(0);
  await lock.release();
  instances[2]!.clear();
  const second = await pool.acquire();
  await second.release();
  await clock.advance(200);
  expect(instances[2]!.sent("slots.extend")).toHaveLength(1);
});

test("an acknowledgement counts only from a member that voted for the won slots", async () => {
  const { instances, pool } = await createWorld(10);
  // Two members agree on slot 5 with different counters. The third one votes for another slot.
  instances.forEach((instance, member) => (instance.votes = [member < 2 ? "5" : "6"]));
  instances[0]!.fence = 100;
  instances[1]!.fence = 200;
  instances.forEach((instance, member) => (instance.commits = [member === 0 ? [0] : 1]));
  expect(await pool.tryAcquire()).toBeNull();
  for (const instance of instances) {
    const commits = instance.sent("slots.commit").map(({ args }) => args.slice(1));
    expect(commits).toEqual([["200", "5"]]);
  }
});

test("a named waiter prefers the slots that are free for it", async () => {
  const { instances, pool } = await createWorld(5);
  const held = await Promise.all(Array.from({ length: 5 }, () => pool.acquire()));
  const waiting = pool.acquire({ wait: 5_000 });
  await settle();
  for (const instance of instances) instance.clear();
  await held[2]!.release();
  const lock = await waiting;
  expect(lock.slots).toEqual(held[2]!.slots);
  for (const instance of instances)
    expect(instance.sent("slots.acquire").map(({ args }) => args[7])).toEqual([String(lock.slots[0])]);
});

test("several permits: the sets of a majority must be equal", async () => {
  const { instances, pool } = await createWorld(10);
  const votes = [
    // Each of the slots 1 to 3 has two votes.
    ["1-2", "2-3", "1 3"],
    ["4-5", "4-5", "6-7"],
  ];
  instances.forEach((instance, member) => (instance.votes = votes.map((round) => round[member]!)));
  const lock = await pool.acquire({ permits: 2 });
  expect(lock.slots).toEqual([4, 5]);
  await lock.release();
});
