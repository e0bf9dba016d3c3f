import { type AddressInfo, createServer } from "node:net";
import { Cluster } from "ioredis";
import { describe, expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";

const redlock = Redlock.memory();
const unknown = (value: unknown): never => value as never;

describe("bad input is rejected with the field and the value", () => {
  const ttls: readonly (readonly [unknown, RegExp])[] = [
    [0, /ttl: 0 must be/],
    [-5, /ttl: -5 must be/],
    [Number.NaN, /ttl: NaN must be/],
    [10.5, /ttl: 10\.5 must be/],
    [Infinity, /ttl: Infinity must be/],
    [2 ** 53, /ttl: 9007199254740992 must be/],
    [2, /ttl: 2 ms must be above the allowance for clock drift, 2\.02 ms/],
    ["10", /ttl: "10" must be a number/],
  ];
  for (const [ttl, message] of ttls) {
    test(`ttl ${String(ttl)}`, async () => {
      expect(() => Redlock.memory({ ttl: unknown(ttl) })).toThrow(message);
      expect(await rejection(redlock.acquire("a", { ttl: unknown(ttl) }))).toHaveProperty(
        "message",
        expect.stringMatching(message),
      );
      expect(await rejection(redlock.using("a", { ttl: unknown(ttl) }, () => 1))).toHaveProperty(
        "message",
        expect.stringMatching(message),
      );
    });
  }

  const names: readonly (readonly [unknown, RegExp])[] = [
    ["", /name: "" must not be empty/],
    [[], /names: the array is empty/],
    [["a", ""], /names\[1\]: "" must not be empty/],
    [["a", "b", "a"], /names: "a" is in the array twice/],
    [undefined, /name: undefined must be a string or an array/],
    [["a", 7], /names\[1\]: 7 must be a string/],
    ["x".repeat(1025), /name: 1025 characters are too many; use at most 1024/],
    [Array.from({ length: 1001 }, (_, index) => `n${index}`), /names: 1001 names are too many/],
  ];
  for (const [name, message] of names) {
    test(`name ${JSON.stringify(name)?.slice(0, 40)}`, async () => {
      expect(() => redlock.mutex(unknown(name))).toThrow(message);
      expect(await rejection(redlock.acquire(unknown(name)))).toHaveProperty(
        "message",
        expect.stringMatching(message),
      );
      expect(await rejection(redlock.using(unknown(name), () => 1))).toHaveProperty(
        "message",
        expect.stringMatching(message),
      );
    });
  }

  const options: readonly (readonly [string, unknown, RegExp])[] = [
    ["wait", -1, /wait: -1 must be a number of milliseconds, at least 0/],
    ["wait", Number.NaN, /wait: NaN must be/],
    ["wait", "5", /wait: "5" must be a number/],
    ["autoExtend", 1, /autoExtend: 1 must be true or false/],
    ["owner", "", /owner: "" must have 1 to 128 printable/],
    ["owner", "a\nb", /owner: "a\\nb" must have/],
    ["owner", 5, /owner: 5 must be a string/],
  ];
  for (const [field, value, message] of options) {
    test(`${field} ${String(value)}`, async () => {
      expect(() => Redlock.memory({ [field]: value })).toThrow(message);
      expect(await rejection(redlock.acquire("a", { [field]: value }))).toHaveProperty(
        "message",
        expect.stringMatching(message),
      );
    });
  }

  test("options of an acquisition", async () => {
    expect(await rejection(redlock.acquire("a", { signal: unknown("no") }))).toHaveProperty(
      "message",
      'signal: "no" must be an AbortSignal',
    );
    expect(await rejection(redlock.acquire("a", unknown(7)))).toHaveProperty(
      "message",
      "options: 7 must be an object; to set the ttl, use { ttl: 7 }",
    );
    expect(await rejection(redlock.using("a", unknown(undefined)))).toHaveProperty("name", "TypeError");
  });

  test("options of the client", () => {
    expect(() => Redlock.memory({ driftFactor: 0.5 })).toThrow(
      /driftFactor: 0\.5 must be at least 0 and less than 0\.5/,
    );
    expect(() => Redlock.memory({ driftFactor: -0.1 })).toThrow(/driftFactor: -0\.1/);
    expect(() => Redlock.memory({ requestTimeout: 0 })).toThrow(/requestTimeout: 0/);
    expect(() => Redlock.memory({ requestTimeout: Infinity })).toThrow(/requestTimeout: Infinity/);
    expect(() => Redlock.memory({ prefix: unknown(1) })).toThrow(/prefix: 1/);
    expect(() => Redlock.memory({ diagnostics: unknown("yes") })).toThrow(/diagnostics: "yes"/);
    expect(() => Redlock.memory({ instances: 0 })).toThrow(/instances: 0/);
    expect(() => new Redlock([new MemoryInstance()], unknown("x"))).toThrow(/options: "x"/);
  });

  test("the list of instances", () => {
    const memory = new MemoryInstance();
    expect(() => new Redlock([])).toThrow(/instances: the array is empty/);
    expect(() => new Redlock(unknown("redis://a"))).toThrow(/instances: "redis:\/\/a" must be an array/);
    expect(() => new Redlock([memory, memory])).toThrow(/instances\[1\] is the same as instances\[0\]/);
    expect(() => new Redlock(["redis://a", "redis://a"])).toThrow(/instances\[1\] is the same/);
    expect(() => new Redlock([unknown({})])).toThrow(/instances\[0\]: an object \(Object\) must be a client/);
    expect(() => new Redlock([unknown(null)])).toThrow(/instances\[0\]: null must be a client/);
    expect(() => new Redlock(["http://user:secret@a"])).toThrow(/"http:\/\/\*\*\*@a" must be a redis:/);
    for (const url of ["user:secret@host:6379", "http://:se/cret@h", "default:secret@a@b"]) {
      expect(() => new Redlock([url])).toThrow(/^(?!.*(secret|cret))instances\[0\]: ".*\*\*\*@/);
    }
    expect(() => new Redlock([unknown(undefined), memory])).toThrow(
      /instances\[0\]: undefined must be a client/,
    );
    expect(() => new Redlock(["nonsense"])).toThrow(/"nonsense" must be a redis:/);
  });

  test("opens no connection if one source in the list is wrong", async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(() => new Redlock([`redis://127.0.0.1:${port}`, "nonsense"])).toThrow(/instances\[1\]/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connections).toBe(0);
    server.close();
  });

  test("a cluster client with a key prefix", () => {
    const cluster = new Cluster([{ host: "127.0.0.1", port: 1 }], { lazyConnect: true, keyPrefix: "app:" });
    expect(() => new Redlock([cluster])).toThrow(/instances\[0\]: a cluster client with keyPrefix "app:"/);
    cluster.disconnect();
  });

  test("a name that begins with a tilde, which marks the library's own keys", () => {
    expect(() => redlock.mutex("~fence:{a}")).toThrow(/^name: "~fence:\{a\}" begins with "~"/);
    expect(redlock.mutex("order~1").name).toBe("order~1");
  });

  test("rejected input leaves no lock behind", async () => {
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });
});

test("a ttl above 2^31−1 makes a lease of that length", async () => {
  const ttl = 2 ** 31 + 1_000_000;
  const lock = await redlock.acquire("long", { ttl });
  expect(lock.remaining()).toBeGreaterThan(2 ** 31 - ttl * 0.02);
  expect(lock.isHeld).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(lock.signal.aborted).toBe(false);
  expect(await lock.release()).toBe(true);
});

test("an even number of instances works and causes one warning", async () => {
  const warnings: Error[] = [];
  const collect = (warning: Error): void => void warnings.push(warning);
  process.on("warning", collect);
  const [one, two] = [Redlock.memory({ instances: 2 }), Redlock.memory({ instances: 4 })];
  await one.using("a", () => undefined);
  await two.using("a", () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", collect);
  expect(warnings.filter((warning) => "code" in warning && warning.code === "QUORUMLOCK_EVEN")).toHaveLength(
    1,
  );
  expect(warnings[0]?.message).toMatch(/^instances: 2 tolerate no more failures than 1/);
});
