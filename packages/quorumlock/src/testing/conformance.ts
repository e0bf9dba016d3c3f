import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import { type InstanceSource, toInstances } from "../instances/sources.ts";
import type { Instance } from "../instances/port.ts";
import { identify, readReport } from "../operations/identify.ts";
import { type ResourceKeys, resourceKeys } from "../operations/keys.ts";
import { mutex } from "../operations/mutex.ts";
import { FAILED, NO, type ReplyList, type Request, YES } from "../operations/request.ts";

/** One kind of instance under test: how to reach the same server through as many connections as asked for. */
export interface ConformanceSubject {
  /** A new connection to the same server each time; `Redlock` must take it. */
  connect(): Promise<InstanceSource> | InstanceSource;
  /** Writes a key past all rules, without an expiry. */
  write(key: string, value: string): unknown;
  /** Milliseconds until a key expires; −1 where it has no expiry, −2 where it is missing. */
  remaining(key: string): Promise<number> | number;
}

export interface ConformanceCase {
  readonly name: string;
  /** Rejects with an AssertionError where the instance does not do as it should. */
  readonly run: (subject: ConformanceSubject) => Promise<void>;
}

const TTL_MS = 10_000;
const WEEK_MS = 604_800_000;
const held = { withdrawn: false };

interface Check {
  readonly name: string;
  readonly check: (subject: Opener) => Promise<void>;
}

const checks: readonly Check[] = [
  {
    name: "grants what is free, with a fencing token, and sets expiries",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const [status, fence] = await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      assert.equal(status, YES);
      assert.ok(Number.isSafeInteger(Number(fence)) && Number(fence) > 0, `fence ${String(fence)}`);
      const left = await subject.remaining(resource.lock);
      assert.ok(left > 0 && left <= TTL_MS, `lock expires in ${left} ms`);
      assert.ok((await subject.remaining(resource.fence)) > WEEK_MS - TTL_MS);
    },
  },
  {
    name: "refuses what another holds, and tells the holder and the time that is left",
    async check(subject) {
      const { instance, resource } = await subject.open();
      await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      const [status, remaining, holder] = await ask(instance, mutex.acquire([resource], "b", TTL_MS, held));
      assert.equal(status, NO);
      assert.ok(Number(remaining) > 0 && Number(remaining) <= TTL_MS);
      assert.equal(holder, "a");
    },
  },
  {
    name: "says yes again to the token that holds it, with the same fencing token",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const first = await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      assert.deepEqual(await ask(instance, mutex.acquire([resource], "a", TTL_MS, held)), first);
    },
  },
  {
    name: "counts fencing tokens up by one from holder to holder",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const [, first] = await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      await ask(instance, mutex.release([resource], "a"));
      const [, second] = await ask(instance, mutex.acquire([resource], "b", TTL_MS, held));
      assert.equal(Number(second), Number(first) + 1);
    },
  },
  {
    name: "releases only what the token holds, and says so",
    async check(subject) {
      const { instance, resource } = await subject.open();
      await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      assert.deepEqual((await ask(instance, mutex.release([resource], "b"))).slice(0, 2), [YES, 0]);
      assert.deepEqual((await ask(instance, mutex.release([resource], "a"))).slice(0, 2), [YES, 1]);
      assert.deepEqual((await ask(instance, mutex.release([resource], "a"))).slice(0, 2), [YES, 0]);
      assert.equal(await subject.remaining(resource.lock), -2);
    },
  },
  {
    name: "grants several resources together or none of them",
    async check(subject) {
      const { instance, resources } = await subject.open();
      const [one, two] = resources;
      await ask(instance, mutex.acquire([two], "a", TTL_MS, held));
      assert.equal((await ask(instance, mutex.acquire([one, two], "b", TTL_MS, held)))[0], NO);
      assert.equal(await subject.remaining(one.lock), -2);
      await ask(instance, mutex.release([two], "a"));
      const [status, fence] = await ask(instance, mutex.acquire([one, two], "b", TTL_MS, held));
      assert.equal(status, YES);
      const [, next] = await ask(instance, mutex.acquire([one, two], "b", TTL_MS, held));
      assert.equal(next, fence);
      assert.deepEqual((await ask(instance, mutex.release([one, two], "b"))).slice(0, 2), [YES, 1]);
    },
  },
  {
    name: "raises the fencing counter only where the token holds the lock",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const [, fence] = await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      const raised = Number(fence) + 100;
      assert.equal((await ask(instance, mutex.raise([resource], "b", TTL_MS, raised, held)))[0], NO);
      assert.equal((await ask(instance, mutex.raise([resource], "a", TTL_MS, raised, held)))[0], YES);
      await ask(instance, mutex.release([resource], "a"));
      assert.equal(
        Number((await ask(instance, mutex.acquire([resource], "c", TTL_MS, held)))[1]),
        raised + 1,
      );
    },
  },
  {
    name: "extends what the token holds and takes what is missing",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const [, fence] = await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      assert.equal((await ask(instance, mutex.extend([resource], "a", 60_000, Number(fence), held)))[0], YES);
      assert.ok((await subject.remaining(resource.lock)) > TTL_MS);
      await ask(instance, mutex.release([resource], "a"));
      assert.equal((await ask(instance, mutex.extend([resource], "a", TTL_MS, Number(fence), held)))[0], YES);
      assert.ok((await subject.remaining(resource.lock)) > 0);
    },
  },
  {
    name: "does not extend what was granted to somebody later",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const [, fence] = await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      await ask(instance, mutex.release([resource], "a"));
      await ask(instance, mutex.acquire([resource], "b", TTL_MS, held));
      const extend = mutex.extend([resource], "a", TTL_MS, Number(fence), held);
      const [status, , holder] = await ask(instance, extend);
      assert.deepEqual([status, holder], [NO, "b"]);
      await ask(instance, mutex.release([resource], "b"));
      assert.equal((await ask(instance, extend))[0], NO);
      assert.equal(await subject.remaining(resource.lock), -2);
    },
  },
  {
    name: "lets a lock expire",
    async check(subject) {
      const { instance, resource } = await subject.open();
      await ask(instance, mutex.acquire([resource], "a", 30, held));
      const acquire = mutex.acquire([resource], "b", TTL_MS, held);
      for (let refusals = 0; (await ask(instance, acquire))[0] !== YES; refusals++) {
        assert.ok(refusals < 1_000, "a ttl of 30 ms has not ended after a thousand attempts");
        await sleep(5);
      }
    },
  },
  {
    name: "takes a ttl beyond 2^31 ms",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const ttl = 2 ** 40;
      assert.equal((await ask(instance, mutex.acquire([resource], "a", ttl, held)))[0], YES);
      assert.ok((await subject.remaining(resource.lock)) > ttl - 60_000);
      assert.ok((await subject.remaining(resource.fence)) > ttl);
    },
  },
  {
    name: "carries out what is sent in order, without waiting for replies",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const replies = await Promise.all([
        ask(instance, mutex.acquire([resource], "a", TTL_MS, held)),
        ask(instance, mutex.release([resource], "a")),
        ask(instance, mutex.acquire([resource], "b", TTL_MS, held)),
        ask(instance, mutex.release([resource], "b")),
      ]);
      assert.deepEqual(
        replies.map(([status]) => status),
        [YES, YES, YES, YES],
      );
      assert.equal(await subject.remaining(resource.lock), -2);
    },
  },
  {
    name: "isolates a request that fails from its neighbours",
    async check(subject) {
      const { instance, resources } = await subject.open();
      const [good, bad, other] = resources;
      await subject.write(bad.fence, "not a number");
      const replies = await askAll(
        instance,
        [good, bad, other].map((resource) => mutex.acquire([resource], "a", TTL_MS, held)),
      );
      assert.deepEqual(
        replies.map(([status]) => status),
        [YES, FAILED, YES],
      );
      assert.match(String(replies[1]?.[1]), /not a number/);
      assert.equal(await subject.remaining(bad.lock), -2);
    },
  },
  {
    name: "answers hundreds of requests of one tick in their order",
    async check(subject) {
      const { instance, stem } = await subject.open();
      const resources = Array.from({ length: 700 }, (_, index) => resourceKeys("", `${stem}-${index}`));
      const acquired = await askAll(
        instance,
        resources.map((resource, index) => mutex.acquire([resource], `t${index}`, TTL_MS, held)),
      );
      assert.ok(acquired.every(([status]) => status === YES));
      const refused = await askAll(
        instance,
        resources.map((resource) => mutex.acquire([resource], "b", TTL_MS, held)),
      );
      assert.deepEqual(
        refused.map(([, , holder]) => holder),
        resources.map((_, index) => `t${index}`),
      );
      await askAll(
        instance,
        resources.map((resource, index) => mutex.release([resource], `t${index}`)),
      );
    },
  },
  {
    name: "tells another connection of a release",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const other = await subject.connect();
      let told: ((channel: string) => void) | undefined;
      const message = new Promise<string>((resolve) => (told = resolve));
      const subscription = other.listen({
        message: (channel) => told?.(channel),
        restored: () => undefined,
        lost: () => undefined,
      });
      await subscription.subscribe(resource.wake);
      await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
      await ask(instance, mutex.release([resource], "a"));
      assert.equal(await message, resource.wake);
      subscription.close();
    },
  },
  {
    name: "goes on telling when a channel was left and joined again at once",
    async check(subject) {
      const { instance, resource } = await subject.open();
      const heard: string[] = [];
      const subscription = (await subject.connect()).listen({
        message: (channel) => heard.push(channel),
        restored: () => undefined,
        lost: () => undefined,
      });
      await subscription.subscribe(resource.wake);
      subscription.unsubscribe(resource.wake);
      await subscription.subscribe(resource.wake);
      for (let attempts = 0; heard.length === 0; attempts++) {
        assert.ok(attempts < 1_000, "nothing was heard of a thousand releases");
        await ask(instance, mutex.acquire([resource], "a", TTL_MS, held));
        await ask(instance, mutex.release([resource], "a"));
        await sleep(1);
      }
      subscription.close();
    },
  },
  {
    name: "says which server it is, the same through each connection",
    async check(subject) {
      const [one, two] = [await subject.connect(), await subject.connect()];
      const [status, runId] = await ask(one, identify("lock:"));
      assert.equal(status, YES);
      assert.ok(String(runId).length > 0);
      assert.equal((await ask(two, identify("lock:")))[1], runId);
    },
  },
  {
    name: "says for how long it has run, what time it has and how it is set up",
    async check(subject) {
      const report = readReport(await ask(await subject.connect(), identify("lock:")));
      assert.ok(report.uptimeMs >= 0, `uptime ${report.uptimeMs}`);
      assert.ok(Math.abs(report.timeMs - systemClock.wall()) < 60_000, `time ${report.timeMs}`);
      assert.equal(report.appendOnly, false);
      assert.equal(report.maxmemoryPolicy, "noeviction");
      assert.equal(report.role, "master");
      assert.match(report.mode, /^(standalone|cluster)$/);
    },
  },
  {
    name: "tells a setting where it can, and never rejects",
    async check(subject) {
      const instance = await subject.connect();
      const fsync = await instance.setting("appendfsync");
      assert.ok(fsync === undefined || ["always", "everysec", "no"].includes(fsync), `appendfsync ${fsync}`);
      assert.equal(await instance.setting("quorumlock-has-no-such-setting"), undefined);
    },
  },
];

/**
 * What every kind of instance has to do: one case each, for whatever test runner.
 *
 * ```ts
 * for (const { name, run } of instanceConformance) test(name, () => run(subject));
 * ```
 */
export const instanceConformance: readonly ConformanceCase[] = checks.map(({ name, check }) => ({
  name,
  async run(subject) {
    const opener = new Opener(subject);
    try {
      await check(opener);
    } finally {
      await opener.close();
    }
  },
}));

type Three = readonly [ResourceKeys, ResourceKeys, ResourceKeys];

/** Opens instances on the subject and closes them after the case. */
class Opener {
  readonly #subject: ConformanceSubject;
  readonly #opened: Instance[] = [];

  constructor(subject: ConformanceSubject) {
    this.#subject = subject;
  }

  write(key: string, value: string): unknown {
    return this.#subject.write(key, value);
  }

  remaining(key: string): Promise<number> | number {
    return this.#subject.remaining(key);
  }

  async connect(): Promise<Instance> {
    const [instance] = toInstances([await this.#subject.connect()]);
    assert.ok(instance);
    this.#opened.push(instance);
    return instance;
  }

  async open(): Promise<{ instance: Instance; resource: ResourceKeys; resources: Three; stem: string }> {
    const instance = await this.connect();
    // One hash tag for all, so that they share a slot where the instance is a cluster.
    const stem = `{conformance-${systemClock.randomToken()}}`;
    const keys = (name: string): ResourceKeys => resourceKeys("", stem + name);
    const resources: Three = [keys("a"), keys("b"), keys("c")];
    return { instance, resource: resources[0], resources, stem };
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((instance) => instance.close()));
  }
}

async function ask(instance: Instance, request: Request): Promise<ReplyList> {
  const [reply] = await askAll(instance, [request]);
  assert.ok(reply);
  return reply;
}

async function askAll(instance: Instance, requests: readonly Request[]): Promise<readonly ReplyList[]> {
  const replies = await instance.run(requests);
  return replies.map((reply) => (typeof reply === "number" ? [YES, reply] : reply));
}
