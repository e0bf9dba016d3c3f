import assert from "node:assert/strict";
import { type Case, type Granted, rejectsAs, Request } from "../case-tools.ts";

/** Requests that take the lock from its holders. */
export const stealCases: readonly Case[] = [
  {
    title: "a free lock is granted",
    async run(locks, name) {
      const mode = await locks.request(name, { steal: true }, (lock: Granted) => lock.mode);
      assert.equal(mode, "exclusive");
    },
  },
  {
    title: "a held lock is granted, and the request of its holder rejects with an AbortError",
    async run(locks, name) {
      const holder = new Request(locks, name);
      // In the same turn, so the holder may not know yet that it is granted.
      assert.equal(await locks.request(name, { steal: true }, () => "stolen"), "stolen");
      await rejectsAs("AbortError", holder.done);
    },
  },
  {
    title: "all shared locks are stolen",
    async run(locks, name) {
      const readers = [1, 2, 3].map(() => new Request(locks, name, { mode: "shared" }));
      await Promise.all(readers.map((each) => each.granted));
      assert.equal(await locks.request(name, { steal: true }, () => "stolen"), "stolen");
      for (const reader of readers) await rejectsAs("AbortError", reader.done);
    },
  },
  {
    title: "it goes before a request that waits, which is granted later",
    async run(locks, name) {
      const holder = new Request(locks, name);
      await holder.granted;
      const waiting = new Request(locks, name);
      const thief = new Request(locks, name, { steal: true });
      await thief.granted;
      assert.equal(waiting.isGranted, false);
      thief.release();
      await waiting.granted;
      waiting.release("granted later");
      assert.equal(await waiting.done, "granted later");
    },
  },
  {
    title: "the last of several thieves has the lock",
    async run(locks, name) {
      const holder = new Request(locks, name);
      const thief = new Request(locks, name, { steal: true });
      assert.equal(await locks.request(name, { steal: true }, () => "last"), "last");
      await rejectsAs("AbortError", holder.done);
      await rejectsAs("AbortError", thief.done);
    },
  },
  {
    title: "what the callback of a stolen lock does later changes nothing",
    async run(locks, name) {
      const holder = new Request(locks, name);
      await holder.granted;
      const thief = new Request(locks, name, { steal: true });
      await thief.granted;
      holder.release("too late");
      await rejectsAs("AbortError", holder.done);
      const isAvailable = (lock: Granted | null): boolean => lock !== null;
      assert.equal(await locks.request(name, { ifAvailable: true }, isAvailable), false);
      thief.release("resolved");
      assert.equal(await thief.done, "resolved");
      assert.equal(await locks.request(name, { ifAvailable: true }, isAvailable), true);
    },
  },
];
