import { type Clock, elapsedMs, type Instant } from "../base/clock.ts";
import { InstanceError, type InstanceFailure } from "../base/errors.ts";
import { driftAllowance } from "../base/options.ts";
import { countBits, type Voters } from "../members/voters.ts";
import type { LockKind } from "../operations/kind.ts";
import type { ReplyList } from "../operations/request.ts";
import type { Round } from "./round.ts";

/** Why an attempt did not win, or an extension did not succeed (protocol §4). */
export interface Refusal {
  /** `contended`: others hold the lock. `no-quorum`: too few members voted in time. */
  readonly kind: "contended" | "no-quorum";
  /** When it became certain, by the monotonic clock. */
  readonly at: number;
  /** Number of members that said yes. If the round is contended and this is above 0, the votes are split. */
  readonly votes: number;
  /** The replies of the members that said no. */
  readonly replies: readonly ReplyList[];
  /** The token that most members report, and the longest remaining time that a member reports for it, in ms. */
  readonly holder: { readonly token: string; readonly remainingMs: number } | undefined;
  /** Whether a quorum reports the token of `holder`. Otherwise the votes may be split, so that nobody holds the lock. */
  readonly isHeld: boolean;
  /** Whether waiters that are ahead in line keep the caller out, and no holder is known. */
  readonly isBehind: boolean;
  /** Whether so many members refused that the hold cannot have a quorum any more. */
  readonly isLost: boolean;
  /** Whether waiting does not help: without the members that refuse this client for good, no quorum is left. */
  readonly isPermanent: boolean;
  /** When enough members are out of quarantine, by the monotonic clock. A moment in the past if quarantine is not the reason. */
  readonly quorumPossibleAt: number;
  readonly failures: readonly InstanceFailure[];
}

/** Reads a round that was not won. `grantedBy`: the voters that granted the hold, or that decide the attempt. */
export function refusalOf(round: Round, kind: LockKind, grantedBy: Voters, clock: Clock): Refusal {
  const { voters, refusals: replies } = round;
  const canBeContended = voters.hasQuorum(voters.allMask & ~round.abstainedMask);
  const isContended = (replies.length > 0 || round.isSplit) && canBeContended;
  const holder = mostReported(replies, kind);
  return {
    kind: isContended ? "contended" : "no-quorum",
    at: clock.monotonic(),
    votes: countBits(round.yesMask),
    replies,
    holder: holder && { token: holder.token, remainingMs: holder.remainingMs },
    isHeld: holder !== undefined && isMajority(holder.members, voters),
    isBehind: holder === undefined && replies.some((reply) => kind.obstacle(reply).isLine === true),
    isLost: !grantedBy.hasQuorum(grantedBy.allMask & ~round.noMask),
    isPermanent: isRefusedForGood(round),
    quorumPossibleAt: isContended ? 0 : round.quorumPossibleAt,
    failures: isContended ? round.failures : [...round.failures, ...round.unanswered],
  };
}

/** Whether no quorum is left without the members that refuse this client for good. A later reply can make it true. */
export function isRefusedForGood({ voters, permanentMask }: Round): boolean {
  return permanentMask !== 0 && !voters.hasQuorum(voters.allMask & ~permanentMask);
}

/** A quorum said yes, but only after the end of the lease. */
export function tooSlowRefusal(lease: Instant, ttlMs: number, driftFactor: number, clock: Clock): Refusal {
  const tookMs = elapsedMs(clock, lease).toFixed(1);
  const validMs = (ttlMs - driftAllowance(ttlMs, driftFactor)).toFixed(1);
  const what = `the votes took ${tookMs} ms, but a ttl of ${ttlMs} ms is valid for ${validMs} ms only; use a longer ttl`;
  return noQuorumRefusal("round", new InstanceError("INSTANCE_TIMEOUT", what), clock);
}

/** The refusal if one error prevents a quorum. */
export function noQuorumRefusal(instance: string, error: Error, clock: Clock): Refusal {
  return {
    kind: "no-quorum",
    at: clock.monotonic(),
    votes: 0,
    replies: [],
    holder: undefined,
    isHeld: false,
    isBehind: false,
    isLost: false,
    isPermanent: false,
    quorumPossibleAt: 0,
    failures: [{ instance, error }],
  };
}

/** Whether so many members are a quorum, whichever they are. During a change of the set that is not known. */
function isMajority(members: number, voters: Voters): boolean {
  return voters.next === undefined && members * 2 > voters.members.length;
}

function mostReported(
  replies: readonly ReplyList[],
  kind: LockKind,
): { readonly token: string; readonly remainingMs: number; readonly members: number } | undefined {
  const reports = new Map<string, { members: number; remainingMs: number }>();
  for (const reply of replies) {
    const { token, remainingMs } = kind.obstacle(reply);
    if (token === "") continue;
    const known = reports.get(token) ?? { members: 0, remainingMs: 0 };
    const longest = Math.max(known.remainingMs, remainingMs);
    reports.set(token, { members: known.members + 1, remainingMs: longest });
  }
  const [most] = [...reports].toSorted(([, a], [, b]) => b.members - a.members);
  return most && { token: most[0], ...most[1] };
}
