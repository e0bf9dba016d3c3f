import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../../src/world/event-queue.ts";
import { Time } from "../../src/world/time.ts";

test("an event queue returns events by time, and by order of entry if times are equal", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.array(fc.nat(30)), (times, cancelled) => {
      const queue = new EventQueue();
      const seen: number[] = [];
      const entries = times.map((time, index) => queue.add(time, () => seen.push(index)));
      for (const index of cancelled) entries[index]?.cancel();
      while (queue.nextAt < Infinity) queue.take()();
      const expected = times
        .map((time, index) => ({ time, index }))
        .filter(({ index }) => !cancelled.includes(index))
        .toSorted((a, b) => a.time - b.time)
        .map(({ index }) => index);
      expect(seen).toEqual(expected);
    }),
  );
});

test("promises settle before the next event", async () => {
  const time = new Time();
  const seen: string[] = [];
  time.scheduleClient(1, () => {
    void Promise.resolve()
      .then(() => new Promise<void>((resolve) => process.nextTick(resolve)))
      .then(() => seen.push("settled"));
  });
  time.scheduleServer(1, () => seen.push("server, same time"));
  time.scheduleClient(1.5, () => seen.push("next"));
  await time.pass(2, () => false);
  expect(seen).toEqual(["server, same time", "settled", "next"]);
  expect(time.now).toBe(2);
});

test("while a client stalls, servers go on and other clients are late", async () => {
  const time = new Time();
  const seen: string[] = [];
  time.scheduleClient(1, () => {
    time.stallClients(5);
    seen.push(`resumed at ${time.now}, others overdue: ${time.isClientOverdue}`);
  });
  time.scheduleServer(3, () => seen.push(`server at ${time.now}`));
  time.scheduleClient(2, () => seen.push(`other at ${time.now}`));
  await time.pass(10, () => false);
  expect(seen).toEqual(["server at 3", "resumed at 6, others overdue: true", "other at 6"]);
});

test("an endless loop of client events is an error, not a hang", async () => {
  const time = new Time();
  const spin = (): void => void time.scheduleClient(time.now, spin);
  spin();
  await expect(time.pass(1, () => false)).rejects.toThrow("more than 100000 events of clients at 0.0 ms");
});
