import { expect, test } from "vitest";
import { InstanceError } from "../../src/index.ts";
import { Electorate } from "../../src/members/electorate.ts";
import type { Ballot, Member } from "../../src/members/member.ts";
import { NO, request, YES } from "../../src/operations/request.ts";
import { Round } from "../../src/quorum/round.ts";
import { settle } from "../support/virtual-clock.ts";

/** Members that answer when the test has them answer. */
function ask(members: number): { readonly round: Round; readonly ballots: readonly Ballot[] } {
  const ballots: Ballot[] = [];
  const voters = Array.from({ length: members }, (_, index) => ({
    index,
    label: `m${index}`,
    ask: (_request: unknown, ballot: Ballot) => ballots.push(ballot) > 0,
  }));
  const round = new Round(new Electorate(voters as unknown as Member[]), request("mutex.acquire", [], 0, []));
  return { round, ballots };
}

test("a vote that comes after its abstention does not count: it may be from before a crash", async () => {
  const { round, ballots } = ask(3);
  const heard: number[] = [];
  round.listen((member) => heard.push(member));
  let decided = false;
  void round.decided.then(() => (decided = true));
  ballots[0]!.answered(0, [YES, 1]);
  ballots[1]!.answered(1, new InstanceError("INSTANCE_UNAVAILABLE", "the connection was closed"));
  ballots[1]!.answered(1, [YES, 1]);
  await settle();
  expect([decided, round.won, round.yes]).toEqual([false, false, 0b001]);
  ballots[2]!.answered(2, [NO, 100, "another"]);
  await settle();
  expect([decided, round.won]).toEqual([true, false]);
  // It is told nevertheless: who waits may learn from it.
  expect(heard).toEqual([0, 1, 1, 2]);
});

test("is decided as soon as a majority has said yes, or can no longer do so", async () => {
  for (const [answers, won] of [
    [[YES, YES, YES], true],
    [[NO, YES, NO, NO], false],
  ] as const) {
    const { round, ballots } = ask(5);
    let decided = false;
    void round.decided.then(() => (decided = true));
    for (const [index, status] of answers.entries()) {
      expect(decided).toBe(false);
      ballots[index]!.answered(index, [status, 1]);
      await settle();
    }
    expect([decided, round.won]).toEqual([true, won]);
  }
});
