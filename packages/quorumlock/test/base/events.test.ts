import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";

test("a listener that throws causes a warning, and the lock and the other listeners continue", async () => {
  const warnings: string[] = [];
  const collect = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", collect);
  const redlock = Redlock.memory();
  const received: string[] = [];
  redlock.on("lock:acquire:succeeded", () => {
    throw new Error("from a listener");
  });
  const stop = redlock.on("lock:acquire:succeeded", ({ names }) => received.push(...names));
  await redlock.using("a", () => undefined);
  stop();
  stop();
  await redlock.using("b", () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", collect);
  expect(received).toEqual(["a"]);
  expect(
    warnings.some((text) =>
      /a listener of "lock:acquire:succeeded" threw: Error: from a listener/.test(text),
    ),
  ).toBe(true);
});

test("a listener that rejects, or throws a value without a text, causes a warning", async () => {
  const warnings: string[] = [];
  const collect = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", collect);
  const redlock = Redlock.memory();
  const withoutText: unknown = Object.create(null);
  redlock.on("lock:released", () => Promise.reject(new Error("from an async listener")) as unknown as void);
  redlock.on("lock:released", () => {
    throw withoutText;
  });
  await redlock.using("a", () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", collect);
  expect(warnings.join("\n")).toMatch(/from an async listener/);
  expect(warnings.join("\n")).toMatch(/the thrown value cannot be converted to a string/);
});

test("the events of a lock cover its whole life", async () => {
  const instances = [new MemoryInstance()];
  const redlock = new Redlock(instances);
  const recorded: unknown[] = [];
  redlock.on("lock:acquire:succeeded", ({ names, attempts }) => recorded.push(["acquired", names, attempts]));
  redlock.on("lock:acquire:failed", ({ names, error }) => recorded.push(["failed", names, error.code]));
  redlock.on("lock:released", ({ names, confirmed }) => recorded.push(["released", names, confirmed]));
  redlock.on("lock:lost", ({ names, error }) => recorded.push(["lost", names, error.code]));
  const a = await redlock.acquire("a");
  await redlock.tryAcquire("a");
  await a.release();
  const b = await redlock.acquire("b");
  instances[0]!.set("lock:b", "other-holder", 60_000);
  await b.extend().catch(() => undefined);
  expect(recorded).toEqual([
    ["acquired", ["a"], 1],
    ["failed", ["a"], "LOCK_TIMEOUT"],
    ["released", ["a"], true],
    ["acquired", ["b"], 1],
    ["lost", ["b"], "LOCK_LOST"],
  ]);
});
