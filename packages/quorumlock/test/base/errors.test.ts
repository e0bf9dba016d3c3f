import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { InstanceError, type Lock, LockTimeoutError, QuorumError, Redlock } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";
import { advanceDuring, world } from "../support/world.ts";

const failures = ["a:1", "b:2", "c:3"].map((instance) => ({
  instance,
  error: new InstanceError("INSTANCE_UNAVAILABLE", "connect ECONNREFUSED\n  twice", {
    cause: new Error("refused"),
  }),
}));

test("the JSON of an error has its message and fields, and no stack", () => {
  const json = JSON.parse(JSON.stringify(new QuorumError(["n"], "too few", failures))) as object;
  expect(json).toMatchObject({
    name: "QuorumError",
    code: "LOCK_NO_QUORUM",
    names: ["n"],
    message: expect.stringMatching(/^"n": too few\n {2}a:1: connect ECONNREFUSED twice\n/),
    failures: [
      { instance: "a:1", error: { code: "INSTANCE_UNAVAILABLE", cause: { message: "refused" } } },
      {},
      {},
    ],
  });
  expect(JSON.stringify(json)).not.toContain("stack");
  const holder = { owner: "o", token: "t", remaining: 5, thisProcess: false };
  expect(JSON.parse(JSON.stringify(new LockTimeoutError(["n"], 3, holder, [])))).toMatchObject({
    waited: 3,
    holder,
  });
});

test("an error of several instances prints one line for each, also if it is not caught", async () => {
  const isShort = (text: string): boolean =>
    text.split("\n").length < 30 && ["a:1", "b:2", "c:3"].every((label) => text.split(label).length === 2);
  expect(inspect(new QuorumError(["n"], "too few", failures))).toSatisfy(isShort);
  const index = JSON.stringify(new URL("../../src/index.ts", import.meta.url).href);
  const code = `
    const { Redlock, MemoryInstance } = await import(${index});
    const instances = ["a:1", "b:2", "c:3"].map((label) => new MemoryInstance({ label }));
    instances.forEach((instance) => instance.kill());
    await new Redlock(instances).tryAcquire("n");`;
  const args = ["--import", "tsx", "--conditions=@quorumlock/source", "--input-type=module", "-e", code];
  const cwd = fileURLToPath(new URL("../../../..", import.meta.url));
  const { stderr } = (await rejection(promisify(execFile)(process.execPath, args, { cwd }))) as {
    stderr: string;
  };
  expect(stderr).toMatch(/QuorumError: "n"/);
  expect(stderr).toSatisfy(isShort);
});

test("an instance's error prints no stacks", () => {
  expect(inspect(failures[0]?.error)).toMatch(/^\[InstanceError: connect/);
  expect(inspect(failures[0]?.error)).not.toMatch(/\n +at /);
});

test("a lock, a lockable and a client print what they are", async () => {
  const { redlock } = world(3, { owner: "me" });
  const lock = await redlock.acquire("a");
  expect(inspect(lock)).toMatch(/^Lock \{\n? *names: \[ 'a' \],\s+fence: \d+,\s+token: '\w+@me'/);
  expect(JSON.parse(JSON.stringify(lock))).toMatchObject({ names: ["a"], ttl: 10_000, isHeld: true });
  expect(Object.keys(JSON.parse(JSON.stringify(lock)) as object)).not.toContain("registryIndex");
  expect(inspect(redlock)).toBe("Redlock { instances: [ 'm0', 'm1', 'm2' ], isClosed: false }");
  expect(inspect(redlock.mutex(["b", "a"]))).toBe('Lockable { name: "a, b" }');
});

test("the error of a lost lock has a line of the caller", async () => {
  const { clock, instances, redlock } = world();
  async function callerOfUsing(): Promise<void> {
    await redlock.using("a", async () => {
      for (const instance of instances) instance.kill();
      await new Promise<void>((resolve) => clock.setTimer(30_000, resolve, true));
    });
  }
  const error = (await advanceDuring(clock, 31_000, rejection(callerOfUsing()))) as Error;
  expect(error.stack).toMatch(/^LockLostError: [^]*callerOfUsing/);
});

describe("an error has a line of the caller", () => {
  const token = `${"0".repeat(32)}@me`;
  const description = {
    kind: "mutex",
    names: ["a"],
    token,
    fence: 1,
    ttl: 10_000,
    remaining: 9_000,
  } as const;
  test.each<[string, (redlock: Redlock, lock: Lock) => Promise<unknown>]>([
    ["acquire", (redlock) => redlock.acquire("b", { wait: 100 })],
    ["acquire of a Lockable", (redlock) => redlock.mutex("b").acquire({ wait: 100 })],
    ["tryAcquire", (redlock) => redlock.tryAcquire("b")],
    ["using", (redlock) => redlock.using("b", { wait: 100 }, () => undefined)],
    ["tryUsing", (redlock) => redlock.tryUsing("b", () => undefined)],
    ["query", (redlock) => redlock.query("b")],
    ["attach", (redlock) => redlock.attach(description)],
    ["extend", (_redlock, lock) => lock.extend()],
    ["release", (_redlock, lock) => lock.release()],
    ["detach", (_redlock, lock) => lock.detach()],
  ])("%s", async (_name, call) => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: false });
    for (const instance of instances) instance.pause();
    async function theCaller(): Promise<void> {
      await call(redlock, lock);
    }
    const error = (await advanceDuring(clock, 31_000, rejection(theCaller()))) as Error;
    expect(error.stack).toMatch(/^(Quorum|LockLost)Error: [^]*theCaller/);
  });
});

test("extend after release says that the lock was released", async () => {
  const { redlock } = world();
  const lock = await redlock.acquire("a");
  await lock.release();
  expect(await rejection(lock.extend())).toMatchObject({
    code: "LOCK_RELEASED",
    message: 'the lock on "a" cannot be extended: it was released before the extension; acquire it again',
  });
});

test("a timeout on a lock that this process did not release says so, also at the end of the lease", async () => {
  const { clock, instances, redlock } = world(3, { owner: "me" });
  const other = new Redlock(instances, { clock });
  await redlock.acquire("a", { ttl: 1_000 });
  await clock.advance(10);
  const waiting = rejection(other.acquire("a", { wait: 985 }));
  const error = (await advanceDuring(clock, 2_000, waiting)) as LockTimeoutError;
  expect(error).toMatchObject({ holder: { thisProcess: true } });
  expect(error.message).toMatch(/a release is missing/);
  expect(error.message).not.toMatch(/0 ms more/);
  expect(
    new LockTimeoutError(["a"], 1, { owner: "o", token: "t", remaining: 0.2, thisProcess: true }, []).message,
  ).toMatch(/held by o until now, at the last attempt; this is the same process/);
});
