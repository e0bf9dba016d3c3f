import assert from "node:assert/strict";
import { type Case, type Granted, type Locks, rejectsWith, Request } from "../case-tools.ts";

/** Whether a request with `ifAvailable` is granted. */
async function isAvailable(locks: Locks, name: string, mode = "exclusive"): Promise<boolean> {
  const isGranted = await locks.request(
    name,
    { ifAvailable: true, mode },
    (lock: Granted | null) => lock !== null,
  );
  return isGranted as boolean;
}

/** Requests that are granted at once or not at all. */
export const availableCases: readonly Case[] = [
  {
    title: "a free lock is granted",
    async run(locks, name) {
      assert.equal(await isAvailable(locks, name), true);
      assert.equal(await isAvailable(locks, name, "shared"), true);
    },
  },
  {
    title: "the callback gets null if the lock is not free, and its result is that of the request",
    async run(locks, name) {
      await locks.request(name, async () => {
        const result = await locks.request(name, { ifAvailable: true }, async (lock: Granted | null) => {
          assert.equal(lock, null);
          return 123;
        });
        assert.equal(result, 123);
      });
    },
  },
  {
    title: "what a callback with null throws is what the request rejects with, now or later",
    async run(locks, name) {
      const error = new Error("any value");
      await locks.request(name, async () => {
        await rejectsWith(
          error,
          locks.request(name, { ifAvailable: true }, (lock: Granted | null) => {
            assert.equal(lock, null);
            throw error;
          }),
        );
        await rejectsWith(
          error,
          locks.request(name, { ifAvailable: true }, () => Promise.reject(error)),
        );
      });
    },
  },
  {
    title: "a lock with another name is no obstacle",
    async run(locks, name) {
      await locks.request(name, async () => assert.equal(await isAvailable(locks, `${name} other`), true));
    },
  },
  {
    title: "beside a shared lock, a shared one is available and an exclusive one is not",
    async run(locks, name) {
      await locks.request(name, { mode: "shared" }, async () => {
        assert.equal(await isAvailable(locks, name, "shared"), true);
        assert.equal(await isAvailable(locks, name), false);
      });
    },
  },
  {
    title: "beside an exclusive lock, a shared one is not available",
    async run(locks, name) {
      await locks.request(name, async () => assert.equal(await isAvailable(locks, name, "shared"), false));
    },
  },
  {
    title: "a shared lock is not available if an exclusive request waits before it",
    async run(locks, name) {
      const shared = new Request(locks, name, { mode: "shared" });
      await shared.granted;
      const exclusive = new Request(locks, name);
      assert.equal(await isAvailable(locks, name, "shared"), false);
      shared.release();
      await exclusive.granted;
      exclusive.release();
      await exclusive.done;
    },
  },
  {
    title: "a lock is available as soon as its earlier request has resolved",
    async run(locks, name) {
      await locks.request(name, () => undefined);
      assert.equal(await isAvailable(locks, name), true);
      await locks.request(name, { mode: "shared" }, () => undefined);
      assert.equal(await isAvailable(locks, name), true);
    },
  },
];
