import { describe, expect, test } from "vitest";
import Redlock, { type Lock, type Settings } from "../../../src/compat/redlock/index.ts";
import { MemoryInstance } from "../../../src/index.ts";
import { rejection } from "../../support/timing.ts";

const client = new MemoryInstance();
const redlock = new Redlock([client]);
/** Calls what the types forbid. */
const untyped = redlock as unknown as Record<string, (...args: unknown[]) => unknown>;
const Untyped = Redlock as unknown as new (...args: unknown[]) => Redlock;
const messageOf = async (call: () => unknown): Promise<string> =>
  String(await rejection(new Promise((resolve) => resolve(call()))));

describe("the methods, callbacks and events of redlock 4 name their replacement", () => {
  test.each([
    ["lock", "`acquire([resource], duration)`"],
    ["unlock", "`release(lock)`"],
    ["lockWithOptions", "`acquire([resource], duration, settings)`"],
    ["acquireWithOptions", "`acquire([resource], duration, settings)`"],
    ["disposer", "`using([resource], duration, routine)`"],
  ])("%s", async (method, instead) => {
    expect(await messageOf(() => untyped[method]!("a", 1_000))).toBe(
      `TypeError: ${method}: this method was of redlock 4; call ${instead}`,
    );
  });

  test("of a lock, and callbacks", async () => {
    const lock = await redlock.acquire(["former"], 60_000);
    const former = lock as unknown as Record<string, (...args: unknown[]) => unknown>;
    const callback = (): void => undefined;
    expect(await messageOf(() => former["unlock"]!())).toContain("call `release()`");
    for (const call of [
      () => former["release"]!(callback),
      () => former["extend"]!(1_000, callback),
      () => untyped["acquire"]!(["other"], 1_000, callback),
      () => untyped["release"]!(lock, callback),
      () => untyped["extend"]!(lock, 1_000, callback),
      () => untyped["quit"]!(callback),
    ])
      expect(await messageOf(call)).toMatch(
        /^TypeError: \w+: callbacks were of redlock 4; await the promise/,
      );
    await lock.release();
  });

  test("a single resource without an array", async () => {
    expect(await messageOf(() => untyped["acquire"]!("a", 1_000))).toBe(
      'TypeError: resources: "a" must be an array of strings; use ["a"]',
    );
  });

  test.each([
    ["LockError", "`ExecutionError`"],
    ["Lock", "`Lock` of this module"],
  ])("Redlock.%s", (name, instead) => {
    expect(() => (Redlock as unknown as Record<string, unknown>)[name]).toThrow(instead);
    expect(Object.keys(Redlock)).toEqual([]);
  });

  test("the event `clientError`", () => {
    expect(() => redlock.on("clientError", () => undefined)).toThrow('listen to "error" instead');
  });
});

describe("settings", () => {
  test.each([
    ["lockScript", "scripts cannot be replaced"],
    ["retries", "set `retryCount`"],
    ["retryInterval", "set `retryDelay`"],
    ["ttl", "pass the duration in ms as the second argument"],
    ["acquireTimeout", "set `retryCount` and `retryDelay`"],
    ["autoExtend", "call `using`"],
    ["prefix", "put the prefix in front of each resource"],
    ["db", "the option `db` of the client"],
    ["retrycount", "`retryCount` is probably meant"],
    ["colour", "the options are driftFactor, retryCount"],
  ])("%s does not exist, and the error says what to do", async (name, advice) => {
    expect(() => new Untyped([client], { [name]: 1 })).toThrow(advice);
    expect(await messageOf(() => untyped["acquire"]!(["a"], 1_000, { [name]: 1 }))).toContain(
      `${name}: there is no`,
    );
  });

  test.each<[keyof Settings, number]>([
    ["driftFactor", 0.5],
    ["retryCount", -2],
    ["retryCount", 2.5],
    ["retryDelay", -1],
    ["retryJitter", Number.NaN],
    ["automaticExtensionThreshold", Infinity],
  ])("%s cannot be %d", (name, value) => {
    expect(() => new Redlock([client], { [name]: value })).toThrow(`${name}: ${value} must be`);
    expect(() => new Untyped([client], { [name]: "1" })).toThrow(`${name}: "1" must be a number`);
  });

  test("of one call that are null are the defaults", async () => {
    const lock = (await untyped["acquire"]!(["null"], 60_000, null)) as Lock;
    await untyped["release"]!(lock, null);
  });

  test("`requestTimeout` is a setting of the constructor alone", async () => {
    expect(() => new Redlock([client], { requestTimeout: 0 })).toThrow("requestTimeout: 0 must be");
    expect(await messageOf(() => untyped["acquire"]!(["a"], 1_000, { requestTimeout: 1 }))).toContain(
      "it is an option of the constructor of `Redlock`",
    );
  });

  test("`restartGuard` is a setting of the constructor alone", async () => {
    expect(await messageOf(() => untyped["acquire"]!(["a"], 1_000, { restartGuard: false }))).toContain(
      "it is an option of the constructor of `Redlock`",
    );
    expect(() => new Redlock([client], { restartGuard: 0.5 })).toThrow("restartGuard: 0.5 must be");
  });

  test("have the defaults of redlock 5", () => {
    expect(redlock.settings).toEqual({
      driftFactor: 0.01,
      retryCount: 10,
      retryDelay: 200,
      retryJitter: 100,
      automaticExtensionThreshold: 500,
    });
    expect(new Redlock([client], { retryCount: 0 }).settings).toMatchObject({
      retryCount: 0,
      retryDelay: 200,
    });
  });
});

describe("the constructor", () => {
  test.each([
    [[[]], "Error: Redlock must be instantiated with at least one redis client."],
    [
      [client],
      "TypeError: clients: an object (MemoryInstance) must be an array of clients; use new Redlock([client])",
    ],
    [["redis://localhost"], 'TypeError: clients: "redis://localhost" must be an array of clients'],
    [[["redis://localhost"]], "TypeError: clients[0]: a string is no client"],
    [[[client, {}]], "TypeError: clients[1]: an object (Object) must be a client of ioredis"],
    [[[null]], "or @upstash/redis or an Instance"],
    [[[{ internal_send_command: () => 1 }]], "clients[0]: a client of redis 2 or 3 answers by callbacks"],
    [[Array.from({ length: 32 }, () => new MemoryInstance())], "RangeError: clients: 32 are too many"],
    [
      [[client], {}, { acquireScript: "return 1" }],
      "TypeError: scripts.acquireScript: scripts cannot be replaced",
    ],
  ])("refuses %o", async (args, message) => {
    expect(await messageOf(() => new Untyped(...args))).toContain(message);
  });

  test("has no scripts to read", () => {
    expect(() => redlock.scripts).toThrow("scripts: the library sends its own");
  });
});

describe("durations and resources", () => {
  test.each([1.5, Number.NaN, Infinity, "1000", Number.MAX_SAFE_INTEGER / 10])(
    "%s is no duration",
    async (duration) => {
      const expected = "Error: Duration must be an integer value in milliseconds.";
      expect(await messageOf(() => untyped["acquire"]!(["a"], duration))).toBe(expected);
      expect(await messageOf(() => untyped["using"]!(["a"], duration, async () => 1))).toBe(expected);
    },
  );

  test("a duration that drift alone can use up is refused", async () => {
    expect(await messageOf(() => redlock.acquire(["a"], 2))).toBe(
      "RangeError: duration: 2 ms must be above the allowance for clock drift, 2.02 ms; use a longer duration",
    );
  });

  test("`using` has the checks of redlock 5", async () => {
    expect(await messageOf(() => redlock.using(["a"], 500, async () => 1))).toBe(
      "Error: A lock `duration` must be at least 100ms greater than the `automaticExtensionThreshold` setting.",
    );
    expect(await messageOf(() => redlock.using(["a"], 1_000, {}))).toBe(
      "Error: INVARIANT: routine is not a function.",
    );
  });

  test("names of the library's own keys, and objects that are no locks, are refused", async () => {
    expect(await messageOf(() => redlock.acquire(["a", "~server"], 1_000))).toContain(
      'resources: "~server" begins with "~"',
    );
    expect(await messageOf(() => redlock.acquire(["a", ""], 1_000))).toContain('resources[1]: "" must not');
    expect(await messageOf(() => redlock.acquire([], 1_000))).toContain("the array is empty");
    expect(await messageOf(() => untyped["release"]!({}))).toContain("must be a Lock");
    expect(await messageOf(() => untyped["extend"]!(undefined, 1_000))).toContain("must be a Lock");
    const secret = "0123456789abcdef0123456789abcdef@host:1";
    for (const call of [
      () => untyped["release"]!(secret),
      () => untyped["extend"]!(secret, 1_000),
      () => untyped["release"]!({ value: secret }),
    ])
      expect(await messageOf(call)).not.toContain("0123456789");
  });
});
