import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";

test("a text with half of a surrogate pair is refused as a name, a prefix and an owner", async () => {
  const redlock = Redlock.memory();
  for (const half of ["\ud800", "a\udc00b", "\udc00\ud800"]) {
    expect(() => redlock.mutex(half)).toThrow(RangeError);
    expect(() => redlock.mutex(["a", half])).toThrow(
      /names\[1\]: ".*\\ud.*" has a surrogate without its pair/,
    );
    expect(() => new Redlock([new MemoryInstance()], { prefix: half })).toThrow(/^prefix: /);
    expect(() => new Redlock([new MemoryInstance()], { owner: half })).toThrow(/^owner: /);
    expect(String(await rejection(redlock.acquire("a", { owner: half })))).toMatch(/RangeError: owner: /);
  }
  expect(redlock.mutex("\u{1f512}").name).toBe("\u{1f512}");
});

test("a ttl below 100 ms causes one warning, which asks whether seconds were meant", async () => {
  const warnings: Error[] = [];
  const collect = (warning: Error): void => void warnings.push(warning);
  process.on("warning", collect);
  const redlock = Redlock.memory({ ttl: 100 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
  const lock = await redlock.acquire("a", { ttl: 10 });
  await redlock.acquire("b", { ttl: 20 });
  await lock.extend(30).catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", collect);
  expect(warnings).toMatchObject([
    {
      code: "QUORUMLOCK_SHORT_TTL",
      message: "ttl: 10 ms is very short; were seconds meant? 10 seconds are { ttl: 10000 }",
    },
  ]);
});
