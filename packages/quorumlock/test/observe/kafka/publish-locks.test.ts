import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Redlock, withFallback } from "../../../src/index.ts";
import {
  type LockMessage,
  publishLocks,
  type PublishLocksOptions,
} from "../../../src/observe/kafka/index.ts";
import { messagesOf, ScriptedProducer } from "../../support/scripted-producer.ts";
import { settle } from "../../support/virtual-clock.ts";
import { advanceDuring, world } from "../../support/world.ts";

function publishing(options: PublishLocksOptions = {}) {
  const scene = world(3, { owner: "host:1", autoExtend: false, wait: 500 });
  const producer = new ScriptedProducer();
  const errors: Error[] = [];
  const publisher = publishLocks(scene.redlock, producer, {
    onError: (error) => errors.push(error),
    ...options,
  });
  return { ...scene, producer, publisher, errors };
}

/** What a message is about, in one word. */
const types = (messages: readonly LockMessage[]): readonly string[] =>
  messages.map(({ event_type: type, resource }) => `${type.replace("lock_", "")} ${resource}`);

describe("a message", () => {
  test("has the fields of the event, and no more of the token than 8 digits and a hash", async () => {
    const { redlock, clock, producer } = publishing();
    const at = clock.wall();
    const lock = await redlock.acquire("order:42");
    await clock.advance(250);
    await lock.extend(20_000);
    await lock.release();
    await clock.advance(100);
    const [acquired, extended, released] = producer.messages;
    expect(acquired).toEqual({
      schema: 1,
      event_id: expect.stringMatching(/^[0-9a-f]{32}-1$/) as string,
      event_type: "lock_acquired",
      resource: "order:42",
      holder: "host:1",
      timestamp: at,
      ttl: 10_000,
      fence: lock.fence,
      hold_id: expect.stringMatching(new RegExp(`^${lock.token.slice(0, 8)}-[0-9a-f]{24}$`)) as string,
      prefix: "lock:",
      kind: "mutex",
      mode: "exclusive",
      name_count: 1,
    });
    const { event_id: _, ...same } = acquired!;
    expect(extended).toMatchObject({
      ...same,
      event_type: "lock_extended",
      timestamp: at + 250,
      ttl: 20_000,
    });
    expect(released).toMatchObject({
      ...same,
      event_type: "lock_released",
      timestamp: at + 250,
      ttl: 20_000,
      confirmed: true,
      held_ms: 250,
    });
    expect(JSON.stringify(producer.records)).not.toContain(lock.token.slice(0, 10));
    const sent = producer.records.flatMap(({ messages }) => messages);
    expect(sent.map(({ key }) => key.toString())).toEqual(Array.from({ length: 3 }, () => "order:42"));
    expect(sent[1]!.timestamp).toBe(String(at + 250));
  });

  test("of a loss says why, and of an unconfirmed release that no quorum confirmed it", async () => {
    const { redlock, clock, producer, instances } = publishing();
    await redlock.acquire("lost");
    const lock = await redlock.acquire("left", { ttl: 60_000 });
    for (const instance of instances) instance.kill();
    await advanceDuring(
      clock,
      1_000,
      lock.release().catch(() => undefined),
    );
    await clock.advance(20_000);
    expect(producer.messages.slice(2)).toMatchObject([
      { event_type: "lock_released", resource: "left", confirmed: false },
      { event_type: "lock_lost", resource: "lost", cause: "expired" },
    ]);
  });

  test("comes for each name of a lock, with the name as its key, whatever the name", async () => {
    const { redlock, clock, producer } = publishing();
    const names = ["a b", 'quote"\\', "nul\0", "line\nbreak", "ключ🔑"].toSorted();
    await redlock.acquire(names);
    await clock.advance(100);
    const { messages } = producer.records[0]!;
    expect(messages.map(({ key }) => key.toString())).toEqual(names);
    expect(producer.messages.map(({ resource }) => resource)).toEqual(names);
    expect(new Set(producer.messages.map(({ hold_id: id }) => id)).size).toBe(1);
    expect(new Set(producer.messages.map(({ event_id: id }) => id)).size).toBe(5);
    expect(producer.messages[0]).toMatchObject({ name_count: 5 });
  });

  test("of shared locks and permits has the kind and the mode, and each hold its id", async () => {
    const { redlock, clock, producer } = publishing();
    const { read } = redlock.readWrite("file");
    await Promise.all([read.acquire(), read.acquire()]);
    const semaphore = redlock.semaphore("pool", { permits: 2 });
    await semaphore.acquire();
    await semaphore.acquire();
    await redlock.fair("line").acquire();
    await clock.advance(100);
    expect(producer.messages.map(({ kind, mode }) => `${kind} ${mode}`)).toEqual([
      "modes shared",
      "modes shared",
      "semaphore shared",
      "semaphore shared",
      "fair exclusive",
    ]);
    expect(new Set(producer.messages.map(({ hold_id: id }) => id)).size).toBe(5);
  });

  test("of a conversion ends one hold and begins another, each with its fencing token", async () => {
    const { redlock, clock, producer } = publishing();
    const writer = await redlock.readWrite("file").write.acquire();
    const reader = await writer.downgrade();
    const again = await reader.upgrade();
    await again.release();
    await clock.advance(100);
    expect(producer.messages.map(({ event_type: type, mode, cause }) => [type, mode, cause])).toEqual([
      ["lock_acquired", "exclusive", undefined],
      ["lock_released", "exclusive", "converted"],
      ["lock_acquired", "shared", "converted"],
      ["lock_released", "shared", "converted"],
      ["lock_acquired", "exclusive", "converted"],
      ["lock_released", "exclusive", undefined],
    ]);
    const ids = producer.messages.map(({ hold_id: id }) => id);
    expect(ids).toEqual([ids[0], ids[0], ids[2], ids[2], ids[4], ids[4]]);
    expect(new Set(ids).size).toBe(3);
    expect(producer.messages.map(({ fence }) => fence)).toEqual([
      writer.fence,
      writer.fence,
      reader.fence,
      reader.fence,
      again.fence,
      again.fence,
    ]);
  });

  test("of an upgrade that fails gives the hold its new id with the next extension", async () => {
    const { redlock, clock, producer } = publishing();
    const { read } = redlock.readWrite("file");
    const [reader] = await Promise.all([read.acquire(), read.acquire()]);
    const { token } = reader;
    await expect(reader.upgrade()).rejects.toMatchObject({ code: "LOCK_UPGRADE" });
    expect(reader.token).not.toBe(token);
    await reader.extend();
    await reader.release();
    await clock.advance(100);
    expect(types(producer.messages)).toEqual([
      "acquired file",
      "acquired file",
      "released file",
      "acquired file",
      "extended file",
      "released file",
    ]);
    const ids = producer.messages.map(({ hold_id: id }) => id.slice(0, 8));
    const [before, after] = [token.slice(0, 8), reader.token.slice(0, 8)];
    expect(ids.slice(2)).toEqual([before, after, after, after]);
  });

  test("of a lock that another process attaches has the id of the hold", async () => {
    const { redlock, clock, instances, producer } = publishing();
    const other = new Redlock(instances, { clock, owner: "host:2" });
    const otherProducer = new ScriptedProducer();
    publishLocks(other, otherProducer);
    const lock = await redlock.acquire("job");
    const attached = await other.attach(await lock.detach());
    await attached.release();
    await clock.advance(100);
    // A lock is extended before it is detached.
    expect(types(producer.messages)).toEqual(["acquired job", "extended job"]);
    expect(otherProducer.messages).toMatchObject([
      { event_type: "lock_extended", cause: "attached", holder: "host:1", fence: lock.fence, ttl: 10_000 },
      { event_type: "lock_released", kind: "mutex" },
    ]);
    const ids = [...producer.messages, ...otherProducer.messages].map(({ hold_id: id }) => id);
    expect(new Set(ids).size).toBe(1);
  });

  test("of a lock of the fallback tier `local` says so", async () => {
    const { redlock, clock, producer, instances } = publishing();
    for (const instance of instances) instance.kill();
    const lockable = withFallback(redlock.mutex("job"), [], { local: true, safeSwitch: false });
    const lock = await advanceDuring(clock, 60_000, lockable.acquire());
    await lock.release();
    await clock.advance(100);
    const described = producer.messages.map(({ event_type: type, tier }) => `${type} ${tier}`);
    expect(described.filter((each) => each !== "lock_extended local")).toEqual([
      "lock_acquired local",
      "lock_released local",
    ]);
  });

  test("of a lock that was acquired before has no kind and no ttl", async () => {
    const { redlock, clock } = world();
    const lock = await redlock.acquire("job");
    const producer = new ScriptedProducer();
    publishLocks(redlock, producer);
    await lock.release();
    await clock.advance(100);
    expect(producer.messages).toMatchObject([
      { event_type: "lock_released", kind: null, mode: null, ttl: null },
    ]);
  });
});

describe("batches", () => {
  test("an event waits for others up to `maxDelay`, and nothing is sent inside the call of a lock", async () => {
    const { redlock, clock, producer } = publishing({ maxDelay: 100 });
    await redlock.using("a", () => undefined);
    await clock.advance(99);
    expect(producer.sizes).toEqual([]);
    await redlock.acquire("b");
    await clock.advance(1);
    expect(producer.sizes).toEqual([3]);
    await clock.advance(1_000);
    expect(producer.sizes).toEqual([3]);
  });

  test("a full batch is sent at once, and the rest when its oldest event has waited", async () => {
    const { redlock, clock, producer } = publishing({ maxBatch: 2 });
    for (const name of ["a", "b", "c"]) await redlock.acquire(name);
    expect(producer.sizes).toEqual([]);
    await clock.advance(0);
    expect(producer.sizes).toEqual([2]);
    await clock.advance(100);
    expect(producer.sizes).toEqual([2, 1]);
  });

  test("a batch with long names stays below the limit of brokers", async () => {
    const { redlock, clock, producer } = publishing({ maxBatch: 10_000 });
    const names = Array.from(
      { length: 300 },
      (_, index) => `${String(index).padStart(4, "0")}${"語".repeat(1_020)}`,
    );
    await redlock.acquire(names);
    await clock.advance(1_000);
    const bytes = producer.records.map(({ messages }) =>
      messages.reduce((sum, { key, value }) => sum + key.length + Buffer.byteLength(value), 0),
    );
    expect(producer.messages.map(({ resource }) => resource)).toEqual(names);
    for (const each of bytes) expect(each).toBeLessThanOrEqual(500_000);
    expect(bytes.length).toBeGreaterThan(2);
  });

  test("only one batch is in flight, and the messages of a name stay in order", async () => {
    const { redlock, clock, producer } = publishing({ maxBatch: 2 });
    producer.answer = "hang";
    for (let turn = 0; turn < 3; turn += 1) await redlock.using("a", () => undefined);
    await clock.advance(1_000);
    expect(producer.sizes).toEqual([2]);
    for (let turn = 0; turn < 3; turn += 1) {
      producer.pending.shift()!.resolve();
      await clock.advance(0);
    }
    expect(types(producer.messages)).toEqual(
      Array.from({ length: 3 }, () => ["acquired a", "released a"]).flat(),
    );
    const timestamps = producer.messages.map(({ timestamp }) => timestamp);
    expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b));
  });
});

describe("a producer that fails", () => {
  test("gets the same batch again, after pauses that double up to 10 s", async () => {
    const { redlock, clock, producer, publisher } = publishing({ maxAttempts: 1_000 });
    clock.nextRandom = 0;
    producer.answer = "reject";
    const times: number[] = [];
    const send = producer.send.bind(producer);
    producer.send = (record) => {
      times.push(clock.monotonic());
      return send(record);
    };
    await redlock.acquire("a", { ttl: 1_000_000 });
    await clock.advance(60_000);
    const pauses = times.slice(1).map((time, index) => time - times[index]!);
    expect(pauses.slice(0, 10)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000]);
    producer.answer = "confirm";
    await clock.advance(10_000);
    const ids = new Set(producer.messages.map(({ event_id: id }) => id));
    expect(ids.size).toBe(1);
    expect(publisher.snapshot()).toMatchObject({
      published: 1,
      unconfirmed: 0,
      failedSends: times.length - 1,
    });
  });

  test("varies the pauses, so that many processes do not send at the same time", async () => {
    const { redlock, clock, producer } = publishing();
    clock.nextRandom = 0.999;
    producer.answer = "reject";
    await redlock.acquire("a");
    await clock.advance(100);
    await clock.advance(49);
    expect(producer.sizes).toHaveLength(1);
    await clock.advance(2);
    expect(producer.sizes).toHaveLength(2);
  });

  test("loses a batch after `maxAttempts`, and the next batch waits for the end of the pause", async () => {
    const { redlock, clock, producer, publisher } = publishing({ maxAttempts: 3 });
    clock.nextRandom = 0;
    producer.answer = "reject";
    await redlock.acquire("a");
    await clock.advance(100 + 100 + 200);
    expect(producer.sizes).toEqual([1, 1, 1]);
    expect(publisher.snapshot()).toMatchObject({ failedSends: 3, unconfirmed: 0, dropped: { failed: 1 } });
    producer.answer = "confirm";
    await redlock.acquire("b");
    await clock.advance(399);
    expect(producer.sizes).toHaveLength(3);
    await clock.advance(1);
    expect(types(producer.messages).at(-1)).toBe("acquired b");
    expect(publisher.snapshot()).toMatchObject({ published: 1, waiting: 0 });
  });

  test.each(["reject", "throw", "hang"] as const)(
    "by %s changes no lock, keeps nothing running, and makes no unhandled rejection",
    async (answer) => {
      const rejections: unknown[] = [];
      const onRejection = (reason: unknown): void => void rejections.push(reason);
      process.on("unhandledRejection", onRejection);
      onTestFinished(() => void process.off("unhandledRejection", onRejection));
      const bare = world(3, { owner: "host:1", autoExtend: false, wait: 500 });
      const scene = publishing();
      scene.producer.answer = answer;
      const outcomes = async ({ redlock, clock }: Pick<typeof scene, "redlock" | "clock">) => {
        const started = clock.monotonic();
        const lock = await redlock.acquire("a");
        const refused = await redlock.tryAcquire("a");
        await lock.extend();
        await lock.release();
        return [lock.isHeld, refused, clock.monotonic() - started];
      };
      expect(await outcomes(scene)).toEqual(await outcomes(bare));
      await scene.clock.advance(300_000);
      for (const { reject } of scene.producer.pending) reject(new Error("at last"));
      await settle();
      expect(await outcomes(scene)).toEqual([false, null, 0]);
      expect(scene.clock.keepAliveTimers).toBe(bare.clock.keepAliveTimers);
      expect(rejections).toEqual([]);
      expect(scene.producer.sizes.length).toBeGreaterThan(1);
    },
  );

  test.each([
    ["undefined", undefined],
    [
      "an object with a getter that throws",
      Object.defineProperty(new Error(), "message", { get: () => fail() }),
    ],
  ])("with %s in place of an error is tried again", async (_, error) => {
    const { redlock, clock, producer, publisher } = publishing();
    producer.answer = "reject";
    producer.error = error;
    await redlock.acquire("a");
    await clock.advance(150);
    producer.answer = "confirm";
    await clock.advance(1_000);
    expect(publisher.snapshot()).toMatchObject({ published: 1 });
  });

  test("by hanging gets at most three further sends, and goes on when one settles", async () => {
    const { redlock, clock, producer, publisher } = publishing({ sendTimeout: 1_000 });
    producer.answer = "hang";
    await redlock.acquire("a", { ttl: 1_000_000 });
    await clock.advance(600_000);
    expect(producer.sizes).toEqual([1, 1, 1]);
    expect(publisher.snapshot()).toMatchObject({ failedSends: 3, unconfirmed: 1, published: 0 });
    producer.answer = "confirm";
    producer.pending[0]!.reject(new Error("the connection was closed"));
    await clock.advance(0);
    expect(publisher.snapshot()).toMatchObject({ published: 1, unconfirmed: 0 });
    expect(new Set(producer.messages.map(({ event_id: id }) => id)).size).toBe(1);
  });

  test("that confirms after the time limit does not get the batch again", async () => {
    const { redlock, clock, producer, publisher } = publishing({ sendTimeout: 1_000 });
    producer.answer = "hang";
    await redlock.acquire("a", { ttl: 1_000_000 });
    await clock.advance(1_120);
    producer.pending[0]!.resolve();
    await clock.advance(60_000);
    expect(producer.sizes).toEqual([1]);
    expect(publisher.snapshot()).toMatchObject({ published: 1, failedSends: 1, unconfirmed: 0 });
  });
});

describe("the buffer", () => {
  test("drops extensions first, then releases, then grants, the oldest of each first, and counts them", async () => {
    const { redlock, clock, producer, publisher, instances } = publishing({ maxBuffer: 4, maxDelay: 60_000 });
    const lost = await redlock.acquire("lost");
    await lost.extend();
    await redlock.using("used", () => undefined);
    expect(publisher.snapshot()).toMatchObject({ waiting: 4, dropped: { bufferFull: 0 } });
    await redlock.acquire("kept");
    for (const instance of instances) instance.kill();
    await clock.advance(15_000);
    // Both locks are lost now: acquired lost, used, kept and lost lost, kept compete for four places.
    expect(publisher.snapshot()).toMatchObject({ waiting: 4, dropped: { bufferFull: 3 } });
    await advanceDuring(clock, 10, publisher.flush());
    expect(types(producer.messages)).toEqual(["acquired used", "acquired kept", "lost lost", "lost kept"]);
  });

  test("drops an extension before a release that is older", async () => {
    const { redlock, clock, producer, publisher } = publishing({ maxBuffer: 4, maxDelay: 60_000 });
    await redlock.using("a", () => undefined);
    const lock = await redlock.acquire("b");
    await lock.extend();
    await redlock.acquire("c");
    await advanceDuring(clock, 10, publisher.flush());
    expect(types(producer.messages)).toEqual(["acquired a", "released a", "acquired b", "acquired c"]);
  });

  test("is bounded while the producer hangs, and the error says what to do", async () => {
    const { redlock, clock, producer, publisher, errors } = publishing({ maxBuffer: 10, maxBatch: 5 });
    producer.answer = "hang";
    await redlock.acquire("first");
    await clock.advance(200);
    for (let turn = 0; turn < 20; turn += 1) await redlock.using(`job:${turn}`, () => undefined);
    const { waiting, unconfirmed, dropped } = publisher.snapshot();
    expect({ waiting, unconfirmed, dropped }).toEqual({
      waiting: 10,
      unconfirmed: 1,
      dropped: { bufferFull: 30, failed: 0, closed: 0 },
    });
    expect(errors.map(({ message }) => message)).toEqual([
      "the buffer of 10 lock events is full, so events are dropped; find out why the producer is slow or fails, or raise maxBuffer",
    ]);
  });
});

describe("flush and close", () => {
  test("send at once what waits, also while the sender backs off", async () => {
    const { redlock, clock, producer, publisher } = publishing();
    producer.answer = "reject";
    await redlock.acquire("a", { ttl: 1_000_000 });
    await clock.advance(30_000);
    producer.answer = "confirm";
    await redlock.acquire("b");
    const flushed = publisher.flush();
    await clock.advance(0);
    expect(await flushed).toBe(true);
    expect(publisher.snapshot()).toMatchObject({ waiting: 0, unconfirmed: 0 });
    expect(types(producer.messages).slice(-2)).toEqual(["acquired a", "acquired b"]);
    expect(await publisher.flush()).toBe(true);
  });

  test("flush several batches", async () => {
    const { redlock, clock, publisher, producer } = publishing({ maxBatch: 2, maxDelay: 60_000 });
    await redlock.acquire(["a", "b", "c", "d", "e"]);
    expect(await advanceDuring(clock, 0, publisher.close())).toBe(true);
    expect(producer.sizes).toEqual([2, 2, 1]);
  });

  test.each(["hang", "reject"] as const)(
    "end when their time is up, if the producer is to %s",
    async (answer) => {
      const { redlock, clock, producer, publisher } = publishing();
      producer.answer = answer;
      await redlock.acquire("a");
      expect(await advanceDuring(clock, 300, publisher.flush({ timeout: 300 }))).toBe(false);
      await redlock.acquire("b");
      const before = clock.keepAliveTimers;
      const closed = publisher.close({ timeout: 200 });
      // A caller waits for it, so the process must not end before.
      await settle();
      expect(clock.keepAliveTimers).toBe(before + 1);
      await clock.advance(200);
      expect(await closed).toBe(false);
      expect(clock.keepAliveTimers).toBe(before);
      expect(publisher.snapshot()).toMatchObject({ waiting: 0, unconfirmed: 0, dropped: { closed: 2 } });
      const { length } = producer.records;
      for (const { resolve } of producer.pending) resolve();
      await clock.advance(600_000);
      expect(producer.records).toHaveLength(length);
    },
  );

  test("close publishes what `redlock.close()` has ended, and nothing after it", async () => {
    const { redlock, clock, producer, publisher } = publishing();
    await redlock.acquire("a");
    await advanceDuring(clock, 1_000, redlock.close());
    const [first, second] = [publisher.close(), publisher.close()];
    await clock.advance(0);
    expect([await first, await second]).toEqual([true, true]);
    expect(producer.messages.at(-1)).toMatchObject({ event_type: "lock_lost", cause: "closed" });
    expect(clock.pending).toBe(0);
  });

  test("an `await using` block closes the publisher", async () => {
    const { redlock, clock, producer, publisher } = publishing();
    await redlock.acquire("a");
    await advanceDuring(clock, 0, Promise.resolve(publisher[Symbol.asyncDispose]()));
    await redlock.acquire("b");
    await clock.advance(1_000);
    expect(types(producer.messages)).toEqual(["acquired a"]);
  });
});

describe("errors", () => {
  test("are reported at most once a minute, without secrets, with the error of the producer as their cause", async () => {
    const { redlock, clock, producer, errors, publisher } = publishing();
    producer.answer = "reject";
    const token = "0123456789abcdef0123456789abcdef";
    producer.error = Object.assign(new Error(`kafka://user:hunter2@broker:9092 refused ${token}`), {
      config: { password: "hunter2" },
    });
    await redlock.acquire("a");
    await clock.advance(59_000);
    expect(errors).toHaveLength(1);
    await clock.advance(15_000);
    expect(errors).toHaveLength(2);
    expect(errors[0]!.message).toBe(
      '1 lock events were not published to the topic "lock-events" (attempt 1 of 20), and they are sent again: kafka://***@broker:9092 refused 01234567…',
    );
    expect(errors[1]!.message).toMatch(/; \d+ failures before were not reported$/);
    expect(errors[0]!.cause).toBeInstanceOf(Error);
    const shown = [
      ...errors.map((error) => JSON.stringify(error) + String(error.cause)),
      publisher.snapshot().latestError,
    ];
    expect(shown.join()).not.toContain("hunter2");
  });

  test("without `onError` become one process warning, and an `onError` that throws does no harm", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warned.mockRestore());
    for (const onError of [undefined, undefined, fail]) {
      const { redlock, clock, producer, publisher } = publishing({ onError });
      producer.answer = "reject";
      await redlock.acquire("a", { ttl: 1_000_000 });
      await clock.advance(200);
      producer.answer = "confirm";
      await clock.advance(10_000);
      expect(publisher.snapshot()).toMatchObject({ published: 1 });
    }
    expect(warned.mock.calls.map(([text]) => String(text).slice(0, 25))).toEqual([
      "1 lock events were not pu",
      "onError threw: as planned",
    ]);
  });
});

test("refuses bad arguments", () => {
  const { redlock } = world();
  const producer = new ScriptedProducer();
  const make = (options: object) => () => publishLocks(redlock, producer, options);
  expect(() => publishLocks({} as never, producer)).toThrow("redlock: an object (Object) must be a Redlock");
  expect(() => publishLocks(redlock, {} as never)).toThrow(/producer: .* must be a producer of KafkaJS/);
  expect(() => publishLocks(redlock, null as never)).toThrow("producer: null");
  expect(make({ topic: "lock events" })).toThrow(RangeError);
  expect(make({ topic: 1 })).toThrow("topic: 1 must be a string");
  expect(make({ maxBatch: 0 })).toThrow("maxBatch: 0 must be a whole number from 1 to 10000");
  expect(make({ maxDelay: -1 })).toThrow(RangeError);
  expect(make({ maxBuffer: 1.5 })).toThrow(RangeError);
  expect(make({ sendTimeout: "1" })).toThrow(TypeError);
  expect(make({ maxAttempts: Infinity })).toThrow(RangeError);
  expect(make({ onError: 1 })).toThrow("onError: 1 must be a function");
  expect(make({ maxbuffer: 1 })).toThrow("`maxBuffer` is probably meant");
});

test("refuses bad options of flush and close, and goes on", async () => {
  const { redlock, clock, producer, publisher } = publishing();
  await expect(publisher.flush({ timeout: -1 })).rejects.toThrow(RangeError);
  await expect(publisher.close({ wait: 1 } as never)).rejects.toThrow(TypeError);
  await redlock.acquire("a");
  await clock.advance(100);
  expect(messagesOf(producer.records[0]!)).toHaveLength(1);
});

function fail(): never {
  throw new Error("as planned");
}
