import { type Clock, elapsedMs, type Instant } from "../base/clock.ts";
import { InstanceError, type InstanceFailure } from "../base/errors.ts";
import { driftAllowance } from "../base/options.ts";
import { count, type Voters } from "../members/voters.ts";
import type { LockKind } from "../operations/kind.ts";
import type { ReplyList } from "../operations/request.ts";
import type { Round } from "./round.ts";

/** Why an attempt did not win, or an extension did not succeed (protocol §4). */
export interface Refusal {
  /** `contended`: others hold the lock. `no-quorum`: too few members voted in time. */
  readonly kind: "contended" | "no-quorum";
  /** When it became certain, by the monotonic clock. */
  readonly at: number;
  /** How many members said yes before the attempt was withdrawn. Above 0 in a contended round: a split vote. */
  readonly votes: number;
  /** What the members that said no replied. */
  readonly replies: readonly ReplyList[];
  /** The token that most members report, and the longest time for which any of them reports it, in ms. */
  readonly holder: { readonly token: string; readonly remainingMs: number } | undefined;
  /** Whether others hold so many members that the hold has no quorum any more. */
  readonly isLost: boolean;
  /** When enough members can vote, by the monotonic clock; 0 if quarantine is not the reason. */
  readonly quorumPossibleAt: number;
  readonly failures: readonly InstanceFailure[];
}

/** Reads the round that was not won. `granted`: the voters that granted the hold, or that decide the attempt. */
export function refusalOf(round: Round, kind: LockKind, granted: Voters, clock: Clock): Refusal {
  const { voters, refusals: replies } = round;
  const canBeContended = voters.hasQuorum(voters.all & ~round.abstainedMask);
  const isContended = replies.length > 0 && canBeContended;
  return {
    kind: isContended ? "contended" : "no-quorum",
    at: clock.monotonic(),
    votes: count(round.yesMask),
    replies,
    holder: mostReported(replies, kind),
    isLost: !granted.hasQuorum(granted.all & ~round.noMask),
    quorumPossibleAt: isContended ? 0 : round.quorumPossibleAt,
    failures: isContended ? round.failures : [...round.failures, ...round.unanswered],
  };
}

/** The votes came after the time for which they are valid. */
export function tooSlow(lease: Instant, ttlMs: number, driftFactor: number, clock: Clock): Refusal {
  const tookMs = elapsedMs(clock, lease).toFixed(1);
  const validMs = (ttlMs - driftAllowance(ttlMs, driftFactor)).toFixed(1);
  const what = `the votes took ${tookMs} ms, but a ttl of ${ttlMs} ms is valid for ${validMs} ms only; use a longer ttl`;
  return withoutQuorum("round", new InstanceError("INSTANCE_TIMEOUT", what), clock);
}

export function withoutQuorum(instance: string, error: Error, clock: Clock): Refusal {
  return {
    kind: "no-quorum",
    at: clock.monotonic(),
    votes: 0,
    replies: [],
    holder: undefined,
    isLost: false,
    quorumPossibleAt: 0,
    failures: [{ instance, error }],
  };
}

function mostReported(replies: readonly ReplyList[], kind: LockKind): Refusal["holder"] {
  const reports = new Map<string, { members: number; remainingMs: number }>();
  for (const reply of replies) {
    const { token, remainingMs } = kind.obstacle(reply);
    if (token === "") continue;
    const known = reports.get(token) ?? { members: 0, remainingMs: 0 };
    const longest = Math.max(known.remainingMs, remainingMs);
    reports.set(token, { members: known.members + 1, remainingMs: longest });
  }
  const [most] = [...reports].toSorted(([, a], [, b]) => b.members - a.members);
  return most === undefined ? undefined : { token: most[0], remainingMs: most[1].remainingMs };
}
