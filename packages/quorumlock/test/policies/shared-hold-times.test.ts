import { describe, expect, test } from "vitest";
import { AdaptiveTtl, Redlock, withAdaptiveTtl } from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { RefusingInstance } from "../support/refusing-instance.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

const DAY = 86_400_000;
const keyOf = (resource: string): string => keySpaceOf("lock:").holdSummary(resource);

/** Instances in virtual time. `process()` is a client with hold times of its own. */
function servers(count = 3) {
  const clock = new VirtualClock();
  const instances = Array.from(
    { length: count },
    (_, index) => new RefusingInstance({ clock, label: `m${index}` }),
  );
  const process = ({ base = 100, shared = true } = {}) => {
    const redlock = new Redlock(instances, { clock, restartGuard: false });
    const adaptive = new AdaptiveTtl({ base, shared });
    const hold = async (name: string, ms: number): Promise<number> => {
      const lock = await withAdaptiveTtl(redlock.mutex(name), adaptive).acquire();
      const { ttl } = lock;
      await clock.advance(ms);
      await lock.release();
      await settle();
      return ttl;
    };
    return { redlock, adaptive, hold };
  };
  const sent = (): number =>
    instances[0]!.operations.filter((operation) => operation === "hold.summary").length;
  return { clock, instances, process, sent };
}

describe("shared hold times", () => {
  test("a new process begins with the base, and uses the hold times of others from its second lock on", async () => {
    const { process, instances } = servers();
    const first = process();
    for (let id = 0; id < 20; id++) await first.hold(`order:${id}`, 50 + id);
    const known = first.adaptive.statistics("order:1")!.recommendedTtl;
    expect(known).toBeGreaterThan(200);
    for (const instance of instances) {
      expect(instance.get(keyOf("order:*"))).toMatch(/^1:(\d+,){19}\d+$/);
      expect(instance.remaining(keyOf("order:*"))).toBeLessThanOrEqual(DAY);
    }
    const second = process();
    expect(await second.hold("order:77", 10)).toBe(100);
    const learnt = await second.hold("order:78", 10);
    expect(Math.abs(learnt - known)).toBeLessThan(known / 5);
    // The statistics have only its own holds.
    expect(second.adaptive.statistics("order:1")).toMatchObject({ sampleCount: 2, maxExecutionTime: 10 });
    const apart = process({ shared: false });
    for (let id = 0; id < 3; id++) expect(await apart.hold(`order:${id}`, 10)).toBe(100);
  });

  test("its own hold times replace those of others", async () => {
    const { process } = servers();
    const first = process();
    for (let id = 0; id < 20; id++) await first.hold(`order:${id}`, 200);
    const second = process();
    for (let id = 0; id < 10; id++) await second.hold(`order:${id}`, 40);
    expect(second.adaptive.statistics("order:1")!.recommendedTtl).toBeGreaterThan(600);
    for (let id = 0; id < 100; id++) await second.hold(`order:${id}`, 40);
    expect(second.adaptive.statistics("order:1")!.recommendedTtl).toBeLessThan(200);
  });

  test("is off by default, and leaves nothing on the instances", async () => {
    const { process, sent, instances } = servers();
    const { hold } = process({ shared: false });
    for (let id = 0; id < 30; id++) await hold(`order:${id}`, 50);
    expect(sent()).toBe(0);
    expect(instances[0]!.get(keyOf("order:*"))).toBeUndefined();
  });

  test("a class is read once and written about once a minute, however many locks there are", async () => {
    const { process, sent, clock } = servers();
    const { hold } = process();
    for (let id = 0; id < 1_200; id++) await hold(`order:${id % 9}`, 500);
    // 10 minutes: 1 read, and a write in 30 to 90 s.
    expect(sent()).toBeGreaterThan(7);
    expect(sent()).toBeLessThan(22);
    const before = sent();
    const idle = clock.timersSetCount;
    await clock.advance(DAY);
    expect(sent()).toBe(before);
    expect(clock.timersSetCount - idle).toBeLessThan(10);
  });

  test("a class function that makes a class of each name does not fill the instances", async () => {
    const { clock, instances } = servers();
    const redlock = new Redlock(instances, { clock, restartGuard: false });
    const adaptive = new AdaptiveTtl({ base: 100, shared: true, classOf: (name) => name, maxClasses: 1_000 });
    const keys = (): number =>
      Array.from({ length: 300 }, (_, id) => instances[0]!.get(keyOf(`n${id}`))).filter(Boolean).length;
    for (let id = 0; id < 300; id++)
      for (let turn = 0; turn < 11; turn++) {
        const lock = await withAdaptiveTtl(redlock.mutex(`n${id}`), adaptive).acquire();
        clock.pause(101);
        await lock.release();
      }
    expect(keys()).toBe(200);
  });

  test("a process reads at most 200 classes a minute, also if they are dropped and come back", async () => {
    const { clock, instances, sent } = servers();
    const redlock = new Redlock(instances, { clock, restartGuard: false });
    const adaptive = new AdaptiveTtl({ base: 100, shared: true, classOf: (name) => name, maxClasses: 50 });
    const lockAll = async (count: number): Promise<void> => {
      for (let id = 0; id < count; id++)
        await withAdaptiveTtl(redlock.mutex(`n${id}`), adaptive).using(() => undefined);
      await settle();
    };
    await lockAll(150);
    expect(sent()).toBe(150);
    await lockAll(150);
    expect(sent()).toBe(200);
    await clock.advance(60_000);
    await lockAll(300);
    expect(sent()).toBe(400);
  });

  test("long and ill-formed classes are not shared", async () => {
    const { clock, instances, sent } = servers();
    const redlock = new Redlock(instances, { clock, restartGuard: false });
    for (const resource of ["x".repeat(300), "\uD800"]) {
      const adaptive = new AdaptiveTtl({ base: 100, shared: true, classOf: () => resource });
      for (let id = 0; id < 12; id++)
        await withAdaptiveTtl(redlock.mutex("a"), adaptive).using(() => clock.advance(10));
      expect(adaptive.statistics("a")!.sampleCount).toBe(12);
    }
    expect(sent()).toBe(0);
  });
});

describe("bad values on the instances", () => {
  const numbers = (count: number, value: unknown): string => `1:${Array(count).fill(value).join(",")}`;

  test.each([
    "",
    "garbage",
    "1:",
    numbers(9, 5_000),
    numbers(21, 5_000),
    numbers(20, -5_000),
    numbers(20, "NaN"),
    numbers(20, "Infinity"),
    numbers(20, "1e9"),
    numbers(20, 12_345_678_901),
    `${numbers(20, 5_000)}\n`,
    `2:${numbers(20, 5_000).slice(2)}`,
    '1:{"__proto__":1}',
  ])("%j is ignored", async (text) => {
    const { process, instances } = servers();
    for (const instance of instances) instance.set(keyOf("order:*"), text, DAY);
    const { hold } = process();
    for (let id = 0; id < 3; id++) expect(await hold(`order:${id}`, 10)).toBe(100);
  });

  test("values that are far too large or small keep the ttl from the base to 10 times as long", async () => {
    for (const [value, ttl] of [
      [9_999_999_999, 1_000],
      [0, 100],
    ] as const) {
      const { process, instances } = servers();
      for (const instance of instances) instance.set(keyOf("order:*"), numbers(20, value), DAY);
      const { hold } = process();
      await hold("order:1", 10);
      expect(await hold("order:2", 10)).toBe(ttl);
    }
  });

  test("a wrong value on a minority of the instances changes nothing", async () => {
    const ttlWith = async (wrong: number): Promise<number> => {
      const { process, instances } = servers();
      instances.forEach((instance, index) =>
        instance.set(keyOf("order:*"), numbers(20, index === wrong ? 9_999_999_999 : 100), DAY),
      );
      const { hold } = process();
      await hold("order:1", 10);
      return hold("order:2", 10);
    };
    const right = await ttlWith(-1);
    expect(right).toBeLessThan(500);
    for (const wrong of [0, 1, 2]) expect(await ttlWith(wrong)).toBe(right);
  });

  test("a value that only a minority of the instances has counts as none", async () => {
    const ttlWith = async (values: readonly (number | undefined)[]): Promise<number> => {
      const { process, instances } = servers(values.length);
      values.forEach((value, index) => {
        if (value !== undefined) instances[index]!.set(keyOf("order:*"), numbers(20, value), DAY);
      });
      const { hold } = process();
      await hold("order:1", 10);
      return hold("order:2", 10);
    };
    const none = undefined;
    const huge = 9_999_999_999;
    expect(await ttlWith([huge, none, none])).toBe(100);
    expect(await ttlWith([huge, none])).toBe(100);
    expect(await ttlWith([huge, huge, none, none, none])).toBe(100);
    const right = await ttlWith([100, 100, none]);
    expect(right).toBeGreaterThan(250);
    expect(right).toBeLessThan(500);
    // A majority has a value, but most of these values are wrong.
    expect(await ttlWith([huge, none, 100])).toBe(right);
    expect(await ttlWith([huge, 100, huge, none, none])).toBe(right);
    expect(await ttlWith([100])).toBe(right);
  });

  test("instances that refuse the summary, or are down, do not delay or fail a lock", async () => {
    const { process, instances, clock } = servers();
    for (const instance of instances) instance.forbidden = "hold.summary";
    const { hold, adaptive } = process();
    const before = clock.monotonic();
    for (let id = 0; id < 12; id++) expect(await hold(`order:${id}`, 0)).toBe(100);
    expect(clock.monotonic()).toBe(before);
    for (const instance of instances) instance.forbidden = undefined;
    instances[2]!.refusal = "LOADING";
    for (let id = 0; id < 12; id++) await hold(`order:${id}`, 0);
    expect(adaptive.statistics("order:1")!.sampleCount).toBe(24);
  });
});

test("an option that is not true or false is refused", () => {
  expect(() => new AdaptiveTtl({ shared: "yes" as never })).toThrow(
    new TypeError('shared: "yes" must be true or false'),
  );
});
