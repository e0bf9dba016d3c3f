import { afterEach, expect, test, vi } from "vitest";
import { Redlock } from "../../src/index.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("locks work under the fake timers of a test", async () => {
  vi.useFakeTimers({
    toFake: [
      "setTimeout",
      "clearTimeout",
      "setImmediate",
      "clearImmediate",
      "setInterval",
      "clearInterval",
      "Date",
      "performance",
      "queueMicrotask",
    ],
  });
  // Jest replaces this one as well.
  vi.spyOn(process, "nextTick").mockImplementation(() => undefined);
  const redlock = Redlock.memory();
  const first = await redlock.acquire("x", { ttl: 1_000 });
  const second = redlock.acquire("x", { ttl: 1_000 });
  expect(await redlock.tryAcquire("x")).toBeNull();
  await first.extend(2_000);
  await first.release();
  await (await second).release();
  await redlock.close();
});
