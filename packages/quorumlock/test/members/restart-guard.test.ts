import { describe, expect, test } from "vitest";
import { type LockEvents, MemoryInstance, Redlock, type RedlockOptions } from "../../src/index.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { Detour } from "../support/detour.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { WatchedInstance } from "../support/watched-instance.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";
import { during } from "../support/world.ts";

const TTL_MS = 10_000;
/** The window of a ttl of 10 s, with the allowance for drift. */
const WINDOW_MS = 10_102;

function world(count = 3): WatchedWorld {
  return watchedWorld(count, { requestTimeout: 100 });
}

function unsafe(redlock: Redlock): LockEvents["instance:unsafe"][] {
  const heard: LockEvents["instance:unsafe"][] = [];
  redlock.on("instance:unsafe", (event) => heard.push(event));
  return heard;
}

function acquires({ instances }: WatchedWorld): readonly number[] {
  return instances.map((instance) => instance.count("mutex.acquire"));
}

/**
 * A holder is granted the lock by m0 and m1 alone, m1 restarts empty, and the holder can reach nobody any more: whoever
 * is granted it by m1 and m2 is a second holder.
 */
async function secondHolder(options: RedlockOptions): Promise<{ here: WatchedWorld; second: unknown }> {
  const here = world();
  const [first, other] = [here.client(options), here.client(options)];
  await Promise.all([first.using("warm", () => undefined), other.using("warm", () => undefined)]);
  // What m2 is asked goes nowhere.
  here.instances[2]!.lose = true;
  const lock = await first.acquire("a");
  here.instances[1]!.restart();
  here.instances[2]!.lose = false;
  await settle();
  const second = await during(
    here.clock,
    1,
    other.acquire("a", { wait: 1 }).catch((error: unknown) => error),
  );
  expect(lock.isHeld).toBe(true);
  return { here, second };
}

describe("an instance that restarted without its memory", () => {
  test("makes a second holder possible where it is not guarded against", async () => {
    const { second } = await secondHolder({ restartGuard: false });
    expect(second).toHaveProperty("isHeld", true);
  });

  test("does not vote until the largest ttl has passed, and there is no second holder", async () => {
    const { second } = await secondHolder({});
    expect(second).toMatchObject({ code: "LOCK_TIMEOUT", holder: { thisProcess: true } });
    expect(String(second)).toMatch(
      /\n {2}m1: restarted, 0\.0 s ago, and may have forgotten locks; it votes again in 10\.1 s \(restartGuard\)$/,
    );
  });

  test("is told by an event, and is asked again for its vote when the window is over", async () => {
    const here = world();
    const redlock = here.client();
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    here.instances[1]!.restart();
    await settle();
    expect(heard).toEqual([
      {
        instance: "m1",
        cause: "restart",
        message: expect.stringMatching(/^restarted, 0\.0 s ago, .* it abstains for 10\.1 s/),
        abstainsMs: WINDOW_MS,
      },
    ]);
    const before = here.instances[1]!.count("mutex.acquire");
    await here.clock.advance(WINDOW_MS - 1);
    await redlock.using("a", () => undefined);
    expect(here.instances[1]!.count("mutex.acquire")).toBe(before);
    await here.clock.advance(1);
    await redlock.using("a", () => undefined);
    expect(here.instances[1]!.count("mutex.acquire")).toBe(before + 1);
  });

  test("counts its uptime: the rest of the window is all that is left to a newcomer", async () => {
    const here = world();
    here.instances[1]!.restart();
    await here.clock.advance(4_000);
    const newcomer = here.client();
    const heard = unsafe(newcomer);
    await newcomer.using("a", () => undefined);
    // An uptime of 4 s can be one of little more than 3 s.
    expect(heard).toMatchObject([{ instance: "m1", cause: "restart", abstainsMs: WINDOW_MS - 3_000 }]);
    expect(heard[0]?.message).toMatch(/^started, 3\.0 s ago/);
  });

  test("is of no interest with fewer than three instances, unless it is asked for", async () => {
    const here = world(1);
    const [usual, guarded] = [here.client(), here.client({ restartGuard: true })];
    await usual.using("warm", () => undefined);
    here.instances[0]!.restart();
    await settle();
    await (await usual.acquire("a")).release();
    expect(await rejection(guarded.tryAcquire("a"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("grants nothing that counts in the same write in which it is asked who it is; what it granted is undone", async () => {
    const here = world();
    const redlock = here.client();
    await redlock.using("warm", () => undefined);
    // A lock was asked for in the very tick in which the connection came back: the request travels with the question.
    here.instances[2]!.pause();
    here.instances[1]!.restart();
    const waiting = rejection(redlock.tryAcquire("a"));
    await here.clock.advance(200);
    expect(await waiting).toMatchObject({ code: "LOCK_NO_QUORUM" });
    const asked = here.instances[1]!.asked.slice(-3);
    expect(asked).toEqual(["identify", "mutex.acquire", "mutex.release"]);
    expect(here.instances[1]!.keys()).not.toContain("lock:a");
  });

  test("extends what is held: the lock stands on it again, and the extension counts", async () => {
    const here = world();
    const redlock = here.client();
    const lock = await redlock.acquire("a");
    here.instances[1]!.restart();
    here.instances[2]!.kill();
    await settle();
    await lock.extend();
    expect(here.instances[1]!.get("lock:a")).toBe(lock.token);
    expect(await lock.release()).toBe(true);
    expect(here.instances[1]!.get("lock:a")).toBeUndefined();
  });
});

describe("when all instances have started just now", () => {
  test("a newcomer waits no longer than the window, without polling", async () => {
    const here = world();
    for (const instance of here.instances) instance.restart();
    const redlock = here.client();
    const attempts: number[] = [];
    redlock.on("lock:acquire:succeeded", (event) => attempts.push(event.attempts));
    const began = here.clock.monotonic();
    const waiting = redlock.acquire("a", { wait: Infinity });
    await here.clock.advance(WINDOW_MS - 1);
    expect(acquires(here)).toEqual([0, 0, 0]);
    await here.clock.advance(1);
    await waiting;
    expect(here.clock.monotonic() - began).toBe(WINDOW_MS);
    expect(attempts).toEqual([2]);
    expect(acquires(here)).toEqual([1, 1, 1]);
  });

  test("it is served when the second of three may vote, at that very moment", async () => {
    const here = world();
    here.instances[0]!.restart();
    await here.clock.advance(1_000);
    here.instances[1]!.restart();
    await here.clock.advance(3_000);
    here.instances[2]!.restart();
    const redlock = here.client();
    const began = here.clock.monotonic();
    const waiting = redlock.acquire("a", { wait: Infinity });
    await here.clock.advance(WINDOW_MS - 2_000);
    const lock = await waiting;
    expect(here.clock.monotonic() - began).toBe(WINDOW_MS - 2_000);
    expect(acquires(here)).toEqual([1, 1, 0]);
    await lock.release();
  });

  test("it is served at the end of one's window also where another one cannot be reached", async () => {
    const here = world();
    here.instances[0]!.kill();
    here.instances[1]!.restart();
    const redlock = here.client();
    const began = here.clock.monotonic();
    const waiting = redlock.acquire("a", { wait: Infinity });
    await here.clock.advance(WINDOW_MS);
    await (await waiting).release();
    expect(here.clock.monotonic() - began).toBe(WINDOW_MS);
  });

  test("it is told what it waits for, and the process is warned once", async () => {
    const warnings: string[] = [];
    const collect = (warning: Error & { code?: string }): void => {
      if (warning.code === "QUORUMLOCK_RESTART") warnings.push(warning.message);
    };
    process.on("warning", collect);
    const here = world();
    for (const instance of here.instances) instance.restart();
    const redlock = here.client();
    const error = await during(here.clock, 3_000, rejection(redlock.acquire("a", { wait: 3_000 })));
    await settle();
    process.off("warning", collect);
    expect(String(error)).toBe(
      'QuorumError: "a": too few instances could vote within 3000 ms: 2 of 3 are needed\n' +
        [0, 1, 2]
          .map(
            (index) =>
              `  m${index}: started, 3.0 s ago, and may have forgotten locks; it votes again in 7.1 s (restartGuard)`,
          )
          .join("\n"),
    );
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM", failures: { length: 3 } });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^no lock can be granted for now, 2 of 3 are needed:\n {2}m0: started/);
  });
});

describe("the window", () => {
  test("is the largest ttl that was used: a longer one lengthens the guard, and sets it again where it had ended", async () => {
    const here = world();
    const redlock = here.client();
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    here.instances[1]!.restart();
    await here.clock.advance(WINDOW_MS);
    const before = here.instances[1]!.count("mutex.acquire");
    const long = await redlock.acquire("long", { ttl: 60_000 });
    expect(here.instances[1]!.count("mutex.acquire")).toBe(before);
    expect(heard.map(({ abstainsMs }) => Math.round(abstainsMs))).toEqual([WINDOW_MS, 60_602 - WINDOW_MS]);
    await long.extend(120_000);
    expect(heard).toHaveLength(3);
    await long.release();
    await here.clock.advance(121_202 - WINDOW_MS);
    await redlock.using("a", () => undefined);
    expect(here.instances[1]!.count("mutex.acquire")).toBe(before + 1);
  });

  test("can be set, for other processes with longer ttls", async () => {
    const here = world();
    const redlock = here.client({ restartGuard: 30_000 });
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    here.instances[1]!.restart();
    await settle();
    expect(heard).toMatchObject([{ abstainsMs: 30_302 }]);
  });

  test("that is shorter than the default ttl, or no number, is refused", () => {
    const make = (restartGuard: unknown) => () => Redlock.memory({ restartGuard: restartGuard as never });
    expect(make(9_999)).toThrow(
      /^restartGuard: 9999 must be a whole number of milliseconds, at least the default ttl of 10000/,
    );
    expect(make(20_000.5)).toThrow(RangeError);
    expect(make(Infinity)).toThrow(/restartGuard: Infinity/);
    expect(make("yes")).toThrow(/^restartGuard: "yes" must be true, false or a number/);
    expect(() => Redlock.memory({ strict: 1 as never })).toThrow(/strict: 1 must be true or false/);
  });
});

/** Holds back what it says of itself, and nothing else: as a cluster may, whose nodes answer on their own connections. */
class SlowToTellInstance extends WatchedInstance {
  readonly held: (() => void)[] = [];

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = await super.run(requests);
    const asksWho = requests.some(({ operation }) => operation.name === "identify");
    if (asksWho) await new Promise<void>((resolve) => this.held.push(resolve));
    return replies;
  }
}

describe("an instance that has not said which server it is", () => {
  async function unknown(): Promise<{ instance: SlowToTellInstance; redlock: Redlock }> {
    const clock = new VirtualClock();
    const instance = new SlowToTellInstance({ clock, label: "m0" });
    const redlock = new Redlock([instance], { clock, ttl: TTL_MS, requestTimeout: 100, restartGuard: true });
    const first = redlock.using("warm", () => undefined);
    await settle();
    instance.held.splice(0).forEach((tell) => tell());
    await first;
    return { instance, redlock };
  }

  test("grants nothing that counts, though its grant is the first answer", async () => {
    const { instance, redlock } = await unknown();
    instance.restart();
    await settle();
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(/has not said yet which server it is/);
    await settle();
    expect(instance.keys()).not.toContain("lock:a");
  });

  test("is not taken for the former one by an answer that comes late", async () => {
    const { instance, redlock } = await unknown();
    instance.cut();
    instance.mend();
    await settle();
    instance.restart();
    await settle();
    expect(instance.held).toHaveLength(2);
    instance.held[0]!();
    await settle();
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(/has not said yet which server it is/);
    instance.held[1]!();
    await settle();
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(/restarted, 0\.0 s ago/);
  });
});

describe("another server at the address of a member", () => {
  test("that has run for long knows nothing of the former one's locks: the window begins now", async () => {
    const clock = new VirtualClock();
    const [a, b, c, standby] = [0, 1, 2, 3].map((index) => new MemoryInstance({ clock, label: `s${index}` }));
    standby!.restart();
    await clock.advance(3_600_000);
    const ways = [new Detour(a!), new Detour(b!), new Detour(c!)];
    const redlock = new Redlock(ways, { clock, ttl: TTL_MS, requestTimeout: 100 });
    const heard = unsafe(redlock);
    const restarted: string[] = [];
    redlock.on("instance:restarted", ({ instance }) => restarted.push(instance));
    await redlock.using("warm", () => undefined);
    await clock.advance(5_000);
    ways[1]!.redirect(standby!);
    await settle();
    expect(restarted).toEqual(["s1"]);
    expect(heard).toMatchObject([{ instance: "s1", cause: "restart", abstainsMs: WINDOW_MS }]);
    expect(heard[0]?.message).toMatch(/^another server \(run_id \w+\) answers at this address/);
  });

  test("that is the same process as before has forgotten nothing", async () => {
    const here = world();
    const redlock = here.client();
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    here.instances[1]!.cut();
    await here.clock.advance(1_000);
    here.instances[1]!.mend();
    await settle();
    expect(heard).toEqual([]);
    await redlock.using("a", () => expect(here.instances[1]!.keys()).toContain("lock:a"));
  });
});
