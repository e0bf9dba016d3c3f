import { expect, test } from "vitest";
import { Referee } from "../src/referee.ts";

test("lets holders come one after another with growing fencing tokens", () => {
  const referee = new Referee("a library");
  for (const fence of [3, 4, 10]) {
    referee.enter(fence);
    referee.leave();
  }
  referee.enter(undefined);
});

test("objects to two holders at once", () => {
  const referee = new Referee("a library");
  referee.enter(1);
  expect(() => referee.enter(2)).toThrow("a library: 2 hold one lock at the same time");
});

test.each([[4], [5], [Number.NaN]])("objects to fencing token %d after 5", (fence) => {
  const referee = new Referee("a library");
  referee.enter(5);
  referee.leave();
  expect(() => referee.enter(fence)).toThrow(`a library: fencing token ${fence} came after 5`);
});
