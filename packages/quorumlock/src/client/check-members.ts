import { InstanceError } from "../base/errors.ts";
import type { InstanceState } from "../base/events.ts";
import { NOT_FORESEEABLE } from "../members/eligibility.ts";
import type { Member } from "../members/member.ts";
import { maskOf, type Voters } from "../members/voters.ts";
import type { Client } from "./client.ts";
import type { Health, InstanceHealth, VotingCount } from "./health.ts";

/** The health of one member, with the member. */
export interface MemberHealth {
  readonly member: Member;
  readonly health: InstanceHealth;
}

/** What a check of all voters has found. */
export interface MembersHealth {
  /** The voters that were checked. */
  readonly voters: Voters;
  readonly list: readonly MemberHealth[];
}

/** The answer of one member to the check. */
interface CheckAnswer {
  readonly member: Member;
  readonly error: InstanceError | undefined;
  readonly latencyMs: number;
}

/**
 * Checks all voters in one round. Each answer has the time limit of a request, so a server that hangs ends the round with its time
 * limit. Never rejects.
 */
export async function checkMembers(client: Client): Promise<MembersHealth> {
  const { members, clock } = client;
  if (!members.isIdentified) await members.identifyAll();
  const { voters } = members;
  const answers = await Promise.all(
    voters.members.map(async (member): Promise<CheckAnswer> => {
      const sentAt = clock.monotonic();
      const error = await member.check();
      return { member, error, latencyMs: clock.monotonic() - sentAt };
    }),
  );
  // The answers are judged together: the last one can show that two instances are one server.
  return {
    voters,
    list: answers.map((answer) => ({ member: answer.member, health: healthOf(client, answer) })),
  };
}

/** Counts the votes. */
export function summarize({ voters, list }: MembersHealth): Health {
  const voting = new Set(list.filter(({ health }) => health.isVoting).map(({ member }) => member));
  const count = (set: readonly Member[]): VotingCount => ({
    configured: set.length,
    quorum: Math.floor(set.length / 2) + 1,
    voting: set.filter((member) => voting.has(member)).length,
  });
  return {
    ...count(voters.current),
    canLock: voters.hasQuorum(maskOf([...voting])),
    next: voters.next && count(voters.next),
    instances: list.map(({ health }) => health),
  };
}

function healthOf({ members, clock }: Client, { member, error, latencyMs }: CheckAnswer): InstanceHealth {
  const { eligibility, instance, label, identity, report, clockReading, silentSince } = member;
  const now = clock.monotonic();
  const isDuplicate =
    members.conflict !== undefined &&
    identity !== undefined &&
    members.voters.members.some((other) => other !== member && other.identity === identity);
  const duplicate = isDuplicate ? new InstanceError("INSTANCE_UNSAFE", members.conflict.message) : undefined;
  const problem = error ?? duplicate ?? member.problem;
  const [[, misconfiguration] = []] = eligibility.misconfigurations;
  const warning =
    misconfiguration === undefined ? undefined : new InstanceError("INSTANCE_UNSAFE", misconfiguration);
  const abstainsUntil = problem?.abstainsUntil ?? NOT_FORESEEABLE;
  const hasAnswered = error === undefined || error.code === "INSTANCE_REPLY";
  return {
    instance: label,
    address: addressOf(instance),
    state: isDuplicate ? "unsafe" : stateOf(member, problem, misconfiguration !== undefined),
    isVoting: problem === undefined && members.conflict === undefined,
    error: problem ?? warning,
    unsafe: [
      ...(eligibility.isQuarantined ? (["restart"] as const) : []),
      ...eligibility.misconfigurations.keys(),
    ],
    abstainsMs: abstainsUntil === NOT_FORESEEABLE ? undefined : Math.max(0, abstainsUntil - now),
    latencyMs: hasAnswered ? latencyMs : undefined,
    silentMs: silentSince === undefined ? undefined : now - silentSince,
    runId: identity,
    restarts: member.restarts,
    version: textOf(report?.version),
    role: textOf(report?.role),
    clockOffsetMs: clockReading?.aheadMs,
    memoryUsedBytes: report?.usedMemory,
    memoryLimitBytes: report !== undefined && report.maxmemory > 0 ? report.maxmemory : undefined,
    evictionPolicy: textOf(report?.maxmemoryPolicy),
  };
}

function stateOf(
  { eligibility }: Member,
  problem: InstanceError | undefined,
  isUnsafe: boolean,
): InstanceState {
  switch (problem?.code) {
    case "INSTANCE_TIMEOUT":
      return "no-answer";
    case "INSTANCE_UNAVAILABLE":
      // A server can refuse the client while it connects.
      return problem.isPermanent === true ? "refused" : "no-answer";
    case "INSTANCE_REPLY":
      return "refused";
    case "INSTANCE_UNSAFE":
      // The connection was replaced during the check.
      if (!eligibility.isIdentified) return "no-answer";
      return isUnsafe && !eligibility.isQuarantined ? "unsafe" : "quarantined";
    case undefined:
      return isUnsafe ? "unsafe" : "up";
  }
}

/** An instance that can be moved has an address beside its label. */
function addressOf(instance: { readonly label: string; readonly address?: string }): string {
  return instance.address ?? instance.label;
}

function textOf(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
