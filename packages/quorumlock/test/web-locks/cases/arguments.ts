import assert from "node:assert/strict";
import { type Case, type Granted, neverCalled, rejectsAs } from "../case-tools.ts";

/** Requests that are refused by their arguments. */
export const argumentCases: readonly Case[] = [
  {
    title: "a request needs a name and a callback",
    async run(locks, name) {
      await rejectsAs("TypeError", locks.request());
      await rejectsAs("TypeError", locks.request(name));
    },
  },
  {
    title: "the callback is a function",
    async run(locks, name) {
      for (const wrong of [undefined, null, 123, "abc", [], {}, Promise.resolve()])
        await rejectsAs("TypeError", locks.request(name, wrong));
    },
  },
  {
    title: "the mode is exclusive or shared, and exclusive by default",
    async run(locks, name) {
      for (const mode of ["foo", null, "Shared"])
        await rejectsAs("TypeError", locks.request(name, { mode }, neverCalled));
      const modeOf = (lock: Granted): string => lock.mode;
      assert.equal(await locks.request(name, { mode: "exclusive" }, modeOf), "exclusive");
      assert.equal(await locks.request(name, { mode: "shared" }, modeOf), "shared");
      assert.equal(await locks.request(name, {}, modeOf), "exclusive");
      assert.equal(await locks.request(name, modeOf), "exclusive");
    },
  },
  {
    title: "steal excludes ifAvailable, the shared mode and a signal, and ifAvailable excludes a signal",
    async run(locks, name) {
      const { signal } = new AbortController();
      for (const options of [
        { steal: true, ifAvailable: true },
        { steal: true, mode: "shared" },
        { steal: true, signal },
        { ifAvailable: true, signal },
      ])
        await rejectsAs("NotSupportedError", locks.request(name, options, neverCalled));
    },
  },
];
