import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";

const client: readonly (readonly [string, RegExp])[] = [
  ["retryCount", /^retryCount: there is no such option; set `wait`/],
  ["retryDelay", /^retryDelay: .*waiters are notified/],
  ["retryJitter", /^retryJitter: /],
  ["automaticExtensionThreshold", /^automaticExtensionThreshold: .*`autoExtend`/],
  ["lockTimeout", /^lockTimeout: .*`ttl`/],
  ["acquireTimeout", /^acquireTimeout: .*`wait`/],
  ["timeout", /^timeout: .*`wait`.*`ttl`/],
  ["expiry", /^expiry: .*`ttl`/],
  ["keyPrefix", /^keyPrefix: .*`prefix`/],
  ["drifFactor", /^drifFactor: .*`driftFactor` is probably meant/],
  ["TTL", /^TTL: .*`ttl` is probably meant/],
  ["colour", /^colour: .*the options are ttl, wait, autoExtend, prefix/],
  ["signal", /^signal: .*it is an option of `acquire`/],
];

test.each(client)("the client refuses %s", (key, message) => {
  expect(() => new Redlock([new MemoryInstance()], { [key]: 1 })).toThrow(message);
  expect(() => Redlock.memory({ [key]: 1 })).toThrow(TypeError);
});

test("an acquisition refuses an unknown option", async () => {
  const redlock = Redlock.memory();
  const message = async (options: object): Promise<string> =>
    String(await rejection(redlock.acquire("a", options)));
  expect(await message({ autoextend: true })).toMatch(
    /TypeError: autoextend: .*`autoExtend` is probably meant/,
  );
  expect(await message({ retryCount: 3 })).toMatch(/set `wait`/);
  expect(await message({ prefix: "x" })).toMatch(/it is an option of `new Redlock`/);
  expect(String(await rejection(redlock.tryAcquire("a", { autoextend: 1 } as object)))).toMatch(/autoextend/);
  expect(String(await rejection(redlock.using("a", { autoextend: 1 } as object, () => 1)))).toMatch(
    /autoextend/,
  );
  expect(String(await rejection(redlock.reconfigure([], { sginal: 1 } as object)))).toMatch(/`signal` is/);
  expect(() => new MemoryInstance({ name: "m" } as object)).toThrow(/name: there is no such option/);
  expect(() => new Redlock([new MemoryInstance()], { instances: 3 } as object)).toThrow(
    /of `Redlock.memory`/,
  );
});

test("options that are undefined are as if they were not given", async () => {
  const none = { ttl: undefined, wait: undefined, owner: undefined };
  const redlock = Redlock.memory({ ...none, prefix: undefined, instances: undefined, clock: undefined });
  expect(await redlock.acquire("a", { ...none, signal: undefined, autoExtend: undefined })).toHaveProperty(
    "ttl",
    10_000,
  );
});

test("a number in place of the options", async () => {
  const redlock = Redlock.memory();
  const message = "options: 5000 must be an object; to set the ttl, use { ttl: 5000 }";
  expect(await rejection(redlock.acquire(["a"], 5_000 as never))).toHaveProperty("message", message);
  expect(await rejection(redlock.tryAcquire("a", 5_000 as never))).toHaveProperty("message", message);
  expect(await rejection(redlock.using("a", 5_000 as never, () => 1))).toHaveProperty("message", message);
  expect(await rejection(redlock.using("a", 5_000 as never, {} as never))).toHaveProperty("message", message);
});

test("instances without an array, and a client in place of the options", () => {
  const memory = new MemoryInstance();
  expect(() => new Redlock("redis://a" as never)).toThrow(
    '"redis://a" must be an array; use new Redlock([url])',
  );
  expect(() => new Redlock(memory as never)).toThrow(/must be an array; use new Redlock\(\[client\]\)/);
  expect(() => new Redlock([memory], { on: () => 1 } as never)).toThrow(/list all clients in one array/);
});
