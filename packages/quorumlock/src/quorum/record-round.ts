import type { Clock } from "../base/clock.ts";
import { driftAllowance } from "../base/options.ts";
import { InstanceError, type InstanceFailure } from "../base/errors.ts";
import type { ReplyHandler } from "../members/batch.ts";
import { median, serverTimeFrom } from "../members/clocks.ts";
import type { Member } from "../members/member.ts";
import { maskOf, type Voters } from "../members/voters.ts";
import type { MemoryReading } from "../operations/record.ts";
import { isYes, type Reply, type ReplyList, type Request } from "../operations/request.ts";
import { serverRemembers } from "./server-age.ts";

/** The yes of a member, and what it says. */
interface RecordVote<T> {
  readonly member: Member;
  readonly value: T;
}

/** How the replies to a request about a record are read and counted. */
export interface RecordRules<T> {
  readonly clock: Clock;
  readonly driftFactor: number;
  read(reply: Reply): T;
  memoryOf(value: T): MemoryReading;
  /** The latest time before which no version of the record can have been written, in ms since 1970. */
  createdAtOf(value: T): number;
  /** What the reply is a vote for; `undefined` if it is no vote. */
  choiceOf(value: T): string | undefined;
  /** Whether members can be asked what they have, and answer different things. */
  readonly canDisagree: boolean;
}

/**
 * - `won`: the votes of a quorum count, and are for the same. `votes`: these votes. `nowMs`: the median of the times of all servers that
 *   are known, so that one wrong clock of three has no effect.
 * - `refused`: a server knows a larger fencing token. One refusal is enough, because only a later holder leaves one.
 * - `lost`: no quorum is possible. `isReachable`: whether a quorum has answered or may still answer, so that only the votes do not
 *   count, or are not for the same.
 */
export type RecordOutcome<T> =
  | { readonly state: "won"; readonly votes: readonly RecordVote<T>[]; readonly nowMs: number }
  | { readonly state: "refused"; readonly refusal: ReplyList }
  | { readonly state: "lost"; readonly isReachable: boolean; readonly failures: readonly InstanceFailure[] };

/**
 * One request about a record to all members at once (protocol §13). Decided as soon as a quorum has voted for the same, or as soon as
 * that is impossible. It never waits for the slowest member.
 *
 * A vote counts only if the server has kept everything since a time before which the record cannot have been written.
 */
export class RecordRound<T> implements ReplyHandler {
  readonly #voters: Voters;
  readonly #rules: RecordRules<T>;
  readonly #onEnd: (outcome: RecordOutcome<T>) => void;
  readonly #votes = new Map<Member, T>();
  readonly #failures = new Map<Member, InstanceError>();
  #isSending = true;
  #hasEnded = false;

  private constructor(voters: Voters, rules: RecordRules<T>, onEnd: (outcome: RecordOutcome<T>) => void) {
    this.#voters = voters;
    this.#rules = rules;
    this.#onEnd = onEnd;
  }

  /** Never rejects. */
  static run<T>(voters: Voters, request: Request, rules: RecordRules<T>): Promise<RecordOutcome<T>> {
    return new Promise((resolve) => new RecordRound(voters, rules, resolve).#send(request));
  }

  onReply(memberIndex: number, answer: Reply | InstanceError): void {
    const member = this.#voters.members.find(({ index }) => index === memberIndex)!;
    // A late reply of a member that abstained changes nothing.
    if (this.#hasEnded || this.#votes.has(member) || this.#failures.has(member)) return;
    if (answer instanceof InstanceError) this.#failures.set(member, answer);
    else if (isYes(answer)) this.#votes.set(member, this.#rules.read(answer));
    else return this.#end({ state: "refused", refusal: answer as ReplyList });
    this.#decide();
  }

  onSilence(): void {
    this.#decide();
  }

  #send(request: Request): void {
    for (const member of this.#voters.members) member.send(request, this);
    this.#isSending = false;
    this.#decide();
  }

  #end(outcome: RecordOutcome<T>): void {
    this.#hasEnded = true;
    this.#onEnd(outcome);
  }

  #decide(): void {
    if (this.#isSending || this.#hasEnded) return;
    const voters = this.#voters;
    const nowMs = laterTime([...this.#votes.values()].map((value) => this.#rules.memoryOf(value).timeMs));
    const open: Member[] = [];
    const silent: Member[] = [];
    for (const member of voters.members) {
      if (this.#votes.has(member) || this.#failures.has(member)) continue;
      (member.isSilent ? silent : open).push(member);
    }
    const votesFor = new Map<string, RecordVote<T>[]>();
    let areForTheSame = true;
    for (const [member, value] of this.#votes) {
      const choice = this.#rules.choiceOf(value);
      const remembers = choice !== undefined && this.#remembers(member, value, nowMs);
      if (choice === undefined) areForTheSame = false;
      else if (remembers === true) votesFor.set(choice, [...(votesFor.get(choice) ?? []), { member, value }]);
      else if (remembers !== false) {
        open.push(member);
        void remembers.then(() => this.#decide());
      }
    }
    areForTheSame &&= votesFor.size <= 1;
    const winner = [...votesFor.values()].find((votes) => voters.hasQuorum(maskOfVotes(votes)));
    if (winner !== undefined) return this.#end({ state: "won", votes: winner, nowMs: this.#medianTime() });
    const areAnswers = voters.hasQuorum(maskOf([...this.#votes.keys()]));
    // As in any round, silent members are waited for only if nothing but their votes is missing.
    const waitsForSilent = areForTheSame || !areAnswers;
    const awaitedMask = maskOf(waitsForSilent ? [...open, ...silent] : open);
    const canWin = [[], ...votesFor.values()].some((votes) =>
      voters.hasQuorum(awaitedMask | maskOfVotes(votes)),
    );
    if (!canWin) {
      const isReachable = voters.hasQuorum(maskOf([...this.#votes.keys(), ...open, ...silent]));
      this.#end({ state: "lost", isReachable, failures: this.#explain(nowMs) });
    } else if (!waitsForSilent) for (const member of open) member.watchSilence();
  }

  /** The time in the reply of a member, or what an earlier reading of its clock says. */
  #medianTime(): number {
    const rules = this.#rules;
    const times = this.#voters.members.flatMap((member) => {
      const vote = this.#votes.get(member);
      if (vote !== undefined) return [rules.memoryOf(vote).timeMs];
      const { clockReading } = member;
      return (clockReading && serverTimeFrom(rules.clock, clockReading)) ?? [];
    });
    return Math.floor(median(times));
  }

  /** Whether the server of a member knows all records since a time before this one can have been written. */
  #remembers(member: Member, value: T, nowMs: number): boolean | Promise<void> {
    const rules = this.#rules;
    // A member that joins the set has nothing to remember: until it has got copies, the present set decides as well.
    if (!this.#voters.current.includes(member)) return true;
    const recordAgeMs = Math.max(0, nowMs - rules.createdAtOf(value));
    const { ageMs } = rules.memoryOf(value);
    if (ageMs === undefined || recordAgeMs === 0) return serverRemembers(member, recordAgeMs, rules);
    return ageMs >= recordAgeMs + driftAllowance(recordAgeMs, rules.driftFactor);
  }

  /** Why the members that have no vote, or whose vote does not count, have none. */
  #explain(nowMs: number): readonly InstanceFailure[] {
    return this.#voters.members.flatMap((member) => {
      const { label: instance } = member;
      const failure = this.#failures.get(member);
      if (failure !== undefined) return [{ instance, error: failure }];
      const value = this.#votes.get(member);
      if (value === undefined) return [{ instance, error: noReply() }];
      if (this.#remembers(member, value, nowMs) === true) return [];
      return [{ instance, error: tooYoung(nowMs - this.#rules.createdAtOf(value)) }];
    });
  }
}

function maskOfVotes<T>(votes: readonly RecordVote<T>[]): number {
  return maskOf(votes.map(({ member }) => member));
}

/** The later one of the two in the middle: with two servers, a clock that is slow must not make records look too young. */
function laterTime(timesMs: readonly number[]): number {
  return timesMs.toSorted((a, b) => a - b)[Math.floor(timesMs.length / 2)] ?? 0;
}

function noReply(): InstanceError {
  return new InstanceError("INSTANCE_TIMEOUT", "did not answer before the round ended");
}

function tooYoung(recordAgeMs: number): InstanceError {
  return new InstanceError(
    "INSTANCE_UNSAFE",
    `the server may have lost data in the last ${(recordAgeMs / 1_000).toFixed(1)} s, in which the record can have been written; ` +
      "a server that runs with `appendonly yes` and `appendfsync always` before it restarts keeps its records",
  );
}
