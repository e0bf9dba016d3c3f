import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import { identify, readReport } from "../operations/identify.ts";
import { FAILED, NO, YES } from "../operations/request.ts";
import {
  acquire,
  commit,
  type ConformanceSubject,
  extend,
  release,
  send,
  sendAll,
  TestBed,
  testName,
  TTL_MS,
} from "./conformance-bed.ts";

/** One test of the suite. */
export interface ConformanceCase {
  /** What the instance must do, for the title of a test. */
  readonly name: string;
  /** Rejects with an AssertionError if the instance does not conform. */
  readonly run: (subject: ConformanceSubject) => Promise<void>;
}

interface Check {
  readonly name: string;
  readonly check: (bed: TestBed) => Promise<void>;
}

const checks: readonly Check[] = [
  {
    name: "grants a free lock with a fencing token, and sets expiries",
    async check(bed) {
      const { instance, resource } = await bed.open();
      const [status, fence] = await send(instance, acquire([resource], "a"));
      assert.equal(status, YES);
      assert.ok(Number.isSafeInteger(Number(fence)) && Number(fence) > 0, `fence ${String(fence)}`);
      const left = await bed.remaining(resource.lock);
      assert.ok(left > 0 && left <= TTL_MS, `lock expires in ${left} ms`);
      assert.equal(await bed.remaining(resource.fence), -1, "the fencing counter never expires");
    },
  },
  {
    name: "refuses a held lock, and reports its holder and the remaining time",
    async check(bed) {
      const { instance, resource } = await bed.open();
      await send(instance, acquire([resource], "a"));
      const [status, remaining, holder] = await send(instance, acquire([resource], "b"));
      assert.equal(status, NO);
      assert.ok(Number(remaining) > 0 && Number(remaining) <= TTL_MS);
      assert.equal(holder, "a");
    },
  },
  {
    name: "grants a lock again to its holder, with the same fencing token",
    async check(bed) {
      const { instance, resource } = await bed.open();
      const first = await send(instance, acquire([resource], "a"));
      assert.deepEqual(await send(instance, acquire([resource], "a")), first);
    },
  },
  {
    name: "increases the fencing token by one for each holder",
    async check(bed) {
      const { instance, resource } = await bed.open();
      const [, first] = await send(instance, acquire([resource], "a"));
      await send(instance, release([resource], "a"));
      const [, second] = await send(instance, acquire([resource], "b"));
      assert.equal(Number(second), Number(first) + 1);
    },
  },
  {
    name: "releases a lock only for its holder, and reports whether it did",
    async check(bed) {
      const { instance, resource } = await bed.open();
      await send(instance, acquire([resource], "a"));
      assert.deepEqual((await send(instance, release([resource], "b"))).slice(0, 2), [YES, 0]);
      assert.deepEqual((await send(instance, release([resource], "a"))).slice(0, 2), [YES, 1]);
      assert.deepEqual((await send(instance, release([resource], "a"))).slice(0, 2), [YES, 0]);
      assert.equal(await bed.remaining(resource.lock), -2);
    },
  },
  {
    name: "grants all names of a request or none",
    async check(bed) {
      const { instance, resources } = await bed.open();
      const [one, two] = resources;
      await send(instance, acquire([two], "a"));
      assert.equal((await send(instance, acquire([one, two], "b")))[0], NO);
      assert.equal(await bed.remaining(one.lock), -2);
      await send(instance, release([two], "a"));
      const [status, fence] = await send(instance, acquire([one, two], "b"));
      assert.equal(status, YES);
      const [, next] = await send(instance, acquire([one, two], "b"));
      assert.equal(next, fence);
      assert.deepEqual((await send(instance, release([one, two], "b"))).slice(0, 2), [YES, 1]);
    },
  },
  {
    name: "commits a fencing token only for the holder",
    async check(bed) {
      const { instance, resource } = await bed.open();
      const [, fence] = await send(instance, acquire([resource], "a"));
      const raised = Number(fence) + 100;
      assert.equal((await send(instance, commit([resource], "b", raised)))[0], NO);
      assert.equal((await send(instance, commit([resource], "a", raised)))[0], YES);
      await send(instance, release([resource], "a"));
      assert.equal(Number((await send(instance, acquire([resource], "c")))[1]), raised + 1);
    },
  },
  {
    name: "extends a lock for its holder, and sets its key again if it is missing",
    async check(bed) {
      const { instance, resource } = await bed.open();
      const [, fence] = await send(instance, acquire([resource], "a"));
      assert.equal((await send(instance, extend([resource], "a", 60_000, Number(fence))))[0], YES);
      assert.ok((await bed.remaining(resource.lock)) > TTL_MS);
      await send(instance, release([resource], "a"));
      assert.equal((await send(instance, extend([resource], "a", TTL_MS, Number(fence))))[0], YES);
      assert.ok((await bed.remaining(resource.lock)) > 0);
    },
  },
  {
    name: "does not extend a lock that another holder has",
    async check(bed) {
      const { instance, resource } = await bed.open();
      await send(instance, acquire([resource], "b"));
      const [status, , holder] = await send(instance, extend([resource], "a", 60_000, 1));
      assert.deepEqual([status, holder], [NO, "b"]);
      assert.ok((await bed.remaining(resource.lock)) <= TTL_MS);
    },
  },
  {
    name: "never moves an expiry back",
    async check(bed) {
      const { instance, resource } = await bed.open();
      const [, fence] = await send(instance, acquire([resource], "a", 60_000));
      await send(instance, acquire([resource], "a", TTL_MS));
      await send(instance, extend([resource], "a", TTL_MS, Number(fence)));
      assert.ok((await bed.remaining(resource.lock)) > TTL_MS);
    },
  },
  {
    name: "expires a lock at the end of its ttl",
    async check(bed) {
      const { instance, resource } = await bed.open();
      await send(instance, acquire([resource], "a", 30));
      const request = acquire([resource], "b");
      for (let refusals = 0; (await send(instance, request))[0] !== YES; refusals++) {
        assert.ok(refusals < 1_000, "a lock with a ttl of 30 ms is still held after a thousand attempts");
        await sleep(5);
      }
    },
  },
  {
    name: "accepts a ttl above 2^31 ms",
    async check(bed) {
      const { instance, resource } = await bed.open();
      const ttl = 2 ** 40;
      assert.equal((await send(instance, acquire([resource], "a", ttl)))[0], YES);
      assert.ok((await bed.remaining(resource.lock)) > ttl - 60_000);
    },
  },
  {
    name: "runs requests in the order in which they were sent, without waiting for replies",
    async check(bed) {
      const { instance, resource } = await bed.open();
      const replies = await Promise.all([
        send(instance, acquire([resource], "a")),
        send(instance, release([resource], "a")),
        send(instance, acquire([resource], "b")),
        send(instance, release([resource], "b")),
      ]);
      assert.deepEqual(
        replies.map(([status]) => status),
        [YES, YES, YES, YES],
      );
      assert.equal(await bed.remaining(resource.lock), -2);
    },
  },
  {
    name: "runs the other requests of a call if one of them fails",
    async check(bed) {
      const { instance, resources } = await bed.open();
      const [good, , other] = resources;
      // Counters of another prefix, because other names share the counters of this one.
      const broken = testName("broken", `${systemClock.randomToken()}:`);
      await bed.write(broken.fence, "not a number");
      const replies = await sendAll(
        instance,
        [good, broken, other].map((resource) => acquire([resource], "a")),
      );
      assert.deepEqual(
        replies.map(([status]) => status),
        [YES, FAILED, YES],
      );
      assert.match(String(replies[1]?.[1]), /not a number/);
      assert.equal(await bed.remaining(broken.lock), -2);
    },
  },
  {
    name: "answers hundreds of requests of one call in their order",
    async check(bed) {
      const { instance, stem } = await bed.open();
      const resources = Array.from({ length: 700 }, (_, index) => testName(`${stem}-${index}`));
      const acquired = await sendAll(
        instance,
        resources.map((resource, index) => acquire([resource], `t${index}`)),
      );
      assert.ok(acquired.every(([status]) => status === YES));
      const refused = await sendAll(
        instance,
        resources.map((resource) => acquire([resource], "b")),
      );
      assert.deepEqual(
        refused.map(([, , holder]) => holder),
        resources.map((_, index) => `t${index}`),
      );
      await sendAll(
        instance,
        resources.map((resource, index) => release([resource], `t${index}`)),
      );
    },
  },
  {
    name: "announces a release to another connection, and names the client that waits first",
    async check(bed) {
      if (!bed.hasSubscriptions) return saysThatItCannotSubscribe(bed);
      const { instance, resource } = await bed.open();
      const other = await bed.connect();
      let onWake: ((message: readonly string[]) => void) | undefined;
      const message = new Promise<readonly string[]>((resolve) => (onWake = resolve));
      const subscription = other.openSubscription({
        onMessage: (channel, next) => onWake?.([channel, next]),
        onRestored: () => undefined,
        onLost: () => undefined,
      });
      await subscription.subscribe(resource.wake);
      await send(instance, acquire([resource], "a"));
      await send(instance, acquire([resource], "b", TTL_MS, "client-1"));
      await send(instance, release([resource], "a", "client-2"));
      assert.deepEqual(await message, [resource.wake, "client-1"]);
      subscription.close();
    },
  },
  {
    name: "notifies after a channel was unsubscribed and at once subscribed again",
    async check(bed) {
      if (!bed.hasSubscriptions) return saysThatItCannotSubscribe(bed);
      const { instance, resource } = await bed.open();
      const received: string[] = [];
      const subscription = (await bed.connect()).openSubscription({
        onMessage: (channel) => received.push(channel),
        onRestored: () => undefined,
        onLost: () => undefined,
      });
      await subscription.subscribe(resource.wake);
      subscription.unsubscribe(resource.wake);
      await subscription.subscribe(resource.wake);
      for (let attempts = 0; received.length === 0; attempts++) {
        assert.ok(attempts < 1_000, "no message arrived for a thousand releases");
        await send(instance, acquire([resource], "a", TTL_MS, "client-1"));
        await send(instance, release([resource], "a"));
        await sleep(1);
      }
      subscription.close();
    },
  },
  {
    name: "identifies the server, with the same result on each connection",
    async check(bed) {
      const [one, two] = [await bed.connect(), await bed.connect()];
      const [status, runId] = await send(one, identify("lock:"));
      assert.equal(status, YES);
      assert.ok(String(runId).length > 0);
      assert.equal((await send(two, identify("lock:")))[1], runId);
    },
  },
  {
    name: "reports the uptime, the time and the configuration of the server",
    async check(bed) {
      const report = readReport(await send(await bed.connect(), identify("lock:")));
      assert.ok(report.uptimeMs >= 0, `uptime ${report.uptimeMs}`);
      assert.ok(Math.abs(report.timeMs - systemClock.wall()) < 60_000, `time ${report.timeMs}`);
      assert.equal(report.appendOnly, false);
      assert.equal(report.maxmemoryPolicy, "noeviction");
      assert.equal(report.role, "master");
      assert.match(report.mode, /^(standalone|cluster)$/);
    },
  },
  {
    name: "reads a setting if the server allows it, and never rejects",
    async check(bed) {
      const instance = await bed.connect();
      const fsync = await instance.readSetting("appendfsync");
      assert.ok(fsync === undefined || ["always", "everysec", "no"].includes(fsync), `appendfsync ${fsync}`);
      assert.equal(await instance.readSetting("quorumlock-has-no-such-setting"), undefined);
    },
  },
];

async function saysThatItCannotSubscribe(bed: TestBed): Promise<void> {
  const instance = await bed.connect();
  assert.equal(
    instance.hasSubscriptions,
    false,
    "an instance that cannot subscribe must have `hasSubscriptions: false`",
  );
}

/**
 * The conformance suite: what every kind of instance must do. Run its cases with any test runner.
 *
 * ```ts
 * for (const { name, run } of instanceConformance) test(name, () => run(subject));
 * ```
 */
export const instanceConformance: readonly ConformanceCase[] = checks.map(({ name, check }) => ({
  name,
  async run(subject) {
    const bed = new TestBed(subject);
    try {
      await check(bed);
    } finally {
      await bed.close();
    }
  },
}));
