import { describe, expect, test } from "vitest";
import { type LockEvents, Redlock } from "../../src/index.ts";
import { parseMarker } from "../../src/operations/marker.ts";
import { AppendingInstance } from "../support/appending-instance.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

const TTL_MS = 10_000;
/** The window of a ttl of 10 s, with the allowance for drift. */
const WINDOW_MS = 10_102;

function unsafe(redlock: Redlock): LockEvents["instance:unsafe"][] {
  const heard: LockEvents["instance:unsafe"][] = [];
  redlock.on("instance:unsafe", (event) => heard.push(event));
  return heard;
}

describe("a restarted server that keeps an append-only file", () => {
  test("abstains until it has reported `appendfsync always`, then votes at once, without an event", async () => {
    const clock = new VirtualClock();
    const instance = new AppendingInstance({ clock, label: "m0" });
    instance.restart();
    const redlock = new Redlock([instance], { clock, ttl: TTL_MS, requestTimeout: 100, restartGuard: true });
    const heard = unsafe(redlock);
    const first = redlock.tryAcquire("a");
    await settle();
    expect([instance.questions.length, instance.countOperations("mutex.acquire")]).toEqual([1, 0]);
    instance.questions[0]!("always");
    await (await first)!.release();
    expect(heard).toEqual([]);
  });

  test("abstains if the process before it kept no file, because there was nothing to restore", async () => {
    const clock = new VirtualClock();
    const instance = new AppendingInstance({ clock, label: "m0" });
    instance.appends = false;
    const redlock = new Redlock([instance], { clock, ttl: TTL_MS, requestTimeout: 100, restartGuard: true });
    const heard = unsafe(redlock);
    await redlock.using("a", () => undefined);
    for (const appended of [false, true]) {
      instance.appends = true;
      instance.restart();
      await settle();
      for (const answer of instance.questions.splice(0)) answer("always");
      await settle();
      expect([appended, (await redlock.tryAcquire("a").catch(() => null)) !== null]).toEqual([
        appended,
        appended,
      ]);
    }
    expect(heard).toHaveLength(1);
  });

  test("is asked again on the next connection if the answer was lost, and the answer wakes waiters", async () => {
    const clock = new VirtualClock();
    const instance = new AppendingInstance({ clock, label: "m0" });
    instance.restart();
    const redlock = new Redlock([instance], { clock, ttl: TTL_MS, requestTimeout: 100, restartGuard: true });
    const heard = unsafe(redlock);
    const waiting = redlock.acquire("a", { wait: Infinity });
    await clock.advance(1_000);
    // Without an answer it counts as volatile.
    expect(heard).toMatchObject([{ cause: "restart", abstainsMs: WINDOW_MS - 100 }]);
    instance.disconnect();
    instance.reconnect();
    await settle();
    expect(instance.questions).toHaveLength(2);
    instance.questions[1]!("always");
    await (await waiting).release();
    expect(clock.monotonic()).toBe(2_000);
    expect(heard).toHaveLength(1);
  });
});

describe("a server that restarts before it has reported `appendfsync`", () => {
  /** Guards a single server, and answers the questions only when a test says so. */
  function guarded(): { clock: VirtualClock; instance: AppendingInstance; redlock: Redlock } {
    const clock = new VirtualClock();
    const instance = new AppendingInstance({ clock, label: "m0" });
    const redlock = new Redlock([instance], { clock, ttl: TTL_MS, requestTimeout: 100, restartGuard: true });
    return { clock, instance, redlock };
  }

  async function answer(instance: AppendingInstance, question: number, fsync = "always"): Promise<void> {
    instance.questions[question]!(fsync);
    await settle();
  }

  async function restart(instance: AppendingInstance): Promise<void> {
    instance.restart();
    await settle();
  }

  async function expectQuarantine(redlock: Redlock): Promise<void> {
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(/m0: the server restarted \d\.\d s ago/);
  }

  test("abstains, because the process before it may not have written all locks", async () => {
    for (const passedMs of [0, 50, 1_000]) {
      const { clock, instance, redlock } = guarded();
      await redlock.using("warm", () => undefined);
      await clock.advance(passedMs);
      await restart(instance);
      await answer(instance, 1);
      await expectQuarantine(redlock);
    }
  });

  test("abstains also if the answer of the process before it comes late", async () => {
    const { instance, redlock } = guarded();
    await redlock.using("warm", () => undefined);
    await restart(instance);
    await answer(instance, 0);
    await answer(instance, 1);
    await expectQuarantine(redlock);
  });

  test("is not durable by the late answer of an earlier process", async () => {
    const { instance, redlock } = guarded();
    await redlock.using("warm", () => undefined);
    await restart(instance);
    // Only the first process is known to write all locks. The second one never answers.
    await answer(instance, 0);
    await restart(instance);
    await answer(instance, 2);
    await expectQuarantine(redlock);
  });

  test("is asked itself, although the process before it was durable", async () => {
    const { instance, redlock } = guarded();
    await redlock.using("warm", () => undefined);
    await answer(instance, 0);
    await restart(instance);
    await answer(instance, 1, "everysec");
    await expectQuarantine(redlock);
  });

  test("votes at once if the process before it had answered, whenever the two answers come", async () => {
    for (const [firstMs, secondMs] of [
      [0, 0],
      [99, 99],
      [1_000, 0],
      [0, 1_000],
    ] as const) {
      const { clock, instance, redlock } = guarded();
      await redlock.using("warm", () => undefined);
      await clock.advance(firstMs);
      await answer(instance, 0);
      // The time limit of the question passes after the answer.
      await clock.advance(1_000);
      await restart(instance);
      await clock.advance(secondMs);
      await answer(instance, 1);
      await (await redlock.tryAcquire("a"))!.release();
      const marker = parseMarker(instance.get("lock:~server") ?? "");
      expect(marker).toMatchObject({ state: "complete", source: "file" });
    }
  });

  test("keeps its counters for a client without the guard that waits for the answer", async () => {
    const { clock, instance, redlock } = guarded();
    await redlock.using("warm", () => undefined);
    await redlock.close();
    await restart(instance);
    instance.questions.length = 0;
    const unguarded = new Redlock([instance], {
      clock,
      ttl: TTL_MS,
      requestTimeout: 100,
      restartGuard: false,
    });
    const first = unguarded.acquire("a");
    await settle();
    await answer(instance, 0);
    await (await first).release();
    expect(parseMarker(instance.get("lock:~server") ?? "")).toMatchObject({ source: "file" });
  });
});
