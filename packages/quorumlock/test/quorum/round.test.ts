import { describe, expect, test } from "vitest";
import { InstanceError } from "../../src/index.ts";
import type { ReplyHandler } from "../../src/members/batch.ts";
import type { Member } from "../../src/members/member.ts";
import { Voters } from "../../src/members/voters.ts";
import { NO, type Reply, type Request, YES } from "../../src/operations/request.ts";
import { type CommittedVotes, Round } from "../../src/quorum/round.ts";

const anyRequest = {} as Request;

interface StartedRound {
  readonly round: Round;
  /** The member replies. */
  readonly reply: (member: number, reply: Reply | InstanceError) => void;
  readonly isDecided: () => boolean;
  /** The member is silent. The round learns it if it watches the member. */
  readonly silence: (member: number) => void;
}

/** A round among members that reply when the test says so. */
function start(size: number, committed?: CommittedVotes): StartedRound {
  const handlers: ReplyHandler[] = [];
  const members = Array.from({ length: size }, (_, index) => ({
    index,
    label: `m${index}`,
    isSilent: false,
    isWatched: false,
    watchSilence() {
      this.isWatched = true;
    },
    send: (_request: unknown, handler: ReplyHandler) => handlers.push(handler) > 0,
  }));
  let isDecided = false;
  const round = new Round(new Voters(members as unknown as Member[]), undefined, committed);
  round.send(anyRequest).whenDecided({ onDecided: () => void (isDecided = true) });
  return {
    round,
    reply: (member, reply) => handlers[member]!.onReply(member, reply),
    isDecided: () => isDecided,
    silence: (member) => {
      members[member]!.isSilent = true;
      if (members[member]!.isWatched) handlers[member]!.onSilence?.();
    },
  };
}

const unavailable = new InstanceError("INSTANCE_UNAVAILABLE", "the connection was closed");

test("a vote that comes after its abstention does not count: it may be from before a crash", () => {
  const { round, reply, isDecided } = start(3);
  const replied: number[] = [];
  round.listen((member) => replied.push(member));
  reply(0, 1);
  reply(1, unavailable);
  reply(1, 1);
  expect([isDecided(), round.isWon, round.yesMask]).toEqual([false, false, 0b001]);
  reply(2, [NO, 100, "another"]);
  expect([isDecided(), round.isWon]).toEqual([true, false]);
  // Listeners get it nevertheless: a waiter learns from it.
  expect(replied).toEqual([0, 1, 1, 2]);
});

test("is decided as soon as a majority has said yes, or cannot any more", () => {
  for (const [replies, isWon] of [
    [[YES, YES, YES], true],
    [[NO, YES, NO, NO], false],
  ] as const) {
    const { round, reply, isDecided } = start(5);
    for (const [index, status] of replies.entries()) {
      expect(isDecided()).toBe(false);
      reply(index, [status, 1]);
    }
    expect([isDecided(), round.isWon]).toEqual([true, isWon]);
  }
});

describe("silent members", () => {
  test("are not waited for if others have refused, and those that replied are a quorum", () => {
    const { round, reply, silence, isDecided } = start(5);
    reply(0, 1);
    reply(1, [NO, 100, "another"]);
    reply(2, 1);
    silence(3);
    expect(isDecided()).toBe(false);
    silence(4);
    expect([isDecided(), round.isWon]).toEqual([true, false]);
    expect(round.failures).toEqual([]);
  });

  test("are not waited for if they were silent before the others replied", () => {
    const { reply, silence, isDecided } = start(3);
    silence(0);
    reply(1, 1);
    expect(isDecided()).toBe(false);
    reply(2, [NO, 100, "another"]);
    expect(isDecided()).toBe(true);
  });

  test("are waited for if nobody has refused, because a slow majority can still grant", () => {
    const { round, reply, silence, isDecided } = start(5);
    reply(0, 1);
    for (const member of [1, 2, 3, 4]) silence(member);
    reply(1, 1);
    expect(isDecided()).toBe(false);
    reply(4, 1);
    expect([isDecided(), round.isWon]).toEqual([true, true]);
  });

  test("are waited for if those that replied are no quorum", () => {
    const { reply, silence, isDecided } = start(5);
    reply(0, [NO, 100, "another"]);
    reply(1, unavailable);
    reply(2, 1);
    for (const member of [3, 4]) silence(member);
    expect(isDecided()).toBe(false);
    reply(3, 1);
    expect(isDecided()).toBe(true);
  });
});

test("knows the largest number, the members that gave it, and whether any was negative", () => {
  const { round, reply } = start(5);
  reply(0, 7);
  reply(1, -9);
  reply(2, 9);
  expect([round.highest, round.highestMask, round.hasNegative]).toEqual([9, 0b110, true]);
});

test("a commit counts only from members that voted in the attempt with a number up to the committed one", () => {
  const votes = start(5);
  votes.reply(0, 5);
  votes.reply(1, 6);
  votes.reply(2, 6);
  expect(votes.isDecided()).toBe(true);
  const commit = start(5, { votes: votes.round, fence: 6 });
  // This member granted late, beyond the committed number: another holder may have committed the same number there.
  votes.reply(3, 7);
  // This member abstained.
  votes.reply(4, unavailable);
  for (const member of [3, 4, 0]) commit.reply(member, 1);
  expect([commit.isDecided(), commit.round.yesMask]).toEqual([false, 0b00001]);
  commit.reply(1, 1);
  commit.reply(2, 1);
  expect([commit.round.isWon, commit.round.yesMask]).toEqual([true, 0b00111]);
});

test("a commit counts a vote that came after the decision, if it is not beyond the committed number", () => {
  const votes = start(3);
  votes.reply(0, 5);
  votes.reply(1, 6);
  const commit = start(3, { votes: votes.round, fence: 6 });
  votes.reply(2, -4);
  commit.reply(2, 1);
  commit.reply(0, 1);
  expect([commit.isDecided(), commit.round.isWon]).toEqual([true, true]);
});

test("a commit counts no vote beyond the committed number, also if the vote replaced a token", () => {
  const votes = start(3);
  votes.reply(0, -5);
  votes.reply(1, 6);
  votes.reply(2, -9);
  const commit = start(3, { votes: votes.round, fence: 6 });
  commit.reply(2, 1);
  commit.reply(0, 1);
  expect([commit.isDecided(), commit.round.yesMask]).toEqual([false, 0b001]);
});
