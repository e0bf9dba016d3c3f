import { describe, expect, test } from "vitest";
import { InstanceError, type QuorumError, Redlock, type RedlockOptions } from "../../src/index.ts";
import { RefusingInstance } from "../support/refusing-instance.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { collectWarnings } from "../support/warnings.ts";
import { advanceDuring } from "../support/world.ts";

const NOPERM = "NOPERM User x has no permissions to run the 'evalsha' command";

function world(count: number, options: RedlockOptions = {}) {
  const clock = new VirtualClock();
  const instances = Array.from(
    { length: count },
    (_, index) => new RefusingInstance({ clock, label: `m${index}` }),
  );
  const client = (): Redlock =>
    new Redlock(instances, { clock, ttl: 10_000, requestTimeout: 100, ...options });
  return { clock, instances, client };
}

/** Errors that do not end by waiting. */
const PERMANENT = [
  NOPERM,
  "NOAUTH Authentication required.",
  "WRONGPASS invalid username-password pair or user is disabled.",
  "ERR invalid password",
  "ERR AUTH <password> called without any password configured for the default user. Are you sure?",
  "ERR Client sent AUTH, but no password is set",
  "DENIED Redis is running in protected mode",
  "ERR the server does not know EVAL, as a Sentinel; connect to the Redis server itself",
  "ERR ACL failure in script: User x has no permissions to run the 'set' command",
  "ERR The user executing the script can't run this command or subcommand",
];
/** Errors that can end by themselves. */
const TRANSIENT = [
  "LOADING Redis is loading the dataset in memory",
  "BUSY Redis is busy running a script",
  "READONLY You can't write against a read only replica.",
  "OOM command not allowed when used memory > 'maxmemory'.",
  "MISCONF Redis is configured to save RDB snapshots",
  "CLUSTERDOWN The cluster is down",
  "MASTERDOWN Link with MASTER is down",
  "TRYAGAIN Multiple keys request during rehashing of slot",
  "NOREPLICAS Not enough good replicas to write.",
  "ERR max number of clients reached",
];

describe("an acquisition without a limit", () => {
  test.each(PERMANENT)("ends without a wait if a majority answers %s", async (refusal) => {
    for (const count of [1, 3]) {
      const { instances, client } = world(count);
      for (const instance of instances.slice(0, Math.floor(count / 2) + 1)) instance.refusal = refusal;
      const redlock = client();
      // The virtual time stands still.
      const error = (await rejection(redlock.acquire("a", { wait: Infinity }))) as QuorumError;
      expect(error).toMatchObject({ name: "QuorumError", code: "LOCK_NO_QUORUM", names: ["a"] });
      expect(error.message).toMatch(/^"a": waiting does not help, .*: [12] of [13] are needed\n {2}m0: /);
      const first = error.failures.find(({ instance }) => instance === "m0")?.error;
      expect(first).toBeInstanceOf(InstanceError);
      expect(first).toMatchObject({ isPermanent: true, code: "INSTANCE_REPLY" });
      expect(first?.message).toContain(refusal.replace(/\.$/, ""));
      expect(JSON.parse(JSON.stringify(error)).failures[0].error.isPermanent).toBe(true);
      await redlock.close();
    }
  });

  // The server may be set up correctly while it is restarted.
  test.each([
    ["long before", 5_000, 0],
    ["just before", 10, 200],
  ])("rides out a restart of a server that refused the client %s", async (_when, beforeMs, afterMs) => {
    const { clock, instances, client } = world(1);
    const instance = instances[0]!;
    const redlock = client();
    instance.kill();
    instance.refusal = NOPERM;
    instance.restart();
    await rejection(redlock.acquire("a", { wait: Infinity }));
    await clock.advance(beforeMs);
    instance.kill();
    await clock.advance(afterMs);
    const acquired = redlock.acquire("a", { wait: 5_000 });
    await clock.advance(300);
    instance.refusal = undefined;
    instance.restart();
    await (await advanceDuring(clock, 5_000, acquired)).release();
    await redlock.close();
  });

  test("ends at once if the server has just refused the client and ended the connection", async () => {
    const { clock, instances, client } = world(1);
    const instance = instances[0]!;
    const redlock = client();
    instance.kill();
    instance.refusal = NOPERM;
    instance.restart();
    await rejection(redlock.acquire("a", { wait: Infinity }));
    await clock.advance(10);
    instance.kill();
    expect(String(await rejection(redlock.acquire("a", { wait: Infinity })))).toContain(
      "waiting does not help",
    );
    await redlock.close();
  });

  test.each(TRANSIENT)("rides out %s", async (refusal) => {
    const { clock, instances, client } = world(3);
    const redlock = client();
    await redlock.using("warm", () => undefined);
    for (const instance of instances) instance.refusal = refusal;
    const acquired = redlock.acquire("a", { wait: Infinity });
    await clock.advance(5_000);
    for (const instance of instances) instance.refusal = undefined;
    await clock.advance(5_000);
    await (await acquired).release();
    await redlock.close();
  });

  test("ends if a majority refuses it for good only in replies that come after the outcome of an attempt", async () => {
    const { clock, instances, client } = world(3);
    const redlock = client();
    await redlock.using("warm", () => undefined);
    instances[0]!.disconnect();
    for (const [index, instance] of instances.entries()) {
      instance.refusal = NOPERM;
      instance.refusalDelayMs = index;
    }
    const failed = rejection(redlock.acquire("a", { wait: Infinity }));
    // Shorter than the first pause.
    await clock.advance(2);
    const { failures } = (await failed) as QuorumError;
    expect(failures.map(({ error }) => (error as InstanceError).isPermanent)).toEqual([
      undefined,
      true,
      true,
    ]);
    await advanceDuring(clock, 100, redlock.close());
  });

  test("that waits for a holder ends at its next attempt after a majority began to refuse it", async () => {
    const { clock, instances, client } = world(3);
    const [holder, redlock] = [client(), client()];
    await holder.acquire("a", { ttl: 5_000, autoExtend: false });
    const outcome = { error: undefined as unknown };
    const failed = rejection(redlock.acquire("a", { wait: Infinity })).then(
      (error) => (outcome.error = error),
    );
    await clock.advance(1_000);
    for (const instance of instances.slice(1)) instance.refusal = NOPERM;
    await clock.advance(1_000);
    expect(outcome.error).toBeUndefined();
    await clock.advance(4_000);
    expect(outcome.error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    await failed;
    await Promise.all([holder.close(), redlock.close()]);
  });

  test("gets the lock although a minority refuses it for good, and sends that one hardly more", async () => {
    const { clock, instances, client } = world(3);
    instances[1]!.refusal = NOPERM;
    const warnings = collectWarnings();
    const [holder, redlock] = [client(), client()];
    const lock = await holder.acquire("a", { autoExtend: false });
    const acquired = redlock.acquire("a", { wait: Infinity });
    await clock.advance(3_000);
    await lock.release();
    await clock.advance(100);
    await (await acquired).release();
    // Releases that it refused are sent again after pauses.
    expect(instances[1]!.refusedCalls).toBeLessThanOrEqual(instances[0]!.runCalls + 3);
    expect(instances[0]!.runCalls).toBeLessThanOrEqual(12);
    await Promise.all([holder.close(), redlock.close()]);
    // Once for each client.
    expect((await warnings.stop()).map(({ code, message }) => [code, message.split(";")[0]])).toEqual([
      ["QUORUMLOCK_REFUSED", `m1: ${NOPERM}`],
      ["QUORUMLOCK_REFUSED", `m1: ${NOPERM}`],
    ]);
  });
});

test("a minority that refuses single requests for good is reported, once for each instance and client", async () => {
  const { instances, client } = world(5);
  instances[1]!.forbidden = "mutex.acquire";
  const warnings = collectWarnings();
  const redlock = client();
  for (let call = 0; call < 3; call += 1) await redlock.using("a", () => undefined);
  instances[3]!.forbidden = "mutex.extend";
  const lock = await redlock.acquire("a");
  for (let call = 0; call < 3; call += 1) await lock.extend();
  await lock.release();
  await redlock.close();
  const text = "ERR ACL failure in script: User x has no permissions to run the 'set' command";
  expect((await warnings.stop()).map(({ code, message }) => [code, message.split(";")[0]])).toEqual([
    ["QUORUMLOCK_REFUSED", `m1: ${text}`],
    ["QUORUMLOCK_REFUSED", `m3: ${text}`],
  ]);
});

test("callers behind a caller that was refused for good send nothing", async () => {
  const { instances, client } = world(3);
  for (const instance of instances) instance.refusal = NOPERM;
  const redlock = client();
  const callers = Array.from({ length: 50 }, () => rejection(redlock.acquire("a", { wait: Infinity })));
  const errors = await Promise.all(callers);
  for (const error of errors) expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
  // The identification, and one attempt that identifies again.
  expect(instances.map(({ refusedCalls }) => refusedCalls)).toEqual([2, 2, 2]);
  // A later caller asks again, because somebody may have corrected the setup.
  for (const instance of instances) instance.refusal = undefined;
  await (await redlock.acquire("a")).release();
  await redlock.close();
});

test("servers that refuse a step of their recovery for good end the wait, and are asked again by each call", async () => {
  const { instances, client } = world(3);
  for (const instance of instances) instance.forbidden = "marker.replace";
  const redlock = client();
  for (let call = 0; call < 2; call += 1) {
    const error = await rejection(redlock.acquire("a", { wait: Infinity }));
    expect(String(error)).toMatch(/waiting does not help.*\n {2}m0: ERR ACL failure .*'set' command; give/);
  }
  for (const instance of instances) instance.forbidden = undefined;
  // The next step by itself would come after a second, and the virtual time stands still.
  await (await redlock.acquire("a", { wait: Infinity })).release();
  await redlock.close();
});

test("tryAcquire, tryUsing and using reject with the same error", async () => {
  const { instances, client } = world(3);
  for (const instance of instances) instance.refusal = NOPERM;
  const redlock = client();
  const calls = [
    () => redlock.tryAcquire("a"),
    () => redlock.tryUsing("a", () => undefined),
    () => redlock.using("a", { wait: Infinity }, () => undefined),
    () => redlock.acquire(["a", "b"], { wait: Infinity }),
  ];
  for (const call of calls)
    expect(await rejection(call())).toMatchObject({
      code: "LOCK_NO_QUORUM",
      message: expect.stringContaining("waiting does not help"),
    });
  await redlock.close();
});

test("a held lock that a majority refuses to extend retries with pauses, and nothing is sent after its end", async () => {
  const { clock, instances, client } = world(3);
  const redlock = client();
  const lock = await redlock.acquire("a", { autoExtend: true });
  const failures: unknown[] = [];
  redlock.on("lock:extend:failed", ({ error }) => failures.push(error));
  for (const instance of instances) instance.refusal = NOPERM;
  await clock.advance(10_000);
  expect(lock.isHeld).toBe(false);
  expect(lock.signal.aborted).toBe(true);
  expect(String(failures[0])).toContain(NOPERM);
  // From a third of the ttl on, one each second.
  expect(failures.length).toBeLessThanOrEqual(7);
  await clock.advance(120_000);
  const calls = instances.map(({ refusedCalls }) => refusedCalls);
  // The extensions, the release, and its repetitions with pauses that double for a minute.
  expect(Math.max(...calls)).toBeLessThanOrEqual(20);
  await clock.advance(600_000);
  expect(instances.map(({ refusedCalls }) => refusedCalls)).toEqual(calls);
  await redlock.close();
});

describe("a change to instances that refuse the client for good", () => {
  test("ends at once, the old set decides, and a later change asks again", async () => {
    const { clock, instances, client } = world(3);
    const redlock = client();
    await redlock.using("a", () => undefined);
    const next = ["n0", "n1"].map((label) => new RefusingInstance({ clock, label }));
    for (const instance of next) instance.refusal = NOPERM;
    const error = await rejection(redlock.reconfigure([instances[0]!, ...next]));
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM", message: expect.stringContaining(NOPERM) });
    await settle();
    await redlock.using("a", () => undefined);
    for (const instance of next) instance.refusal = undefined;
    const change = await redlock.reconfigure([instances[0]!, ...next]);
    await advanceDuring(clock, 20_000, change.complete());
    await redlock.close();
  });

  test("also if members of the present set did, and no caller has asked them since", async () => {
    const { clock, instances, client } = world(3);
    for (const instance of instances) instance.refusal = NOPERM;
    const redlock = client();
    await rejection(redlock.acquire("a", { wait: Infinity }));
    const added = new RefusingInstance({ clock, label: "n0" });
    const next = [instances[0]!, instances[1]!, added];
    expect(String(await rejection(redlock.reconfigure(next)))).toContain(NOPERM);
    for (const instance of instances) instance.refusal = undefined;
    await (await redlock.reconfigure(next)).abort();
    await redlock.close();
  });

  test("can be completed after the refusal has ended, without any other call", async () => {
    const { clock, instances } = world(4);
    for (const instance of instances) instance.refusal = NOPERM;
    const [current, next] = [instances.slice(0, 3), instances.slice(1)];
    const redlock = new Redlock({ current, next }, { clock, ttl: 10_000, requestTimeout: 100 });
    const change = await redlock.reconfigure(next);
    expect(String(await rejection(change.complete()))).toContain(NOPERM);
    for (const instance of instances) instance.refusal = undefined;
    // The servers are identified by this call, and get their markers after it.
    await change.complete().catch(() => undefined);
    await settle();
    await advanceDuring(clock, 20_000, change.complete());
    await redlock.close();
  });
});
