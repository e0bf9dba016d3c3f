import { expect, test } from "vitest";
import { InstanceError } from "../../src/base/errors.ts";
import type { Reply } from "../../src/operations/request.ts";
import type { ReplyListener, Round } from "../../src/quorum/round.ts";
import { FormerHolders } from "../../src/web-locks/former-holders.ts";
import { SeizeReplies } from "../../src/web-locks/seize-replies.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

// What the replies to the requests of a theft say about one member, in an order that several clients and servers rarely produce.

function replies(): {
  readonly former: FormerHolders;
  readonly all: SeizeReplies;
  /** Sends a request to the first member. Returns how its reply comes. */
  readonly send: (isSent?: boolean) => (reply: Reply | InstanceError, isAnswered?: boolean) => void;
} {
  const former = new FormerHolders(new VirtualClock());
  const all = new SeizeReplies(former, () => false);
  const send = (isSent = true) => {
    const listeners: ReplyListener[] = [];
    const round: Pick<Round, "sentMask" | "listen"> = {
      sentMask: isSent ? 1 : 0,
      listen: (listener) => void listeners.push(listener),
    };
    all.onSent(round as Round);
    return (reply: Reply | InstanceError, isAnswered = !(reply instanceof InstanceError)) => {
      for (const listener of listeners) listener(0, reply, isAnswered);
    };
  };
  return { former, all, send };
}

const FREE: Reply = [1, 5, 0];
const REPEATED: Reply = [1, 5, 9_000];
const unavailable = new InstanceError("INSTANCE_UNAVAILABLE", "not connected");

test("an error for a request that was not sent does not make a free name look seized", () => {
  const { former, all, send } = replies();
  send()(FREE);
  send(false)(unavailable);
  send()(REPEATED);
  expect([all.seizedMask, all.unansweredMask, former.leftMs]).toEqual([0, 0, 0]);
});

test("a request that was lost may have seized the name, and stays unanswered", () => {
  const { former, all, send } = replies();
  send()(FREE);
  send()(unavailable);
  expect([all.seizedMask, all.unansweredMask]).toEqual([1, 1]);
  send()(REPEATED);
  expect([all.seizedMask, all.unansweredMask, former.leftMs]).toEqual([1, 1, 9_000]);
});

test.each(["INSTANCE_REPLY", "INSTANCE_UNSAFE"] as const)(
  "an answer that is an error, %s, settles its request, which may have seized the name",
  (code) => {
    const { all, send } = replies();
    send()(new InstanceError(code, "refused"), true);
    expect([all.seizedMask, all.unansweredMask]).toEqual([1, 0]);
    send()(FREE);
    expect([all.seizedMask, all.unansweredMask]).toEqual([0, 0]);
  },
);

test("an error that comes after the theft was won settles nothing", () => {
  const { all, send } = replies();
  const late = send();
  all.onWon();
  late(new InstanceError("INSTANCE_UNSAFE", "its vote does not count"), true);
  expect(all.unansweredMask).toBe(1);
});

test("a vote settles a request that has timed out, but not one whose connection was lost", () => {
  const { all, send } = replies();
  const slow = send();
  slow(new InstanceError("INSTANCE_TIMEOUT", "no answer within 500 ms"));
  expect(all.unansweredMask).toBe(1);
  slow(FREE);
  expect(all.unansweredMask).toBe(0);
  const repeated = send();
  repeated(unavailable);
  repeated(FREE);
  expect(all.unansweredMask).toBe(1);
});
