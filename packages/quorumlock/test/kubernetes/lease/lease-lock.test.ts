import { describe, expect, it } from "vitest";
import {
  LockAbortedError,
  LockLostError,
  LockReleasedError,
  LockTimeoutError,
  QuorumError,
  when,
  withFallback,
} from "../../../src/index.ts";
import type { LeaseObject } from "../../../src/kubernetes/index.ts";
import { LeaseWorld, type SentRequest, type Way } from "../../support/lease-world.ts";
import { StatusError } from "../../support/kubernetes-api/status.ts";
import { settle, type VirtualClock } from "../../support/virtual-clock.ts";

/** Advances the virtual time until the promise is settled. */
async function during<T>(clock: VirtualClock, promise: Promise<T>, maxMs = 120_000): Promise<T> {
  const state = { isSettled: false };
  const settled = promise.finally(() => (state.isSettled = true));
  settled.catch(() => undefined);
  for (let ms = 0; ms < maxMs && !state.isSettled; ms += 10) await clock.advance(10);
  if (!state.isSettled) throw new Error(`not settled after ${maxMs} ms`);
  return settled;
}

/** A message that never arrives. */
const LOST: Way = { requestMs: undefined, replyMs: undefined };

describe("a Lease that nobody uses", () => {
  it("is created once, and then costs one request for each acquisition and one for each release", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    const first = await during(world.clock, a.acquire());
    expect(world.requests.map(({ verb }) => verb)).toEqual(["get", "create", "update"]);
    expect(await during(world.clock, first.release())).toBe(true);
    expect(world.lease?.spec).toMatchObject({ holderIdentity: "", leaseTransitions: first.fence });
    world.requests.length = 0;
    const second = await during(world.clock, a.acquire());
    expect(second.fence).toBe(first.fence + 1);
    expect(second.token).not.toBe(first.token);
    await during(world.clock, second.release());
    expect(world.requests.map(({ verb }) => verb)).toEqual(["update", "update"]);
  });

  it("has the token, the ttl in whole seconds and the fence of its holder", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("worker-7:31").acquire({ ttl: 2_500 }));
    expect(world.lease?.spec).toMatchObject({
      holderIdentity: lock.token,
      leaseDurationSeconds: 3,
      leaseTransitions: lock.fence,
    });
    expect(lock.token).toMatch(/^[0-9a-f]{32}@worker-7:31$/);
    expect(lock.ttl).toBe(2_500);
    expect(lock.remaining()).toBeLessThanOrEqual(2_500 - 27);
    expect(lock.names).toEqual(["jobs/nightly"]);
  });

  it("keeps the labels and the unknown fields of its object", async () => {
    const world = new LeaseWorld();
    const object = { metadata: { name: "nightly", labels: { team: "billing" } }, spec: { strategy: "x" } };
    world.carryOut("create", object as LeaseObject);
    const lock = await during(world.clock, world.process("a").acquire());
    await during(world.clock, lock.release());
    expect(world.lease).toMatchObject({ metadata: { labels: { team: "billing" } }, spec: { strategy: "x" } });
  });

  it("has larger fences than before after it was deleted", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    for (let round = 0; round < 3; round += 1)
      await during(
        world.clock,
        a.lockable.using(() => undefined),
      );
    const before = world.lease?.spec?.leaseTransitions ?? 0;
    const createdAt = new Date(String(world.lease?.metadata?.creationTimestamp)).getTime() / 1_000;
    expect(before).toBe(createdAt - 1_577_836_800 + 3);
    world.delete();
    const later = new Date((createdAt + 60) * 1_000).toISOString();
    const create = world.store.create.bind(world.store);
    world.store.create = (target, body) => {
      const created = create(target, body);
      created.metadata.creationTimestamp = later;
      return created;
    };
    const lock = await during(world.clock, a.acquire());
    expect(lock.fence).toBe(createdAt + 60 - 1_577_836_800 + 1);
    expect(lock.fence).toBeGreaterThan(before);
  });
});

describe("a Lease that another process holds", () => {
  it("is not taken while its holder extends it, and a waiter gets it after the release", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire());
    const b = world.process("b");
    const acquiring = b.acquire({ wait: 300_000 });
    await world.clock.advance(120_000);
    expect(lock.isHeld).toBe(true);
    await during(world.clock, lock.release());
    const next = await during(world.clock, acquiring, 1_300);
    expect(next.fence).toBe(lock.fence + 1);
  });

  it("is taken after it has not changed for its duration on the clock of the taker, whatever the clocks show", async () => {
    for (const wallMs of [-86_400_000, 0, 86_400_000]) {
      const world = new LeaseWorld();
      const a = world.process("a");
      const lock = await during(world.clock, a.acquire({ ttl: 10_000 }));
      a.pausable.pause();
      await world.clock.advance(60_000);
      const b = world.process("b", {}, { wallMs });
      const startedAt = world.clock.monotonic();
      const next = await during(world.clock, b.acquire());
      // Its first look began the count, although the lease had ended long before.
      const waitedMs = world.clock.monotonic() - startedAt;
      expect(waitedMs).toBeGreaterThanOrEqual(10_000);
      expect(waitedMs).toBeLessThan(10_050);
      expect(next.fence).toBe(lock.fence + 1);
      expect(lock.isHeld).toBe(false);
    }
  });

  it("is taken at once by a call that has seen the same record long before", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    await during(world.clock, a.acquire({ ttl: 10_000 }));
    a.pausable.pause();
    const b = world.process("b");
    expect(await during(world.clock, b.lockable.tryAcquire())).toBeNull();
    await world.clock.advance(9_000);
    expect(await during(world.clock, b.lockable.tryAcquire())).toBeNull();
    await world.clock.advance(1_000);
    expect(await during(world.clock, b.lockable.tryAcquire())).not.toBeNull();
  });

  it("ends a wait with an error that names the holder", async () => {
    const world = new LeaseWorld();
    await during(world.clock, world.process("billing-7:31").acquire());
    const error = await during(
      world.clock,
      world
        .process("b")
        .acquire({ wait: 3_000 })
        .catch((thrown: unknown) => thrown),
    );
    expect(error).toBeInstanceOf(LockTimeoutError);
    expect((error as LockTimeoutError).message).toMatch(
      /^the lock on "jobs\/nightly" was not acquired within 3000 ms: held by billing-7:31 for up to \d+ ms more/,
    );
    expect((error as LockTimeoutError).isHeld).toBe(true);
  });

  it("is read about once in each poll interval, however many callers of a process wait", async () => {
    const world = new LeaseWorld();
    await during(world.clock, world.process("a").acquire());
    const b = world.process("b", { wait: 60_000 });
    const waits = Array.from({ length: 50 }, () => b.acquire().catch(() => undefined));
    await world.clock.advance(50_000);
    expect(world.count("get", "b")).toBeGreaterThanOrEqual(40);
    expect(world.count("get", "b")).toBeLessThanOrEqual(62);
    expect(world.count("update", "b")).toBe(0);
    await world.clock.advance(20_000);
    await Promise.all(waits);
    expect(await during(world.clock, b.lockable.query())).toMatchObject({ isHeld: true, waiters: 0 });
  });

  it("stops waiting when the signal of the caller aborts, also for callers behind others", async () => {
    const world = new LeaseWorld();
    await during(world.clock, world.process("a").acquire());
    const b = world.process("b");
    const controllers = [new AbortController(), new AbortController()];
    const waits = controllers.map(({ signal }) => b.acquire({ signal }).catch((thrown: unknown) => thrown));
    await world.clock.advance(2_000);
    for (const controller of controllers.toReversed()) controller.abort(new Error("shut down"));
    for (const error of await Promise.all(waits)) {
      expect(error).toBeInstanceOf(LockAbortedError);
      expect((error as Error).cause).toEqual(new Error("shut down"));
    }
    const aborted = b.acquire({ signal: AbortSignal.abort() }).catch((thrown: unknown) => thrown);
    expect(await aborted).toBeInstanceOf(LockAbortedError);
    expect(await during(world.clock, b.lockable.tryAcquire())).toBeNull();
  });

  it("shows its holder in a query", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    expect(await during(world.clock, a.lockable.query())).toMatchObject({
      isHeld: false,
      holders: [],
      waiters: 0,
    });
    const lock = await during(world.clock, a.acquire());
    const { holders, isHeld } = await during(world.clock, world.process("b").lockable.query());
    expect(isHeld).toBe(true);
    expect(holders).toMatchObject([{ token: lock.token, owner: "a", votes: 1, thisProcess: true }]);
  });
});

describe("callers of one process", () => {
  it("get the lock in the order in which they came", async () => {
    const world = new LeaseWorld();
    const { lockable } = world.process("a");
    const order: number[] = [];
    const calls = [1, 2, 3].map((number) => lockable.using(() => void order.push(number)));
    await during(world.clock, Promise.all(calls));
    expect(order).toEqual([1, 2, 3]);
    expect(world.count("get")).toBe(1);
  });

  it("do not wait with a wait of 0", async () => {
    const world = new LeaseWorld();
    const { lockable } = world.process("a");
    await during(world.clock, lockable.acquire());
    expect(await lockable.tryUsing(() => 1)).toEqual({ acquired: false });
    expect(world.count("get")).toBe(1);
  });
});

describe("a held lock", () => {
  it("extends itself each third of its ttl, and ends with its process", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire({ ttl: 9_000 }));
    await world.clock.advance(9_100);
    expect(world.count("update")).toBe(4);
    expect(lock.isHeld).toBe(true);
    expect(world.clock.keepAliveTimers).toBe(0);
  });

  it("is lost at the end of its lease if the API server is away, and its signal says so", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire({ ttl: 10_000 }));
    world.isDown = true;
    await world.clock.advance(9_800);
    expect(lock.signal.aborted).toBe(false);
    await world.clock.advance(200);
    expect(lock.signal.reason).toBeInstanceOf(LockLostError);
    expect((lock.signal.reason as Error).cause).toBeInstanceOf(QuorumError);
    expect(lock.isHeld).toBe(false);
    await expect(lock.extend()).rejects.toBeInstanceOf(LockLostError);
    world.requests.length = 0;
    await world.clock.advance(60_000);
    expect(world.requests).toEqual([]);
  });

  it("survives an outage that is shorter than its lease, without hammering", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire());
    world.isDown = true;
    await world.clock.advance(10_000);
    expect(world.count("update")).toBeLessThan(15);
    world.isDown = false;
    await world.clock.advance(60_000);
    expect(lock.isHeld).toBe(true);
  });

  it("is lost if somebody else has written another holder, released it or deleted it", async () => {
    const edits: readonly [(world: LeaseWorld) => void, RegExp][] = [
      [(world) => world.edit({ holderIdentity: "0".repeat(32) + "@thief" }), /another holder/],
      [(world) => world.edit({ holderIdentity: "" }), /released by somebody else/],
      [(world) => world.delete(), /deleted/],
    ];
    for (const [edit, why] of edits) {
      const world = new LeaseWorld();
      const a = world.process("a");
      const losses: unknown[] = [];
      a.lockable.on("lock:lost", ({ cause, takenBy }) => losses.push([cause, takenBy]));
      const lock = await during(world.clock, a.acquire());
      edit(world);
      await world.clock.advance(5_100);
      expect(String(lock.signal.reason)).toMatch(why);
      expect(losses).toEqual([["taken", String(why).includes("another") ? "thief" : undefined]]);
      expect(await lock.release()).toBe(false);
    }
  });

  it("leaves the record of the next holder alone if it is released after it was taken away", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire());
    world.edit({ holderIdentity: "somebody" });
    await expect(during(world.clock, lock.extend())).rejects.toBeInstanceOf(LockLostError);
    expect(await lock.release()).toBe(false);
    await world.clock.advance(1_000);
    expect(world.lease?.spec?.holderIdentity).toBe("somebody");
  });

  it("empties its record if it is released after its lease has ended, so that others need not wait", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire({ autoExtend: false }));
    await world.clock.advance(20_000);
    expect(lock.signal.aborted).toBe(true);
    expect(await lock.release()).toBe(false);
    await world.clock.advance(100);
    expect(world.lease?.spec?.holderIdentity).toBe("");
  });

  it("is released, not lost, if a proxy sends the release twice", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    const lost: unknown[] = [];
    a.lockable.on("lock:lost", (event) => lost.push(event));
    const lock = await during(world.clock, a.acquire());
    world.way = () => ({ requestMs: 1, replyMs: 1, isTwice: true });
    expect(await during(world.clock, lock.release())).toBe(true);
    expect(lost).toEqual([]);
  });

  it("notices at the release that it was taken away", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire());
    world.edit({ holderIdentity: "somebody" });
    expect(await during(world.clock, lock.release())).toBe(false);
    expect(lock.signal.reason).toBeInstanceOf(LockLostError);
    expect(world.lease?.spec?.holderIdentity).toBe("somebody");
  });

  it("survives edits that do not concern its holder", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire());
    for (let round = 0; round < 5; round += 1) {
      world.edit({ preferredHolder: String(round) } as object);
      await world.clock.advance(6_000);
    }
    expect(lock.isHeld).toBe(true);
    world.edit({ preferredHolder: "x" } as object);
    expect(await during(world.clock, lock.release())).toBe(true);
  });

  it("counts its lease from before the request, also after an extension", async () => {
    const world = new LeaseWorld();
    world.way = () => ({ requestMs: 400, replyMs: 400 });
    const lock = await during(world.clock, world.process("a").acquire({ ttl: 10_000, autoExtend: false }));
    expect(lock.remaining()).toBeLessThanOrEqual(10_000 - 102 - 800);
    await during(world.clock, lock.extend());
    expect(lock.remaining()).toBeLessThanOrEqual(10_000 - 102 - 800);
  });

  it("is lost if the confirmation of an extension comes after the end of its lease", async () => {
    const world = new LeaseWorld();
    const a = world.process("a", { requestTimeout: 30_000 });
    const lock = await during(world.clock, a.acquire({ ttl: 3_000, autoExtend: false }));
    world.way = () => ({ requestMs: 10, replyMs: 4_000 });
    await expect(during(world.clock, lock.extend())).rejects.toBeInstanceOf(LockLostError);
    expect(lock.isHeld).toBe(false);
  });

  it("keeps the long duration in its record when it is extended to a shorter ttl", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire({ ttl: 20_000 }));
    world.way = () => ({ requestMs: 1, replyMs: undefined });
    // The write is carried out, but the holder does not know, and relies on its 20 s.
    await expect(during(world.clock, lock.extend(1_000))).rejects.toBeInstanceOf(QuorumError);
    expect(world.lease?.spec?.leaseDurationSeconds).toBe(20);
    expect(lock.remaining()).toBeGreaterThan(15_000);
  });

  it("cannot be extended after its release, nor detached", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire());
    await expect(lock.detach()).rejects.toThrow("a lease lock cannot be detached");
    await during(world.clock, lock.release());
    await expect(lock.extend()).rejects.toBeInstanceOf(LockReleasedError);
    expect(await lock.release()).toBe(false);
  });

  it("is released at the end of a block, which throws if it was lost before", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    const work = async (): Promise<void> => {
      await using lock = await a.acquire({ ttl: 2_000 });
      world.isDown = lock.isHeld;
      await new Promise((resolve) => world.clock.setTimer(3_000, () => resolve(undefined), true));
    };
    await expect(during(world.clock, work())).rejects.toBeInstanceOf(LockLostError);
  });

  it("reports its course as events, like every lock", async () => {
    const world = new LeaseWorld();
    const { lockable } = world.process("a");
    const seen: string[] = [];
    const names = [
      "lock:acquire:started",
      "lock:acquire:succeeded",
      "lock:acquire:failed",
      "lock:wait:started",
      "lock:wait:ended",
      "lock:extended",
      "lock:released",
    ] as const;
    for (const name of names) lockable.on(name, ({ id }) => seen.push(`${id} ${name}`));
    const using = lockable.using(
      () => new Promise((resolve) => world.clock.setTimer(5_500, () => resolve(undefined), true)),
    );
    await settle();
    const failing = lockable.acquire({ wait: 1_000 }).catch(() => undefined);
    await during(world.clock, Promise.all([using, failing]));
    expect(seen).toEqual([
      "1 lock:acquire:started",
      "2 lock:acquire:started",
      "2 lock:wait:started",
      "1 lock:acquire:succeeded",
      "2 lock:wait:ended",
      "2 lock:acquire:failed",
      "1 lock:extended",
      "1 lock:released",
    ]);
  });
});

describe("a request whose outcome is not known", () => {
  /** Loses the reply of the first update. */
  const loseReply = (world: LeaseWorld): void => {
    let isFirst = true;
    world.way = ({ verb }) => {
      if (verb !== "update" || !isFirst) return { requestMs: 1, replyMs: 1 };
      isFirst = false;
      return { requestMs: 1, replyMs: undefined };
    };
  };

  it("is read back: the acquisition that was carried out is the holder, with one fence", async () => {
    const world = new LeaseWorld();
    loseReply(world);
    const lock = await during(world.clock, world.process("a").acquire());
    expect(world.lease?.spec).toMatchObject({ holderIdentity: lock.token, leaseTransitions: lock.fence });
    // Its lease counts from the write that was confirmed.
    expect(world.requests.map(({ verb }) => verb)).toEqual(["get", "create", "update", "get", "update"]);
    expect(lock.remaining()).toBeGreaterThan(14_000);
  });

  it("is read back by a call that does not wait", async () => {
    const world = new LeaseWorld();
    loseReply(world);
    const lock = await during(world.clock, world.process("a").lockable.tryAcquire());
    expect(lock?.isHeld).toBe(true);
  });

  it("is settled when nobody waits for it any more: the Lease is free, and the late write is refused", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    await during(
      world.clock,
      a.lockable.using(() => undefined),
    );
    const before = world.lease?.spec?.leaseTransitions;
    world.way = ({ verb, process }) =>
      verb === "update" && process === "a" && world.count("update", "a") === 3
        ? { requestMs: 5_000, replyMs: 1 }
        : { requestMs: 1, replyMs: 1 };
    await expect(during(world.clock, a.acquire({ wait: 100 }))).rejects.toBeInstanceOf(QuorumError);
    await world.clock.advance(10_000);
    expect(world.lease?.spec).toMatchObject({ holderIdentity: "", leaseTransitions: before });
    expect(await during(world.clock, world.process("b").lockable.tryAcquire())).not.toBeNull();
  });

  it("is released when nobody waits for it any more, if it was carried out", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    await during(
      world.clock,
      a.lockable.using(() => undefined),
    );
    world.way = ({ verb }) =>
      verb === "update" && world.count("update") === 3
        ? { requestMs: 1, replyMs: 9_000 }
        : { requestMs: 1, replyMs: 1 };
    const controller = new AbortController();
    const acquiring = a.acquire({ signal: controller.signal }).catch((thrown: unknown) => thrown);
    await world.clock.advance(50);
    expect(world.lease?.spec?.holderIdentity).not.toBe("");
    controller.abort();
    expect(await acquiring).toBeInstanceOf(LockAbortedError);
    await world.clock.advance(50);
    expect(world.lease?.spec?.holderIdentity).toBe("");
  });

  it("is not mistaken for the acquisition of another caller of the process", async () => {
    const world = new LeaseWorld();
    const [one, two] = [world.process("a"), world.process("a")];
    const lock = await during(world.clock, one.acquire());
    expect(await during(world.clock, two.lockable.tryAcquire())).toBeNull();
    expect(lock.isHeld).toBe(true);
  });

  it("leaves a release confirmed if the Lease has no holder any more", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire());
    loseReply(world);
    expect(await during(world.clock, lock.release())).toBe(true);
  });

  it("leaves a release unconfirmed while the API server is away, with a clear error", async () => {
    const world = new LeaseWorld();
    const lock = await during(world.clock, world.process("a").acquire());
    world.isDown = true;
    const error = await during(
      world.clock,
      lock.release().catch((thrown: unknown) => thrown),
    );
    expect(String(error)).toMatch(
      /^QuorumError: "jobs\/nightly": the API server did not confirm the release.*\n  the API server: cannot be reached: connect ECONNREFUSED/s,
    );
    expect(lock.isHeld).toBe(false);
  });
});

describe("an API server that does not help", () => {
  it("ends the wait with the reason if it is away, and is not hammered meanwhile", async () => {
    const world = new LeaseWorld();
    world.isDown = true;
    const error = await during(
      world.clock,
      world
        .process("a")
        .acquire({ wait: 30_000 })
        .catch((thrown: unknown) => thrown),
    );
    expect(String(error)).toBe(
      'QuorumError: "jobs/nightly": the API server did not answer within 30000 ms\n' +
        "  the API server: cannot be reached: connect ECONNREFUSED 10.0.0.1:443",
    );
    expect(world.requests.length).toBeGreaterThan(5);
    expect(world.requests.length).toBeLessThan(20);
    const startedAt = world.clock.monotonic();
    await expect(during(world.clock, world.process("b").lockable.tryAcquire())).rejects.toBeInstanceOf(
      QuorumError,
    );
    expect(world.clock.monotonic() - startedAt).toBeLessThan(50);
  });

  it("is given up after the time limit of a request if it hangs", async () => {
    const world = new LeaseWorld();
    world.way = () => LOST;
    const a = world.process("a", { requestTimeout: 700 });
    const startedAt = world.clock.monotonic();
    await expect(during(world.clock, a.lockable.tryAcquire())).rejects.toThrow(
      "did not answer the request to get the Lease within 700 ms",
    );
    expect(world.clock.monotonic() - startedAt).toBeLessThan(750);
    await expect(during(world.clock, a.lockable.query())).rejects.toBeInstanceOf(QuorumError);
  });

  it.each(["get", "create", "update"] as const)(
    "names the verb that is missing in the role: %s",
    async (verb) => {
      const world = new LeaseWorld();
      world.refusal = (request: SentRequest) =>
        request.verb === verb
          ? new StatusError(
              403,
              "Forbidden",
              `leases.coordination.k8s.io "nightly" is forbidden: User "u" cannot ${verb} resource "leases"`,
            )
          : undefined;
      const startedAt = world.clock.monotonic();
      const error = await during(
        world.clock,
        world
          .process("a")
          .acquire()
          .catch((thrown: unknown) => thrown),
      );
      expect(String(error)).toContain(`cannot ${verb} resource "leases"`);
      expect(String(error)).toContain(`the role needs the verb "${verb}" on leases of coordination.k8s.io`);
      expect(world.clock.monotonic() - startedAt).toBeLessThan(50);
    },
  );

  it("says that the namespace does not exist", async () => {
    const world = new LeaseWorld();
    world.refusal = ({ verb }) =>
      verb === "create" ? new StatusError(404, "NotFound", 'namespaces "jobs" not found') : undefined;
    await expect(during(world.clock, world.process("a").acquire())).rejects.toThrow(
      'the API server: has no namespace "jobs": namespaces "jobs" not found; create it, or check the name',
    );
  });

  it("is asked again after a while if it is overloaded or restarts", async () => {
    const world = new LeaseWorld();
    let left = 3;
    world.refusal = () =>
      (left -= 1) >= 0 ? new StatusError(left === 0 ? 429 : 503, "x", "busy") : undefined;
    const lock = await during(world.clock, world.process("a").acquire());
    expect(lock.isHeld).toBe(true);
    expect(world.requests.length).toBeLessThan(8);
  });
});

describe("around a lease lock", () => {
  it("a condition and a fallback work as around every lock", async () => {
    const world = new LeaseWorld();
    const a = world.process("a");
    const conditional = when(a.lockable, () => true);
    expect(
      await during(
        world.clock,
        conditional.using((lock) => lock.isHeld),
      ),
    ).toBe(true);
    world.isDown = true;
    const tiered = withFallback(world.process("b", { wait: 1_000 }).lockable, [], {
      local: true,
      safeSwitch: false,
    });
    const tier = await during(
      world.clock,
      tiered.using((lock) => lock.tier),
    );
    expect(tier).toBe("local");
  });
});
