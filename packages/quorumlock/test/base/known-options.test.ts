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

const NO_OPTIONS: readonly (readonly [string, unknown, RegExp])[] = [
  ["an AbortSignal", AbortSignal.abort(), /^options: an AbortSignal must be in an object; use \{ signal \}$/],
  ["an array", [], /^options: an object \(Array\) must be an object$/],
  ["a Map", new Map(), /^options: an object \(Map\)/],
  ["a Date", new Date(), /^options: /],
  ["an Error", new Error("x"), /^options: /],
  ["a promise", Promise.resolve({}), /^options: /],
  ["a string", "5s", /^options: "5s" must be an object$/],
  ["null", null, /^options: null must be an object$/],
  ["a function", function secret() {}, /^options: a function \(secret\) must be an object$/],
  [
    "a clock without methods",
    { clock: {} },
    /^clock: an object \(Object\) must be a Clock, but it has no method/,
  ],
  ["null for an option", { ttl: null }, /^ttl: null is no value; leave the option out/],
  [
    "a moment for a duration",
    { ttl: Date.now() },
    /^ttl: \d+ ms must be at most 2592000000, which is 30 days; it is a dur/,
  ],
];

test.each(NO_OPTIONS)("%s in place of the options is refused", async (_what, value, message) => {
  const options = value as never;
  expect(() => new Redlock([new MemoryInstance()], options)).toThrow(message);
  expect(() => Redlock.memory(options)).toThrow(message);
  if (value instanceof Object && "clock" in value) return;
  await using redlock = Redlock.memory();
  for (const call of [
    redlock.acquire("a", options),
    redlock.tryAcquire("a", options),
    ...(typeof value === "function"
      ? []
      : [
          redlock.using("a", options, () => undefined),
          redlock.mutex("a").tryUsing(options, () => undefined),
        ]),
  ])
    expect(await rejection(call)).toHaveProperty("message", expect.stringMatching(message));
  // Nothing was locked.
  await (await redlock.acquire("a", { wait: 0 })).release();
});

test("options after the routine are refused", async () => {
  await using redlock = Redlock.memory();
  const misplaced = [() => undefined, { ttl: 5_000 }] as never as [() => undefined];
  for (const call of [
    redlock.using("a", ...misplaced),
    redlock.tryUsing("a", ...misplaced),
    redlock.mutex("a").using(...misplaced),
  ])
    expect(String(await rejection(call))).toMatch(/the options must come before the function/);
});

test("an event that does not exist, and a listener that is no function", async () => {
  await using redlock = Redlock.memory();
  expect(() => redlock.on("lock:losst" as never, () => undefined)).toThrow(
    /^event: "lock:losst" does not exist; the events are lock:acquire:started, /,
  );
  expect(() => redlock.on("toString" as never, () => undefined)).toThrow(TypeError);
  expect(() => redlock.on("lock:lost", null as never)).toThrow(/^listener: null must be a function$/);
});

test("names with a hole, and instances that are no clients", async () => {
  await using redlock = Redlock.memory();
  expect(String(await rejection(redlock.acquire(Object.assign([], { 1: "a" }))))).toMatch(
    /names\[0\]: undefined must be a string/,
  );
  expect(() => new Redlock([Number.NaN] as never)).toThrow(/^instances\[0\]: NaN must be a client/);
  expect(() => new Redlock([MemoryInstance] as never)).toThrow(
    /^instances\[0\]: a function \(MemoryInstance\) must be a client/,
  );
});
