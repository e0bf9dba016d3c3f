import assert from "node:assert/strict";
import { type Case, Request, stateOf, until } from "../case-tools.ts";

/** What exclusive and shared requests do to each other, and their order. */
export const modeCases: readonly Case[] = [
  {
    title: "exclusive requests are granted in the order of the calls",
    async run(locks, name) {
      const granted: number[] = [];
      await Promise.all([1, 2, 3, 4, 5].map((call) => locks.request(name, () => void granted.push(call))));
      assert.deepEqual(granted, [1, 2, 3, 4, 5]);
    },
  },
  {
    title: "locks with different names do not wait for each other",
    async run(locks, name) {
      await locks.request(`${name} a`, async () => {
        await locks.request(`${name} b`, () => undefined);
      });
    },
  },
  {
    title: "shared requests are granted in the order of the calls",
    async run(locks, name) {
      const granted: string[] = [];
      const ask = (which: string, call: number): Promise<unknown> =>
        locks.request(`${name} ${which}`, { mode: "shared" }, () => void granted.push(`${which}${call}`));
      await Promise.all([ask("a", 1), ask("b", 2), ask("a", 3), ask("b", 4)]);
      assert.deepEqual(
        granted.filter((each) => each.startsWith("a")),
        ["a1", "a3"],
      );
      assert.deepEqual(
        granted.filter((each) => each.startsWith("b")),
        ["b2", "b4"],
      );
    },
  },
  {
    title: "shared locks of one name are held at the same time",
    async run(locks, name) {
      await locks.request(name, { mode: "shared" }, async () => {
        await locks.request(name, { mode: "shared" }, () => undefined);
      });
    },
  },
  {
    title: "an exclusive request waits for the shared locks before it, and requests of other names go on",
    async run(locks, name) {
      const granted: string[] = [];
      const shared = [1, 2, 3].map(() => new Request(locks, `${name} a`, { mode: "shared" }));
      shared.forEach((each, index) => void each.granted.then(() => granted.push(`shared ${index}`)));
      const exclusive = new Request(locks, `${name} a`);
      void exclusive.granted.then(() => granted.push("exclusive"));
      await locks.request(`${name} b`, () => void granted.push("other name"));
      await Promise.all(shared.map((each) => each.granted));
      assert.equal(exclusive.isGranted, false);
      for (const each of shared) each.release();
      await exclusive.granted;
      assert.deepEqual(granted.toSorted(), ["exclusive", "other name", "shared 0", "shared 1", "shared 2"]);
      assert.equal(granted.at(-1), "exclusive");
      exclusive.release();
      await exclusive.done;
    },
  },
  {
    title: "the end of an exclusive lock grants all shared requests behind it",
    async run(locks, name) {
      const exclusive = new Request(locks, name);
      const shared = [1, 2, 3, 4, 5].map(() => new Request(locks, name, { mode: "shared" }));
      await exclusive.granted;
      const before = await stateOf(locks, name);
      assert.deepEqual([before.held.length, before.pending.length], [1, 5]);
      exclusive.release();
      await Promise.all(shared.map((each) => each.granted));
      const after = await stateOf(locks, name);
      assert.deepEqual(
        after.held.map(({ mode }) => mode),
        Array(5).fill("shared"),
      );
      for (const each of shared) each.release();
      await Promise.all(shared.map((each) => each.done));
    },
  },
  {
    title: "shared requests behind an exclusive one wait for it",
    async run(locks, name) {
      const first = [1, 2, 3].map(() => new Request(locks, name, { mode: "shared" }));
      const exclusive = new Request(locks, name);
      const last = [1, 2, 3].map(() => new Request(locks, name, { mode: "shared" }));
      await Promise.all(first.map((each) => each.granted));
      const waiting = await stateOf(locks, name);
      assert.deepEqual(
        waiting.held.map(({ mode }) => mode),
        Array(3).fill("shared"),
      );
      assert.equal(waiting.pending.length, 4);
      for (const each of first) each.release();
      await exclusive.granted;
      const { held } = await stateOf(locks, name);
      assert.deepEqual(
        held.map(({ mode }) => mode),
        ["exclusive"],
      );
      assert.deepEqual(
        last.map(({ isGranted }) => isGranted),
        [false, false, false],
      );
      exclusive.release();
      await until("the last are granted", () => last.every(({ isGranted }) => isGranted));
      for (const each of last) each.release();
      await Promise.all(last.map((each) => each.done));
    },
  },
];
