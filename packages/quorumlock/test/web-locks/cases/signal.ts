import assert from "node:assert/strict";
import { type Case, modesOf, neverCalled, rejectsAs, rejectsWith, Request } from "../case-tools.ts";

/** Requests that are aborted. */
export const signalCases: readonly Case[] = [
  {
    title: "the signal is an AbortSignal",
    async run(locks, name) {
      for (const signal of ["text", 12.34, false, {}, Symbol("a"), () => undefined, null])
        await rejectsAs("TypeError", locks.request(name, { signal }, neverCalled));
    },
  },
  {
    title: "an aborted signal rejects the request with its reason, by default an AbortError",
    async run(locks, name) {
      const signal = AbortSignal.abort();
      await rejectsAs("AbortError", locks.request(name, { signal }, neverCalled));
      await rejectsWith(signal.reason, locks.request(name, { signal }, neverCalled));
      await rejectsWith("a text", locks.request(name, { signal: AbortSignal.abort("a text") }, neverCalled));
    },
  },
  {
    title: "a request that waits is aborted",
    async run(locks, name) {
      const holder = new Request(locks, name);
      const controller = new AbortController();
      const waiting = locks.request(name, { signal: controller.signal }, neverCalled);
      await holder.granted;
      assert.deepEqual(await modesOf(locks, name), ["exclusive", "exclusive"]);
      controller.abort();
      await rejectsAs("AbortError", waiting);
      assert.deepEqual(await modesOf(locks, name), ["exclusive", ""]);
      holder.release();
      await holder.done;
    },
  },
  {
    title: "a request that waits is aborted by a timer",
    async run(locks, name) {
      const holder = new Request(locks, name);
      await holder.granted;
      await rejectsAs("TimeoutError", locks.request(name, { signal: AbortSignal.timeout(10) }, neverCalled));
      holder.release();
      await holder.done;
    },
  },
  {
    title: "a signal that does not abort changes nothing",
    async run(locks, name) {
      const { signal } = new AbortController();
      assert.equal(await locks.request(name, { signal }, () => "granted"), "granted");
    },
  },
  {
    title: "an abort in the turn of the request ends it, although the lock is free",
    async run(locks, name) {
      for (const reason of [undefined, "a text"]) {
        const controller = new AbortController();
        const aborted = locks.request(name, { signal: controller.signal }, neverCalled);
        controller.abort(reason);
        await rejectsWith(controller.signal.reason, aborted);
      }
      assert.equal(await locks.request(name, () => "granted"), "granted");
    },
  },
  {
    title: "an abort after the grant changes nothing",
    async run(locks, name) {
      const controller = new AbortController();
      const request = new Request(locks, name, { signal: controller.signal });
      await request.granted;
      controller.abort();
      request.release("resolved");
      assert.equal(await request.done, "resolved");
    },
  },
  {
    title: "an abort after the end of the callback changes nothing",
    async run(locks, name) {
      const controller = new AbortController();
      const request = new Request(locks, name, { signal: controller.signal });
      await request.granted;
      request.release("resolved");
      controller.abort();
      assert.equal(await request.done, "resolved");
    },
  },
  {
    title: "an abort lets the next request go on",
    async run(locks, name) {
      const controller = new AbortController();
      const first = locks.request(name, { signal: controller.signal }, neverCalled);
      const next = locks.request(name, () => "resolved");
      controller.abort();
      await rejectsAs("AbortError", first);
      assert.equal(await next, "resolved");
    },
  },
];
