import fc from "fast-check";
import { expect, test } from "vitest";
import { Agenda } from "../../src/world/agenda.ts";
import { Time } from "../../src/world/time.ts";

test("an agenda gives back by time, and in the order of entry where times are equal", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.array(fc.nat(30)), (times, cancelled) => {
      const agenda = new Agenda();
      const seen: number[] = [];
      const entries = times.map((time, index) => agenda.at(time, () => seen.push(index)));
      for (const index of cancelled) entries[index]?.cancel();
      while (agenda.nextAt < Infinity) agenda.take()();
      const expected = times
        .map((time, index) => ({ time, index }))
        .filter(({ index }) => !cancelled.includes(index))
        .toSorted((a, b) => a.time - b.time)
        .map(({ index }) => index);
      expect(seen).toEqual(expected);
    }),
  );
});

test("promises settle before anything else happens", async () => {
  const time = new Time();
  const seen: string[] = [];
  time.atClient(1, () => {
    void Promise.resolve()
      .then(() => new Promise<void>((resolve) => process.nextTick(resolve)))
      .then(() => seen.push("settled"));
  });
  time.atServer(1, () => seen.push("server, same time"));
  time.atClient(1.5, () => seen.push("next"));
  await time.pass(2, () => false);
  expect(seen).toEqual(["server, same time", "settled", "next"]);
  expect(time.now).toBe(2);
});

test("while a client stands still in its code, servers go on and other clients are late", async () => {
  const time = new Time();
  const seen: string[] = [];
  time.atClient(1, () => {
    time.standStill(5);
    seen.push(`awake at ${time.now}, others behind: ${time.clientsAreBehind}`);
  });
  time.atServer(3, () => seen.push(`server at ${time.now}`));
  time.atClient(2, () => seen.push(`other at ${time.now}`));
  await time.pass(10, () => false);
  expect(seen).toEqual(["server at 3", "awake at 6, others behind: true", "other at 6"]);
});

test("clients that never come to rest are an error, not a hang", async () => {
  const time = new Time();
  const spin = (): void => void time.atClient(time.now, spin);
  spin();
  await expect(time.pass(1, () => false)).rejects.toThrow("never come to rest at 0.0 ms");
});
