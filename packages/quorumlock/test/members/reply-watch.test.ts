import { describe, expect, test } from "vitest";
import { Deadlines } from "../../src/base/deadlines.ts";
import { Batch } from "../../src/members/batch.ts";
import { ReplyWatch } from "../../src/members/reply-watch.ts";
import { identifyOperation } from "../../src/operations/identify.ts";
import { request } from "../../src/operations/request.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

const LIMIT_MS = 100;

/** A watch on a server whose replies come when the test says so. */
function world() {
  const clock = new VirtualClock();
  const batches: Batch[] = [];
  const startedAt = clock.monotonic();
  const heard: string[] = [];
  const hear = (what: string): void => void heard.push(`${what} at ${clock.monotonic() - startedAt}`);
  const deadlines = new Deadlines(clock, { keepAlive: false });
  const watch = new ReplyWatch(
    { clock, deadlines, requestTimeoutMs: LIMIT_MS },
    {
      get oldestBatch() {
        return batches[0];
      },
      onSilence: () => hear("silent"),
      onTimeLimit: (now) => {
        while (batches[0] !== undefined && batches[0].sentAt + LIMIT_MS <= now) batches.shift();
        hear("timed out");
      },
    },
  );
  const send = (): void => {
    const batch = new Batch();
    batch.requests.push(request(identifyOperation, [], []));
    batch.markSent(clock.monotonic());
    batches.push(batch);
    watch.onSent();
  };
  const reply = (): void => watch.onReply(batches.shift()!);
  return { clock, deadlines, watch, send, reply, heard };
}

describe("silence", () => {
  test("begins after 20 ms, if somebody wants to know, and ends with a reply", async () => {
    const { clock, watch, send, reply, heard } = world();
    send();
    watch.watchSilence();
    await clock.advance(19);
    expect(watch.isSilent).toBe(false);
    await clock.advance(1);
    expect([watch.isSilent, heard]).toEqual([true, ["silent at 20"]]);
    reply();
    expect(watch.isSilent).toBe(false);
    send();
    await clock.advance(50);
    expect(watch.isSilent).toBe(false);
    // Now it is asked for, and the server has been silent for long enough.
    watch.watchSilence();
    await clock.advance(0);
    expect([watch.isSilent, heard]).toEqual([true, ["silent at 20", "silent at 70"]]);
  });

  test("begins later for a server that usually takes longer", async () => {
    const { clock, watch, send, reply, heard } = world();
    for (let round = 0; round < 10; round++) {
      send();
      await clock.advance(4);
      reply();
    }
    send();
    watch.watchSilence();
    await clock.advance(40);
    expect(heard).toEqual(["silent at 80"]);
  });

  test("counts from the latest reply, and one pause of the server is forgiven", async () => {
    const { clock, watch, send, reply, heard } = world();
    for (let round = 0; round < 128; round++) {
      send();
      await clock.advance(1);
      reply();
    }
    for (let sent = 0; sent < 50; sent++) send();
    await clock.advance(90);
    for (let sent = 0; sent < 50; sent++) reply();
    send();
    watch.watchSilence();
    await clock.advance(20);
    expect(heard).toEqual(["silent at 238"]);
  });
});

describe("a pause of this process", () => {
  test("is neither silence nor a time-out of the servers: they are given as much time again", async () => {
    const { clock, watch, send, reply, heard } = world();
    send();
    watch.watchSilence();
    clock.pause(5_000);
    await clock.advance(99);
    expect([watch.isSilent, heard]).toEqual([false, []]);
    reply();
    await clock.advance(1_000);
    expect(heard).toEqual([]);
  });

  test("postpones a decision twice only, so that a process that is always busy does not wait for ever", async () => {
    const { clock, send, heard } = world();
    send();
    for (let turn = 0; turn < 20 && heard.length === 0; turn++) {
      clock.pause(300);
      await clock.advance(1);
    }
    expect(heard).toEqual(["timed out at 902"]);
  });
});

test("a watch that is closed leaves no deadline", async () => {
  const { deadlines, watch, send } = world();
  send();
  watch.watchSilence();
  expect(deadlines.size).toBe(2);
  watch.close();
  expect(deadlines.size).toBe(0);
  await settle();
});
