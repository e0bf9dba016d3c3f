import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Deadlines } from "../../src/base/deadlines.ts";
import { InstanceError } from "../../src/base/errors.ts";
import { Events } from "../../src/base/events.ts";
import { MemoryInstance } from "../../src/instances/memory.ts";
import { Batch } from "../../src/members/batch.ts";
import { RequestPipeline } from "../../src/members/request-pipeline.ts";
import { identifyOperation } from "../../src/operations/identify.ts";
import { mutexOperations } from "../../src/operations/mutex.ts";
import {
  type Reply,
  type Request,
  request,
  undoAfterLaterRequests,
  YES,
} from "../../src/operations/request.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

const TIMEOUT_MS = 100;
const ask: Request = request(identifyOperation, [], []);
const NOBODY = { dueAt: Infinity, onAnswer: () => undefined };
const undo: Request = request(mutexOperations.release, ["lock", "wake"], ["token", ""]);

/** Replies to a write when the test says so. */
class ManualInstance extends MemoryInstance {
  isConnected = true;
  readonly writes: { readonly requests: readonly Request[]; reply(): void; fail(message?: string): void }[] =
    [];

  override get isAvailable(): boolean {
    return this.isConnected;
  }

  override run(requests: readonly Request[]): Promise<readonly Reply[]> {
    return new Promise((resolve, reject) => {
      this.writes.push({
        requests,
        reply: () => resolve(requests.map(() => [YES, 1])),
        fail: (message = "broken") => reject(new Error(message)),
      });
    });
  }
}

function world() {
  const clock = new VirtualClock();
  const instance = new ManualInstance({ clock, label: "m0" });
  const events = new Events();
  const heard: string[] = [];
  const warned: string[] = [];
  events.on("instance:down", ({ error }) => heard.push(`down ${error.code}`));
  events.on("instance:up", () => heard.push("up"));
  const deadlines = new Deadlines(clock, { keepAlive: false });
  const pipeline = new RequestPipeline(
    0,
    instance,
    {
      clock,
      deadlines,
      events,
      requestTimeoutMs: TIMEOUT_MS,
      answerListener: NOBODY,
      listener: { warn: (cause) => void warned.push(cause) },
    },
    (answer) => answer,
  );
  const answers: string[] = [];
  const handler = {
    onReply: (_: number, answer: Reply | InstanceError) =>
      void answers.push(answer instanceof InstanceError ? answer.code : String(answer)),
  };
  return { clock, instance, pipeline, handler, answers, heard, warned };
}

describe("a request pipeline", () => {
  test("sends the requests of one tick in one write, in order", async () => {
    const { instance, pipeline, handler } = world();
    for (const each of [ask, undo, ask]) expect(pipeline.send(each, handler)).toBe(true);
    await settle();
    expect(instance.writes.map(({ requests }) => requests)).toEqual([[ask, undo, ask]]);
  });

  test("that is overdue sends undo requests alone, until the late reply", async () => {
    const { clock, instance, pipeline, handler, answers, heard } = world();
    pipeline.send(ask, handler);
    await clock.advance(TIMEOUT_MS);
    expect([answers, heard]).toEqual([["INSTANCE_TIMEOUT"], ["down INSTANCE_TIMEOUT"]]);
    expect([pipeline.send(ask, handler), pipeline.send(undo, handler)]).toEqual([false, true]);
    expect(answers.splice(0)).toEqual(["INSTANCE_TIMEOUT", "INSTANCE_TIMEOUT", "INSTANCE_TIMEOUT"]);
    await settle();
    expect(instance.writes.map(({ requests }) => requests)).toEqual([[ask], [undo]]);
    for (const write of instance.writes) write.reply();
    await settle();
    // The late reply is passed on. The handler of the undo request already has its answer.
    expect([answers, heard]).toEqual([["1"], ["down INSTANCE_TIMEOUT", "up"]]);
    expect(pipeline.canAnswer).toBe(true);
  });

  test("passes an error on that comes after the time limit, and reports one outage", async () => {
    const { clock, instance, pipeline, handler, answers, heard } = world();
    pipeline.send(ask, handler);
    await clock.advance(TIMEOUT_MS);
    instance.writes[0]!.fail();
    await settle();
    expect(answers).toEqual(["INSTANCE_TIMEOUT", "INSTANCE_UNAVAILABLE"]);
    expect(heard).toEqual(["down INSTANCE_TIMEOUT"]);
  });

  test("sends undo requests again that the server refused, with growing pauses, and not for ever", async () => {
    const { clock, instance, pipeline, handler } = world();
    pipeline.send(undo, handler);
    await settle();
    const sentAt: number[] = [];
    for (let second = 0; second < 300; second += 1) {
      for (const write of instance.writes.splice(0)) {
        sentAt.push(second);
        write.fail();
      }
      await clock.advance(1_000);
    }
    expect(sentAt).toEqual([0, 1, 3, 7, 15, 31, 63]);
  });

  test("keeps the place in line of a later caller when it sends a lost release again", async () => {
    const { clock, instance, pipeline, handler } = world();
    pipeline.send(request(mutexOperations.release, ["lock", "wake"], ["token", "client"]), handler);
    pipeline.send(request(mutexOperations.leave, ["wake"], ["client"]), handler);
    await settle();
    instance.writes[0]!.fail();
    await clock.advance(1_000);
    expect(instance.writes[1]!.requests).toEqual([undo]);
  });

  test("keeps an undo request as it is if the instance rejects it while it is not connected", async () => {
    const { instance, pipeline, handler } = world();
    const leave = request(mutexOperations.leave, ["wake"], ["client"]);
    instance.isConnected = false;
    pipeline.send(leave, handler);
    await settle();
    instance.writes[0]!.fail();
    await settle();
    instance.isConnected = true;
    pipeline.onConnected();
    pipeline.resendUndoLog();
    await settle();
    expect(instance.writes[1]!.requests).toEqual([leave]);
  });

  test("stops sending refused undo requests as soon as the server accepts them", async () => {
    const { clock, instance, pipeline, handler } = world();
    pipeline.send(undo, handler);
    await settle();
    instance.writes[0]!.fail();
    await clock.advance(1_000);
    instance.writes[1]!.reply();
    await clock.advance(100_000);
    expect(instance.writes.map(({ requests }) => requests)).toEqual([[undo], [undo]]);
  });

  test("sends undo requests again that a broken connection lost, at most 10,000 of them", async () => {
    const { instance, pipeline, handler } = world();
    const oldest = request(mutexOperations.release, ["lock", "wake"], ["oldest", ""]);
    pipeline.send(oldest, handler);
    for (let sent = 0; sent < 10_000; sent += 1) pipeline.send(undo, handler);
    pipeline.send(ask, handler);
    await settle();
    pipeline.onDisconnected(new Error("the connection was cut"));
    // It was lost with its connection: the log has its requests already.
    instance.writes[0]!.fail();
    await settle();
    pipeline.onConnected();
    pipeline.resendUndoLog();
    await settle();
    expect(instance.writes).toHaveLength(2);
    expect(instance.writes[1]!.requests).toEqual(Array.from({ length: 10_000 }, () => undo));
  });

  test("sends the undo requests of all flights again that a broken connection lost: in order, and each once", async () => {
    const flight = fc.record({
      undos: fc.integer({ min: 0, max: 3 }),
      asks: fc.integer({ min: 0, max: 2 }),
      isAnswered: fc.boolean(),
      isLate: fc.boolean(),
    });
    const connections = fc.array(fc.array(flight, { maxLength: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(connections, async (list) => {
        const { clock, instance, pipeline, handler } = world();
        let [count, answered] = [0, 0];
        /** The undo requests that no connection has answered. */
        let owed: Request[] = [];
        for (const flights of list) {
          for (const { undos, asks, isAnswered, isLate } of flights) {
            const own = Array.from({ length: undos }, () =>
              request(mutexOperations.release, ["lock", "wake"], [`token ${(count += 1)}`, "client"]),
            );
            for (const each of own) pipeline.send(each, handler);
            for (let sent = 0; sent < asks; sent += 1) pipeline.send(ask, handler);
            await settle();
            owed.push(...own);
            if (isLate) await clock.advance(TIMEOUT_MS);
            // A server answers in order, so it has answered all earlier flights as well.
            if (!isAnswered) continue;
            for (; answered < instance.writes.length; answered += 1) instance.writes[answered]!.reply();
            await settle();
            owed = [];
          }
          instance.isConnected = false;
          pipeline.onDisconnected(new Error("the connection was cut"));
          for (; answered < instance.writes.length; answered += 1) instance.writes[answered]!.fail();
          await settle();
          instance.isConnected = true;
          pipeline.onConnected();
          pipeline.send(ask, handler);
          pipeline.resendUndoLog();
          await settle();
          const again = instance.writes.slice(answered).flatMap(({ requests }) => requests);
          expect(again.filter(({ operation }) => operation.isUndo)).toEqual(owed);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("keeps a flight that was sent before a new connection is reported", async () => {
    const { clock, instance, pipeline, handler, answers } = world();
    pipeline.send(undo, handler);
    await settle();
    pipeline.onConnected();
    instance.writes[0]!.fail();
    await settle();
    expect(answers).toEqual(["INSTANCE_UNAVAILABLE"]);
    await clock.advance(1_000);
    expect(instance.writes[1]!.requests).toEqual([undo]);
  });

  test("passes a reply on that comes after its connection broke, and does not take it for one of the next", async () => {
    const { instance, pipeline, handler, answers, heard } = world();
    pipeline.onConnected();
    pipeline.send(ask, handler);
    await settle();
    pipeline.onDisconnected(new Error("broken"));
    pipeline.onConnected();
    instance.writes[0]!.reply();
    await settle();
    expect(answers).toEqual(["INSTANCE_UNAVAILABLE", "1"]);
    expect([heard, pipeline.isReachable]).toEqual([["down INSTANCE_UNAVAILABLE"], false]);
    pipeline.send(ask, handler);
    await settle();
    instance.writes[1]!.reply();
    await settle();
    expect(heard).toEqual(["down INSTANCE_UNAVAILABLE", "up"]);
  });

  test("warns of an instance that never answered, and of one that refuses the client for good", async () => {
    const { clock, instance, pipeline, handler, warned } = world();
    pipeline.send(ask, handler);
    await clock.advance(TIMEOUT_MS);
    // A process that is busy while it starts has time-outs, too.
    expect(warned).toEqual([]);
    pipeline.onDisconnected(new Error("connect ECONNREFUSED"));
    expect(warned).toEqual(["unreachable"]);
    pipeline.onConnected();
    pipeline.send(ask, handler);
    await settle();
    instance.writes[1]!.reply();
    await settle();
    pipeline.onDisconnected(new Error("connect ECONNREFUSED"));
    expect(warned).toEqual(["unreachable"]);
    pipeline.onDisconnected(new Error("WRONGPASS invalid username-password pair"));
    expect(warned).toEqual(["unreachable", "refused"]);
  });

  test("keeps undo requests that the server refused before the connection broke", async () => {
    const { instance, pipeline, handler } = world();
    const [first, second] = ["one", "two"].map((token) =>
      request(mutexOperations.release, ["lock", "wake"], [token, ""]),
    );
    pipeline.send(first!, handler);
    await settle();
    instance.writes[0]!.fail();
    await settle();
    pipeline.send(second!, handler);
    await settle();
    pipeline.onDisconnected(new Error("the connection was cut"));
    pipeline.onConnected();
    pipeline.resendUndoLog();
    await settle();
    expect(instance.writes.at(-1)!.requests).toEqual([first, second]);
  });

  test("holds undo requests back from a server that refuses the client and ends its connections", async () => {
    const { instance, pipeline, handler, heard } = world();
    const refusal = "NOAUTH Authentication required.";
    pipeline.onConnected();
    pipeline.send(undo, handler);
    await settle();
    instance.writes[0]!.fail(refusal);
    await settle();
    pipeline.onDisconnected(new Error("the connection was closed"));
    expect(heard).toEqual(["down INSTANCE_UNAVAILABLE"]);
    expect(pipeline.refusal.message).toContain("NOAUTH");
    pipeline.onConnected();
    pipeline.resendUndoLog();
    await settle();
    expect(instance.writes).toHaveLength(1);
    // The server accepts the client.
    pipeline.send(ask, handler);
    await settle();
    instance.writes[1]!.reply();
    await settle();
    // The client may be in line again, so it does not leave the line.
    expect(instance.writes[2]!.requests).toEqual([undoAfterLaterRequests(undo)]);
  });

  test("waits for replies when it is drained, and not longer than the time limit", async () => {
    const { clock, instance, pipeline, handler, answers } = world();
    pipeline.send(ask, handler);
    let isDrained = false;
    void pipeline.drain().then(() => (isDrained = true));
    expect(instance.writes).toHaveLength(1);
    expect(pipeline.send(undo, handler)).toBe(false);
    await clock.advance(TIMEOUT_MS - 1);
    expect(isDrained).toBe(false);
    await clock.advance(1);
    expect(isDrained).toBe(true);
    pipeline.close();
    expect(answers).toEqual(["INSTANCE_UNAVAILABLE", "INSTANCE_UNAVAILABLE"]);
  });

  test("does not wait for replies that a broken connection has lost", async () => {
    const { instance, pipeline, handler } = world();
    pipeline.send(ask, handler);
    let isDrained = false;
    void pipeline.drain().then(() => (isDrained = true));
    await settle();
    expect([instance.writes.length, isDrained]).toEqual([1, false]);
    pipeline.onDisconnected(new Error("the connection was cut"));
    await settle();
    expect(isDrained).toBe(true);
  });
});

describe("a batch", () => {
  const error = new InstanceError("INSTANCE_TIMEOUT", "no answer");

  function sent(): Batch {
    const batch = new Batch();
    batch.requests.push(ask);
    batch.handlers.push({ onReply: () => undefined });
    batch.markSent(0);
    return batch;
  }

  test("is sent once, abstains once, and is answered once", () => {
    const batch = sent();
    expect(() => batch.markSent(1)).toThrow(/^internal error: /);
    batch.abstain(0, error);
    expect(() => batch.abstain(0, error)).toThrow(/^internal error: /);
    batch.answer(0, [1], (answer) => answer);
    expect(() => batch.answer(0, [1], (answer) => answer)).toThrow(/^internal error: /);
    expect(() => batch.abstain(0, error)).toThrow(/^internal error: /);
  });

  test("is not sent empty, and not answered before it is sent", () => {
    expect(() => new Batch().markSent(0)).toThrow(/^internal error: /);
    expect(() => new Batch().answer(0, [], (answer) => answer)).toThrow(/^internal error: /);
  });
});
