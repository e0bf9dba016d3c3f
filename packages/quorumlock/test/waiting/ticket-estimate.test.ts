import { expect, test } from "vitest";
import { VirtualClock } from "../support/virtual-clock.ts";
import { TicketEstimate } from "../../src/waiting/ticket-estimate.ts";

const INSTANCE_NOW = 1_790_000_000_000;

test("nothing is proposed before the time of an instance is known, nor after a slow reply", () => {
  const estimate = new TicketEstimate(new VirtualClock());
  expect(estimate.propose()).toBeUndefined();
  estimate.record(INSTANCE_NOW, 2);
  expect(estimate.propose()).toBe(INSTANCE_NOW + 4 + 5);
  estimate.record(INSTANCE_NOW, 101);
  expect(estimate.propose()).toBeUndefined();
});

test("proposals follow the time of the instances, however many there are, also if a clock steps back", async () => {
  const clock = new VirtualClock();
  const estimate = new TicketEstimate(clock);
  estimate.record(INSTANCE_NOW, 0);
  const first = Array.from({ length: 20 }, () => estimate.propose()!);
  expect(new Set(first).size).toBe(20);
  for (let second = 1; second <= 60; second += 1) {
    await clock.advance(1_000);
    estimate.record(INSTANCE_NOW + second * 1_000, 0);
    for (let call = 0; call < 50; call += 1)
      expect(estimate.propose()).toBe(INSTANCE_NOW + second * 1_000 + 5 + call);
  }
  estimate.record(INSTANCE_NOW, 0);
  expect(estimate.propose()).toBe(INSTANCE_NOW + 5);
});
