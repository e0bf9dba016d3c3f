import assert from "node:assert/strict";
import { type Case, modesOf, Request, stateOf } from "../case-tools.ts";

/** What `query` reports. */
export const queryCases: readonly Case[] = [
  {
    title: "two lists, which are empty if there is nothing",
    async run(locks, name) {
      const { held, pending } = await locks.query();
      assert(Array.isArray(held) && Array.isArray(pending));
      assert.deepEqual(await stateOf(locks, name), { held: [], pending: [] });
    },
  },
  {
    title: "a name, a mode and a client of each held lock and of each request that waits",
    async run(locks, name) {
      const holder = new Request(locks, name);
      const waiting = new Request(locks, name);
      await holder.granted;
      const { held, pending } = await stateOf(locks, name);
      for (const info of [held[0], pending[0]]) {
        assert.deepEqual(Object.keys(info ?? {}).toSorted(), ["clientId", "mode", "name"]);
        assert.deepEqual([info?.name, info?.mode], [name, "exclusive"]);
        assert.equal(typeof info?.clientId, "string");
      }
      assert.equal(held[0]?.clientId, pending[0]?.clientId);
      assert.deepEqual(await modesOf(locks, name), ["exclusive", "exclusive"]);
      holder.release();
      await waiting.granted;
      waiting.release();
      await waiting.done;
      assert.deepEqual(await modesOf(locks, name), ["", ""]);
    },
  },
  {
    title: "held locks with their modes, one entry for each",
    async run(locks, name) {
      await locks.request(`${name} a`, async () => {
        await locks.request(`${name} b`, { mode: "shared" }, async () => {
          await locks.request(`${name} b`, { mode: "shared" }, async () => {
            assert.deepEqual(await modesOf(locks, `${name} a`), ["exclusive", ""]);
            assert.deepEqual(await modesOf(locks, `${name} b`), ["shared shared", ""]);
          });
        });
      });
    },
  },
  {
    title: "shared requests that wait, one entry for each",
    async run(locks, name) {
      const holder = new Request(locks, name);
      const waiting = [1, 2].map(() => new Request(locks, name, { mode: "shared" }));
      await holder.granted;
      assert.deepEqual(await modesOf(locks, name), ["exclusive", "shared shared"]);
      holder.release();
      for (const each of waiting) each.release();
      await Promise.all(waiting.map((each) => each.done));
    },
  },
  {
    title: "the same client for all locks of one context",
    async run(locks, name) {
      await locks.request(`${name} a`, async () => {
        await locks.request(`${name} b`, async () => {
          const { held } = await stateOf(locks, name);
          assert.equal(held.length, 2);
          assert.equal(held[0]?.clientId, held[1]?.clientId);
        });
      });
    },
  },
  {
    title: "requests that wait in the order of the calls",
    async run(locks, name) {
      const names = ["a", "b", "c"].map((each) => `${name} ${each}`);
      const holders = names.map((each) => new Request(locks, each));
      await Promise.all(holders.map((each) => each.granted));
      const waiting = names.toReversed().map((each) => new Request(locks, each, { mode: "shared" }));
      const { pending } = await stateOf(locks, name);
      assert.deepEqual(
        pending.map((each) => each.name),
        names.toReversed(),
      );
      for (const each of [...holders, ...waiting]) each.release();
      await Promise.all(waiting.map((each) => each.done));
    },
  },
  {
    title: "held locks in the order of the grants, also after a theft",
    async run(locks, name) {
      const names = ["a", "b", "c"].map((each) => `${name} ${each}`);
      const heldNames = async (): Promise<unknown> =>
        (await stateOf(locks, name)).held.map((each) => each.name);
      const holders = names.map((each) => new Request(locks, each));
      await Promise.all(holders.map((each) => each.granted));
      const waiting = names.map((each) => new Request(locks, each));
      const order = [1, 2, 0];
      for (const index of order) {
        holders[index]!.release();
        await waiting[index]!.granted;
      }
      assert.deepEqual(
        await heldNames(),
        order.map((index) => names[index]),
      );
      const thieves: Request[] = [];
      for (const index of [2, 0, 1]) {
        const thief = new Request(locks, names[index]!, { steal: true });
        await thief.granted;
        thieves.push(thief);
      }
      assert.deepEqual(
        await heldNames(),
        [2, 0, 1].map((index) => names[index]),
      );
      for (const each of thieves) each.release();
      await Promise.all(thieves.map((each) => each.done));
    },
  },
];
