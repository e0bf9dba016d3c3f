import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { type Lock, type Redlock, withCircuitBreaker } from "../../src/index.ts";
import { findingsOf } from "../support/findings.ts";
import { settle } from "../support/virtual-clock.ts";
import { world } from "../support/world.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Collects garbage until the condition holds, because finalizers run some turns later. */
async function collectUntil(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 50 && !isDone(); turn++) {
    collectGarbage();
    await settle();
  }
}

function diagnosed(options = {}) {
  const { redlock, clock } = world(3, { diagnostics: true, ...options });
  return { redlock, clock, findings: findingsOf(redlock) };
}

describe("not-released", () => {
  test("reports a lock whose object is collected while it is held, once for each place", async () => {
    const { redlock, findings } = diagnosed();
    const forget = async (name: string): Promise<void> => {
      const lock = await redlock.acquire(name);
      expect(lock.isHeld).toBe(true);
    };
    await forget("a");
    await collectUntil(() => findings.length > 0);
    expect(findings).toEqual([
      {
        id: "not-released",
        names: ["a"],
        message: expect.stringMatching(
          /^the lock on "a" was not released, and its Lock object is garbage-collected: it extends itself/,
        ) as string,
        stacks: [expect.stringMatching(/^at forget .*objects\.test\.ts/) as string],
      },
    ]);
    await forget("b");
    await (async () =>
      void (await withCircuitBreaker(redlock.mutex("c")).tryAcquire({ autoExtend: false })))();
    await collectUntil(() => findings.length > 1);
    expect(findings.map(({ names }) => names)).toEqual([["a"], ["c"]]);
    expect(findings[1]!.message).toMatch(/others wait for it until its ttl is over/);
  });

  test("reports nothing for locks that are released, converted, detached or still in use", async () => {
    const { redlock, findings, clock } = diagnosed();
    const keepers: Lock[] = [];
    await (async () => {
      await (await redlock.acquire("released")).release();
      const writing = await (await redlock.readWrite("converted").read.acquire()).upgrade();
      keepers.push(writing, await redlock.acquire("in use"));
      const description = await (await redlock.acquire("detached")).detach();
      await (await redlock.attach(description)).release();
      const lost = await redlock.acquire("lost", { ttl: 100, autoExtend: false });
      await clock.advance(200);
      expect(lost.isHeld).toBe(false);
      await redlock.using("routine", () => undefined);
    })();
    let isCollected = false;
    const probe = new FinalizationRegistry(() => (isCollected = true));
    (() => probe.register({}, 0))();
    await collectUntil(() => isCollected);
    await collectUntil(() => false);
    expect(isCollected).toBe(true);
    expect(findings).toEqual([]);
    for (const lock of keepers) expect(await lock.release()).toBe(true);
  });

  test("reports a converted lock once, when both objects are collected", async () => {
    const { redlock, findings } = diagnosed();
    await (async () => {
      const reading = await redlock.readWrite("a").read.acquire();
      await reading.upgrade();
    })();
    await collectUntil(() => findings.length > 0);
    expect(findings.map(({ id, names }) => [id, names])).toEqual([["not-released", ["a"]]]);
  });
});

test("the lock that a caller gets has the members of its kind", async () => {
  const { redlock } = diagnosed();
  await conform(redlock);
  await conform(diagnosed({ diagnostics: false }).redlock);

  async function conform(client: Redlock): Promise<void> {
    const lock = await client.acquire(["a", "b"]);
    expect(lock).toMatchObject({ names: ["a", "b"], isHeld: true, ttl: 10_000 });
    expect(JSON.parse(JSON.stringify(lock))).toMatchObject({ names: ["a", "b"], fence: lock.fence });
    await lock.extend(5_000);
    expect(lock.ttl).toBe(5_000);
    expect(lock.signal).toBe(lock.signal);
    expect(await lock.release()).toBe(true);
    await expect(lock.extend()).rejects.toMatchObject({ code: "LOCK_RELEASED" });
    const permits = await client.semaphore("s", { permits: 5 }).acquire({ permits: 2 });
    expect(permits.slots).toHaveLength(2);
    {
      await using disposed = permits;
      expect(disposed.isHeld).toBe(true);
    }
    expect(permits.isHeld).toBe(false);
    const { read, write } = client.readWrite("r");
    const writing = await write.acquire();
    const reading = await writing.downgrade();
    const upgraded = await reading.upgrade();
    expect(await read.tryAcquire()).toBeNull();
    expect(await upgraded.release()).toBe(true);
    await write.using(async (held) => {
      await (await held.downgrade()).upgrade();
      expect(await read.tryAcquire().catch((error: { code: string }) => error.code)).toBe(
        client === redlock ? "LOCK_REENTRANT" : null,
      );
    });
  }
});
