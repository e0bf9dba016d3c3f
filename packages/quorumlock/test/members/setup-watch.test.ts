import { describe, expect, test } from "vitest";
import { Deadlines } from "../../src/base/deadlines.ts";
import { InstanceError } from "../../src/base/errors.ts";
import { MemoryInstance } from "../../src/instances/memory.ts";
import { SetupWatch } from "../../src/members/setup-watch.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const PATIENCE_MS = 2_000;

function world() {
  const clock = new VirtualClock();
  const warned: string[] = [];
  const watch = new SetupWatch(new MemoryInstance({ clock, label: "m0" }), {
    clock,
    deadlines: new Deadlines(clock, { keepAlive: false }),
    requestTimeoutMs: 500,
    listener: { warn: (cause, instance, problem) => void warned.push(`${cause} ${instance}: ${problem}`) },
  });
  return { clock, watch, warned };
}

const timeout = new InstanceError("INSTANCE_TIMEOUT", "no answer within 500 ms");

describe("an instance that has never answered", () => {
  test("is reported two seconds after it was first needed, once", async () => {
    const { clock, watch, warned } = world();
    const since = clock.monotonic();
    await clock.advance(500);
    for (let call = 0; call < 3; call += 1) watch.onNoAnswer(since + call);
    await clock.advance(PATIENCE_MS - 501);
    expect(warned).toEqual([]);
    await clock.advance(1);
    watch.onNoAnswer(clock.monotonic());
    await clock.advance(10 * PATIENCE_MS);
    expect(warned).toEqual([
      "unreachable m0: no answer for 2 s, and no error of the connection; the client keeps trying; " +
        "check the address, that a Redis server is there, and whether it uses TLS (rediss://)",
    ]);
    expect(clock.pending).toBe(0);
  });

  test("is reported with the latest error of its connection", async () => {
    const { clock, watch, warned } = world();
    watch.onNoAnswer(clock.monotonic());
    watch.onConnectionError(new Error("All sentinels are unreachable. Last error: timed out"));
    watch.onConnectionError(new Error("All sentinels are unreachable. Last error: connect ECONNREFUSED"));
    await clock.advance(PATIENCE_MS);
    expect(warned).toEqual([
      "unreachable m0: All sentinels are unreachable. Last error: connect ECONNREFUSED; " +
        "the client keeps trying; check the address and the server",
    ]);
  });

  test("is not reported if it answers in that time, or if the client closes", async () => {
    for (const end of ["onAnswer", "close"] as const) {
      const { clock, watch, warned } = world();
      watch.onNoAnswer(clock.monotonic());
      await clock.advance(PATIENCE_MS - 1);
      watch[end]();
      await clock.advance(10 * PATIENCE_MS);
      watch.onNoAnswer(clock.monotonic());
      await clock.advance(10 * PATIENCE_MS);
      expect(warned).toEqual([]);
    }
  });

  test("is reported later if this process was busy, because answers may wait in the sockets", async () => {
    const { clock, watch, warned } = world();
    watch.onNoAnswer(clock.monotonic());
    clock.pause(PATIENCE_MS + 1_000);
    await clock.advance(999);
    expect(warned).toEqual([]);
    await clock.advance(1);
    expect(warned).toHaveLength(1);
  });

  test("is reported at once if its connection fails", () => {
    const { watch, warned } = world();
    watch.onFailure(new InstanceError("INSTANCE_UNAVAILABLE", "the connection was closed"));
    expect(warned).toEqual([
      "unreachable m0: the connection was closed; the client keeps trying; " +
        "check the address, that a Redis server is there, and whether it uses TLS (rediss://)",
    ]);
  });

  test("sets no timer while it answers", () => {
    const { clock, watch } = world();
    watch.onAnswer();
    watch.onNoAnswer(clock.monotonic());
    expect(clock.timersSetCount).toBe(0);
  });
});

test("an error that does not say why there is no answer gets the latest error of the connection", () => {
  const { watch } = world();
  expect(watch.explain(timeout)).toBe(timeout);
  watch.onConnectionError(new Error("connect to redis://:secret@host failed"));
  const explained = watch.explain(timeout);
  expect(explained).toMatchObject({
    code: "INSTANCE_TIMEOUT",
    message: expect.stringMatching(/^no answer within 500 ms \(latest error of the connection: connect to /),
  });
  expect(explained.message).not.toContain("secret");
  const reply = new InstanceError("INSTANCE_REPLY", "BUSY");
  expect(watch.explain(reply)).toBe(reply);
  watch.onConnectionChanged();
  expect(watch.explain(timeout)).toBe(timeout);
});
