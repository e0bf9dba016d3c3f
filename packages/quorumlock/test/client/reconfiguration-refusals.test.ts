import { afterEach, describe, expect, test, vi } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { ClosingInstance, MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";

let world = new MembersWorld();
afterEach(() => {
  world = new MembersWorld();
});

describe("a client that is created with { current, next }", () => {
  test("needs a majority of both sets; an instance in both sets is one member", async () => {
    const redlock = world.client({ current: "abc", next: "abd" });
    const lock = await redlock.acquire("x");
    expect(world.all.map((instance) => instance.countOperations("mutex.acquire"))).toEqual([
      1, 1, 1, 1, 0, 0,
    ]);
    await lock.release();
    world.one("c").kill();
    await (await redlock.acquire("x")).release();
    world.one("d").kill();
    await (await redlock.acquire("x")).release();
    world.one("b").kill();
    expect(await rejection(advanceDuring(world.clock, 600, redlock.tryAcquire("x")))).toMatchObject({
      code: "LOCK_NO_QUORUM",
    });
  });

  test("has a change under way: reconfigure() to the next instances returns that change", async () => {
    const redlock = world.client({ current: "abc", next: "abd" });
    await redlock.using("x", () => undefined);
    expect(await rejection(redlock.reconfigure(world.set("abe")))).toMatchObject({
      code: "LOCK_RECONFIGURING",
      message: expect.stringMatching(/pass exactly these next instances to reconfigure/),
    });
    const change = await redlock.reconfigure(world.set("dba"));
    await advanceDuring(world.clock, 11_000, change.complete());
    expect(world.one("c").closeCount).toBe(1);
    await redlock.using("x", () => expect(world.one("c").keys()).not.toContain("lock:x"));
    await (await redlock.reconfigure(world.set("abe"))).abort();
  });

  test("rejects bad lists", () => {
    expect(() => new Redlock({ current: world.set("abc"), next: [] })).toThrow(
      /^next: instances: the array is empty/,
    );
    expect(() => new Redlock({ current: ["nonsense"], next: ["redis://a"] })).toThrow(
      /^current: instances\[0\]: "nonsense" must be a redis:/,
    );
    expect(() => new Redlock({ current: world.set("a"), next: 7 as never })).toThrow(TypeError);
  });
});

describe("reconfigure rejects", () => {
  test("if the client is closed while a change waits for an earlier one, and opens no instance", async () => {
    const redlock = world.client("abc");
    await (await redlock.acquire("x")).release();
    const change = await redlock.reconfigure(world.set("abd"));
    for (const instance of world.set("abcd")) instance.pause();
    const observed = vi.spyOn(world.one("e"), "observe");
    const completed = change.complete().catch(() => undefined);
    const second = rejection(redlock.reconfigure(world.set("abe")));
    await settle();
    const closed = redlock.close();
    await world.clock.advance(20_000);
    await Promise.all([closed, completed]);
    expect(await second).toMatchObject({ code: "LOCK_CLOSED" });
    expect(observed).not.toHaveBeenCalled();
  });

  test("a second change while one is under way", async () => {
    const redlock = world.client("abc");
    const change = await redlock.reconfigure(world.set("abd"));
    expect(await rejection(redlock.reconfigure(world.set("abe")))).toMatchObject({
      code: "LOCK_RECONFIGURING",
      message: "another change of the instances is in progress; complete or abort it first",
    });
    await change.abort();
    await (await redlock.reconfigure(world.set("abe"))).complete();
  });

  test("bad lists, and the client continues with the previous set", async () => {
    const redlock = world.client("abc");
    const rejectionOf = async (list: unknown): Promise<unknown> =>
      rejection(redlock.reconfigure(list as readonly MemoryInstance[]));
    expect(String(await rejectionOf([]))).toMatch(/^RangeError: instances: the array is empty/);
    expect(String(await rejectionOf("redis://a"))).toMatch(
      /^TypeError: instances: "redis:\/\/a" must be an array/,
    );
    expect(String(await rejectionOf([world.one("a"), world.one("a")]))).toMatch(
      /instances\[1\] is the same as/,
    );
    expect(String(await rejectionOf([{}]))).toMatch(/^TypeError: instances\[0\]: an object/);
    const many = Array.from({ length: 29 }, () => new MemoryInstance({ clock: world.clock }));
    expect(String(await rejectionOf(many))).toMatch(
      /^RangeError: instances: 32 are too many, with those in use/,
    );
    expect(await rejection(redlock.reconfigure(world.set("abd"), { signal: 1 as never }))).toBeInstanceOf(
      TypeError,
    );
    await (await redlock.acquire("x")).release();
    await (await redlock.reconfigure(world.set("abd"))).complete();
  });

  test("a set that contains one server twice, and closes the new instances", async () => {
    const redlock = world.client("abc");
    const twin = new (class extends ClosingInstance {
      override run = world.one("b").run.bind(world.one("b"));
    })({ clock: world.clock, label: "twin of b" });
    expect(await rejection(redlock.reconfigure([...world.set("ab"), twin]))).toMatchObject({
      code: "LOCK_DUPLICATE_INSTANCE",
      message: expect.stringMatching(/^instances b and twin of b are the same server/),
    });
    await settle();
    expect([twin.closeCount, world.one("b").closeCount]).toEqual([1, 0]);
    await (await redlock.acquire("x")).release();
  });

  test("when its signal is aborted, also while it waits for held locks", async () => {
    const redlock = world.client("abc");
    const lock = await redlock.acquire("x", { ttl: 3_600_000, autoExtend: false });
    const controller = new AbortController();
    const reason = new Error("enough");
    const reconfiguring = rejection(redlock.reconfigure(world.set("def"), { signal: controller.signal }));
    await world.clock.advance(100);
    controller.abort(reason);
    expect(await reconfiguring).toMatchObject({ code: "LOCK_ABORTED", cause: reason });
    expect(lock.isHeld).toBe(true);
    for (const instance of world.set("def")) instance.kill();
    await (await redlock.acquire("y")).release();
  });

  test("after the client is closed, and close() ends a change under way", async () => {
    const redlock = world.client("abc");
    const held = await redlock.acquire("x", { ttl: 60_000, autoExtend: false });
    const reconfiguring = rejection(redlock.reconfigure(world.set("def")));
    await world.clock.advance(10);
    await advanceDuring(world.clock, 1_000, redlock.close());
    expect(await reconfiguring).toMatchObject({ code: "LOCK_CLOSED" });
    expect(String(await rejection(redlock.reconfigure(world.set("abc"))))).toMatch(
      /^LockClosedError: this Redlock client is closed/,
    );
    expect(held.isHeld).toBe(false);
    expect(world.all.map(({ closeCount: closed }) => closed)).toEqual([1, 1, 1, 1, 1, 1]);

    const other = world.client("abc");
    const change = await other.reconfigure(world.set("abd"));
    await advanceDuring(world.clock, 1_000, other.close());
    await Promise.all([change.complete(), change.complete()]);
  });
});
