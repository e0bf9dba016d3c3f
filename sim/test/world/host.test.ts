import { expect, test } from "vitest";
import { Host } from "../../src/world/host.ts";
import { Random } from "../../src/world/random.ts";
import { Time } from "../../src/world/time.ts";

const TRUE_CLOCK = { rate: 1, offsetMs: 0 };

test("a client stalls at an await of its own, and servers go on meanwhile", async () => {
  const time = new Time();
  const host = new Host("client", time, TRUE_CLOCK, new Random(1));
  const other = new Host("other", time, TRUE_CLOCK, new Random(2));
  const seen: (readonly [string, number])[] = [];
  let stalls = 0;
  const takeSteps = async (label: string): Promise<void> => {
    for (const step of [1, 2, 3]) {
      seen.push([`${label}${step}`, time.now]);
      await Promise.resolve();
    }
  };
  host.stallAtAwait(2, 100, () => (stalls += 1));
  other.schedule(1, () => void takeSteps("o"));
  host.schedule(2, () => void takeSteps("c"));
  time.scheduleServer(50, () => seen.push(["server", time.now]));
  await time.pass(200, () => false);
  expect(stalls).toBe(1);
  expect(seen).toEqual([
    ["o1", 1],
    ["o2", 1],
    ["o3", 1],
    ["c1", 2],
    ["c2", 2],
    ["server", 50],
    ["c3", 102],
  ]);
});

test("healing a client cancels its planned stall", async () => {
  const time = new Time();
  const host = new Host("client", time, TRUE_CLOCK, new Random(1));
  let stalls = 0;
  host.stallAtAwait(1, 100, () => (stalls += 1));
  host.heal();
  host.schedule(1, () => void Promise.resolve().then(() => undefined));
  await time.pass(10, () => false);
  expect([stalls, time.now]).toEqual([0, 10]);
});
