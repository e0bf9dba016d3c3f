import assert from "node:assert/strict";
import { type Case, type Granted, rejectsWith, Request } from "../case-tools.ts";

/** How long a lock is held, and how its request ends. */
export const holdingCases: readonly Case[] = [
  {
    title: "the lock has the name and the mode of the request",
    async run(locks, name) {
      await locks.request(name, (lock: Granted) =>
        assert.deepEqual([lock.name, lock.mode], [name, "exclusive"]),
      );
      await locks.request(name, { mode: "shared" }, (lock: Granted) =>
        assert.deepEqual([lock.name, lock.mode], [name, "shared"]),
      );
    },
  },
  {
    title: "the request resolves to what the callback returns, a value or a promise",
    async run(locks, name) {
      const promise = locks.request(name, () => 123);
      assert(promise instanceof Promise);
      assert.equal(await promise, 123);
      assert.equal(await locks.request(name, async () => "later"), "later");
      assert.equal(await locks.request(name, () => undefined), undefined);
    },
  },
  {
    title: "the request resolves after the promise of the callback",
    async run(locks, name) {
      const order: string[] = [];
      let end!: () => void;
      const held = new Promise<void>((resolve) => (end = resolve));
      const returned = locks.request(name, () => held).then(() => order.push("returned"));
      void held.then(() => order.push("callback"));
      end();
      await returned;
      assert.deepEqual(order, ["callback", "returned"]);
    },
  },
  {
    title: "the request rejects with what the callback throws, now or later",
    async run(locks, name) {
      const error = new Error("any value");
      await rejectsWith(
        error,
        locks.request(name, () => {
          throw error;
        }),
      );
      await rejectsWith(
        error,
        locks.request(name, () => Promise.reject(error)),
      );
    },
  },
  {
    title: "a thenable that the callback throws is not called",
    async run(locks, name) {
      let isCalled = false;
      // oxlint-disable-next-line unicorn/no-thenable -- It is what the case is about.
      const thenable = { then: () => (isCalled = true) };
      await locks
        .request(name, () => Promise.reject(thenable as unknown as Error))
        .then(
          () => assert.fail("it must reject"),
          (thrown: unknown) => assert(thrown === thenable),
        );
      assert.equal(isCalled, false);
    },
  },
  {
    title: "the lock is held until the promise of the callback resolves",
    async run(locks, name) {
      const first = new Request(locks, name);
      const second = new Request(locks, name);
      await first.granted;
      await locks.request(`${name} other`, () => undefined);
      assert.equal(second.isGranted, false);
      first.release();
      await second.granted;
      second.release();
      await second.done;
    },
  },
  {
    title: "the lock is held until the promise of the callback rejects",
    async run(locks, name) {
      const first = new Request(locks, name);
      const second = new Request(locks, name);
      await first.granted;
      await locks.request(`${name} other`, () => undefined);
      assert.equal(second.isGranted, false);
      first.fail(new Error("of the callback"));
      await second.granted;
      await assert.rejects(first.done, { message: "of the callback" });
      second.release();
      await second.done;
    },
  },
  {
    title: "a held lock is not available to its own client",
    async run(locks, name) {
      await locks.request(name, async () => {
        await locks.request(name, { ifAvailable: true }, (lock: Granted | null) => assert.equal(lock, null));
      });
    },
  },
];
