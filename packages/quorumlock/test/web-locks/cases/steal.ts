import assert from "node:assert/strict";
import { type Case, type Granted, rejectsAs, rejectsWith, Request } from "../case-tools.ts";

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
    title: "a request of the same turn after it waits for it",
    async run(locks, name) {
      const thief = new Request(locks, name, { steal: true });
      const later = new Request(locks, name);
      await thief.granted;
      await locks.request(`${name}, another`, () => undefined);
      assert.equal(later.isGranted, false);
      thief.release("not robbed");
      assert.equal(await thief.done, "not robbed");
      await later.granted;
      later.release("not robbed either");
      assert.equal(await later.done, "not robbed either");
    },
  },
  {
    title: "a request of the same turn after it with ifAvailable gets null",
    async run(locks, name) {
      const thief = new Request(locks, name, { steal: true });
      assert.equal(await locks.request(name, { ifAvailable: true }, (lock: Granted | null) => lock), null);
      await thief.granted;
      thief.release();
      await thief.done;
    },
  },
  {
    title: "over a reader, shared requests of the same turn after it wait for it, and are granted together",
    async run(locks, name) {
      const reader = new Request(locks, name, { mode: "shared" });
      await reader.granted;
      const thief = new Request(locks, name, { steal: true });
      const later = [1, 2].map(() => new Request(locks, name, { mode: "shared" }));
      await thief.granted;
      await rejectsAs("AbortError", reader.done);
      await locks.request(`${name}, another`, () => undefined);
      assert.deepEqual(
        later.map(({ isGranted }) => isGranted),
        [false, false],
      );
      thief.release();
      await Promise.all(later.map((each) => each.granted));
      for (const each of later) each.release("shared");
      assert.deepEqual(await Promise.all(later.map((each) => each.done)), ["shared", "shared"]);
    },
  },
  {
    title: "a second theft also robs a shared request of the same turn before it",
    async run(locks, name) {
      const thief = new Request(locks, name, { steal: true });
      const readers = [new Request(locks, name, { mode: "shared" })];
      await thief.granted;
      thief.release();
      await readers[0]!.granted;
      readers.push(new Request(locks, name, { mode: "shared" }));
      assert.equal(await locks.request(name, { steal: true }, () => "stolen"), "stolen");
      for (const reader of readers) await rejectsAs("AbortError", reader.done);
    },
  },
  {
    title: "a request after it whose signal aborts stops waiting",
    async run(locks, name) {
      const thief = new Request(locks, name, { steal: true });
      const controller = new AbortController();
      const later = new Request(locks, name, { signal: controller.signal });
      const reason = new Error("enough");
      controller.abort(reason);
      await rejectsWith(reason, later.done);
      await thief.granted;
      thief.release();
      await thief.done;
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
