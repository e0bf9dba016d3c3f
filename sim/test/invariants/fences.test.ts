import type { Lock } from "quorumlock";
import { expect, test } from "vitest";
import { Fences } from "../../src/invariants/fences.ts";
import { mutexKind } from "../../src/library.ts";

function acquire(name: string, token: string) {
  const owner = { token, prefix: "lock:", fence: 0, isWithdrawn: false };
  return mutexKind.acquire([name], owner, 1_000, undefined);
}

/** Votes of servers for one token, by server, and the grant that follows. */
function grant(
  fences: Fences,
  name: string,
  token: string,
  fence: number,
  votes: Readonly<Record<number, number>>,
): readonly string[] {
  const request = acquire(name, token);
  for (const [server, vote] of Object.entries(votes)) {
    fences.onVote(Number(server), request, vote);
    fences.onReply(Number(server), request, vote);
  }
  return fences.onGrant({ names: [name], modes: ["X"], lock: { token, fence } as Lock, grantedAt: 100 });
}

test("accepts gaps in the tokens of a name, because other names increase a shared counter", () => {
  const fences = new Fences();
  expect(grant(fences, "{r}1", "A", 5, { 0: 5, 1: 5 })).toEqual([]);
  expect(grant(fences, "{r}2", "B", 6, { 0: 6, 1: 6 })).toEqual([]);
  expect(grant(fences, "{r}1", "C", 7, { 0: 7, 1: 7 })).toEqual([]);
});

test("accepts equal or decreasing tokens of different names", () => {
  const fences = new Fences();
  expect(grant(fences, "{r}1", "A", 6, { 0: 5, 1: 6 })).toEqual([]);
  expect(grant(fences, "{r}2", "B", 6, { 0: 6, 2: 1 })).toEqual([]);
  expect(grant(fences, "a", "C", 2, { 0: 2, 1: 2 })).toEqual([]);
});

test("reports a token that two holders of a name have", () => {
  const fences = new Fences();
  grant(fences, "{r}1", "A", 6, { 0: 6, 1: 5 });
  expect(grant(fences, "{r}1", "B", 6, { 1: 6, 2: 1 })).toEqual([
    "A and B both have fencing token 6 for {r}1",
  ]);
});

test("reports tokens of a name that decrease in the order of the votes at a common server", () => {
  const fences = new Fences();
  grant(fences, "{r}1", "A", 9, { 0: 9, 1: 5 });
  grant(fences, "{r}2", "B", 6, { 1: 6, 2: 1 });
  expect(grant(fences, "{r}1", "C", 7, { 1: 7, 2: 2 })).toEqual([
    "server 1 granted {r}1 to A with fencing token 9, and later to C with 7",
  ]);
});

test("ignores a vote that a late message causes after the grant", () => {
  const fences = new Fences();
  grant(fences, "a", "A", 9, { 0: 9 });
  const late = acquire("a", "A");
  expect(grant(fences, "a", "B", 10, { 0: 10 })).toEqual([]);
  fences.onVote(1, late, 20);
  expect(grant(fences, "a", "C", 11, { 0: 11, 1: 11 })).toEqual([]);
});

test("reports an extension that begins after a larger token was granted, and no earlier one", () => {
  const fences = new Fences();
  grant(fences, "a", "A", 5, { 0: 5, 1: 5 });
  grant(fences, "a", "B", 6, { 1: 6, 2: 6 });
  const [older, newer] = [5, 6].map((fence) => ({ names: ["a"], lock: { token: "t", fence } as Lock }));
  expect(fences.onExtended(older!, 101)).toEqual([
    "t with fencing token 5 was extended for a, after 6 was granted",
  ]);
  expect(fences.onExtended(older!, 100)).toEqual([]);
  expect(fences.onExtended(newer!, 101)).toEqual([]);
});
