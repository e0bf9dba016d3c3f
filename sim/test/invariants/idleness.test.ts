import { expect, test } from "vitest";
import { Idleness } from "../../src/invariants/idleness.ts";
import type { Attempt, Grant } from "../../src/invariants/referee.ts";

const attempt = (client: number, askedAt: number): Attempt =>
  ({ client, names: ["a"], askedAt }) as unknown as Attempt;
const grant = (client: number, askedAt: number): Grant => attempt(client, askedAt) as Grant;

function idleness(dead: readonly number[] = []): Idleness {
  return new Idleness(0, ({ client }) => !dead.includes(client));
}

test("is the time from the end of a hold to the next one, while somebody waits", () => {
  const idle = idleness();
  const first = grant(0, 0);
  idle.granted(first, 1);
  idle.waits(attempt(1, 5));
  idle.ended(first, 10);
  idle.granted(grant(1, 5), 17);
  expect(idle.longestMs).toBe(7);
});

test("does not count while another one still holds it, as two may where clocks run wild", () => {
  const idle = idleness();
  const [slow, other] = [grant(0, 0), grant(1, 0)];
  idle.granted(slow, 1);
  idle.granted(other, 2);
  idle.waits(attempt(2, 3));
  idle.ended(other, 10);
  idle.ended(slow, 100);
  idle.granted(grant(2, 3), 104);
  expect(idle.longestMs).toBe(4);
});

test("counts although a dead one never gave it back", () => {
  const idle = idleness([0]);
  const other = grant(1, 0);
  idle.granted(grant(0, 0), 1);
  idle.granted(other, 2);
  idle.waits(attempt(2, 3));
  idle.ended(other, 10);
  idle.granted(grant(2, 3), 30);
  expect(idle.longestMs).toBe(20);
});
