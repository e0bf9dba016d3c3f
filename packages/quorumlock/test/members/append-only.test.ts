import { describe, expect, test } from "vitest";
import { type LockEvents, Redlock } from "../../src/index.ts";
import type { Reply, ReplyList, Request } from "../../src/operations/request.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { WatchedInstance } from "../support/watched-instance.ts";

const TTL_MS = 10_000;
/** The window of a ttl of 10 s, with the allowance for drift. */
const WINDOW_MS = 10_102;

function unsafe(redlock: Redlock): LockEvents["instance:unsafe"][] {
  const heard: LockEvents["instance:unsafe"][] = [];
  redlock.on("instance:unsafe", (event) => heard.push(event));
  return heard;
}

/** Keeps an append-only file. Reports `appendfsync` when the test calls the function in `questions`. */
class AppendingInstance extends WatchedInstance {
  readonly questions: ((fsync: string | undefined) => void)[] = [];
  appends = true;

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = await super.run(requests);
    return replies.map((reply, index) =>
      requests[index]!.operation.name === "identify" && this.appends
        ? ([...(reply as ReplyList).slice(0, 4), 1, ...(reply as ReplyList).slice(5)] as unknown as Reply)
        : reply,
    );
  }

  /** A server that keeps the file starts with its keys. */
  override restart(): void {
    const kept = this.appends ? this.keys().map((key) => [key, this.get(key) ?? ""] as const) : [];
    super.restart();
    for (const [key, value] of kept) this.set(key, value);
  }

  override readSetting(): Promise<string | undefined> {
    return new Promise((resolve) => this.questions.push(resolve));
  }
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
