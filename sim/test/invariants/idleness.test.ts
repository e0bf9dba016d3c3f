import { expect, test } from "vitest";
import { Idleness } from "../../src/invariants/idleness.ts";
import type { Attempt, Grant } from "../../src/invariants/grant.ts";

const attempt = (client: number, startedAt: number): Attempt =>
  ({ client, names: ["a"], startedAt }) as unknown as Attempt;
const grant = (client: number, startedAt: number): Grant => attempt(client, startedAt) as Grant;

function idleness(dead: readonly number[] = []): Idleness {
  return new Idleness(0, ({ client }) => !dead.includes(client));
}

test("measures from the end of a hold to the next grant, while a caller waits", () => {
  const idle = idleness();
  const first = grant(0, 0);
  idle.onGrant(first, 1);
  idle.addWaiter(attempt(1, 5));
  idle.onEnd(first, 10);
  idle.onGrant(grant(1, 5), 17);
  expect(idle.longestMs).toBe(7);
});

test("does not count while another holder exists", () => {
  const idle = idleness();
  const [slow, other] = [grant(0, 0), grant(1, 0)];
  idle.onGrant(slow, 1);
  idle.onGrant(other, 2);
  idle.addWaiter(attempt(2, 3));
  idle.onEnd(other, 10);
  idle.onEnd(slow, 100);
  idle.onGrant(grant(2, 3), 104);
  expect(idle.longestMs).toBe(4);
});

test("counts although a dead client did not release its lock", () => {
  const idle = idleness([0]);
  const other = grant(1, 0);
  idle.onGrant(grant(0, 0), 1);
  idle.onGrant(other, 2);
  idle.addWaiter(attempt(2, 3));
  idle.onEnd(other, 10);
  idle.onGrant(grant(2, 3), 30);
  expect(idle.longestMs).toBe(20);
});

test("does not count while the servers may keep a detached lock, also if an earlier hold ends then", () => {
  const idle = idleness();
  const [lost, detached] = [grant(0, 0), grant(1, 0)];
  idle.onGrant(lost, 1);
  idle.onGrant(detached, 2);
  idle.addWaiter(attempt(2, 3));
  idle.onDetached(detached, 100);
  idle.onEnd(lost, 10);
  idle.onGrant(grant(2, 3), 104);
  expect(idle.longestMs).toBe(4);
});

test("counts again when an attached lock is released", () => {
  const idle = idleness();
  const [detached, attached] = [grant(0, 0), grant(1, 5)];
  idle.onGrant(detached, 1);
  idle.addWaiter(attempt(2, 3));
  idle.onDetached(detached, 100);
  idle.onAttached(attached);
  idle.onEnd(attached, 20);
  idle.onGrant(grant(2, 3), 26);
  expect(idle.longestMs).toBe(6);
});
