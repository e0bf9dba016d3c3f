import { assert } from "../base/assert.ts";
import type { Deadline } from "../base/deadlines.ts";
import { DuplicateInstanceError } from "../base/errors.ts";
import type { WarningCause } from "../base/events.ts";
import type { Instance } from "../instances/port.ts";
import { findFarClocks } from "./clocks.ts";
import type { EligibilityListener, EligibilityPolicy } from "./eligibility.ts";
import { Member, type MemberContext } from "./member.ts";
import { MemoryRecovery } from "./memory-recovery.ts";
import { whenReconnected } from "./reconnection.ts";
import { SetNotes } from "./set-notes.ts";
import { maskOf, Voters } from "./voters.ts";

/** Once a quorum is identified, the first acquisition waits at most this long for the other members. */
const MAX_IDENTITY_GRACE_MS = 50;
/** The time between two identity requests to a misconfigured server that abstains. */
const RECHECK_MS = 10_000;

export interface MembersContext extends Omit<MemberContext, "policy" | "listener" | "answerListener"> {
  readonly driftFactor: number;
  /** Whether the restart guard is on. `undefined`: on with three members or more. */
  readonly restartGuard: boolean | undefined;
  /** How long a restarted server abstains at least, in ms. Longer if a longer ttl is used. */
  readonly windowMs: number;
  readonly strict: boolean;
  /** What to do if a restarted server does not vote (see `EligibilityPolicy`). */
  readonly quarantineAdvice?: string | undefined;
  /** The owner label of the client. */
  readonly owner: string;
}

/**
 * All members of a client: the voters, new members that have no vote yet, and retiring members that have no vote any more but
 * still receive releases. A member keeps its index, and so its bit in every mask, until it is removed.
 */
export class Members implements EligibilityPolicy, EligibilityListener {
  readonly isStrict: boolean;
  readonly driftFactor: number;
  readonly #context: MembersContext;
  /** The members by index. The index of a removed member is free. */
  readonly #places: (Member | undefined)[] = [];
  #all: readonly Member[] = [];
  /** The members whose votes decide. Another object after each change. */
  voters = new Voters([]);
  /** Whether the keys of one request must share a hash slot. */
  hasCluster = false;
  #longestTtlMs: number;
  #conflict: DuplicateInstanceError | undefined;
  #separations = 0;
  #identifying: Promise<void> | undefined;
  #isIdentified = false;
  #hadTimeToIdentify = false;
  readonly #watchers = new Set<() => void>();
  #changes = 0;
  readonly #warnedSubjects = new Set<string>();
  readonly #recovery: MemoryRecovery;
  readonly #notes: SetNotes;

  constructor(context: MembersContext) {
    this.#context = context;
    this.#recovery = new MemoryRecovery(context, this);
    this.#notes = new SetNotes(context, this);
    this.isStrict = context.strict;
    this.driftFactor = context.driftFactor;
    this.#longestTtlMs = context.windowMs;
  }

  get all(): readonly Member[] {
    return this.#all;
  }

  /** Set while two voters are the same server. Nothing may be granted or extended then. */
  get conflict(): DuplicateInstanceError | undefined {
    return this.#conflict;
  }

  /** How often a member had to leave a server. A round in flight meanwhile can have two votes of one server. */
  get separations(): number {
    return this.#separations;
  }

  /** Whether two voters lead to one server, as far as the servers have reported who they are. */
  get haveDuplicates(): boolean {
    return this.#findDuplicates() !== undefined;
  }

  /** The longest ttl that was used, in ms; at least the configured window. */
  get longestTtlMs(): number {
    return this.#longestTtlMs;
  }

  /** How long a restarted server abstains, in ms; 0 if the restart guard is off. */
  get windowMs(): number {
    const { restartGuard } = this.#context;
    const { current, next } = this.voters;
    const isOn = restartGuard ?? Math.max(current.length, next?.length ?? 0) >= 3;
    return isOn ? this.#longestTtlMs : 0;
  }

  /**
   * When a quorum is out of quarantine, by the monotonic clock; a moment in the past if it is now, `Infinity` if that is not known.
   */
  get quorumExpectedAt(): number {
    const expectedAt: number[] = [];
    for (const member of this.voters.members) expectedAt[member.index] = member.expectedAt;
    return this.voters.quorumReadyAt(expectedAt);
  }

  get quarantineAdvice(): string | undefined {
    return this.#context.quarantineAdvice;
  }

  get setProblem(): string | undefined {
    return this.#notes.problem;
  }

  /** If the set has a problem, the notes of it are read as often as they are renewed. */
  get recheckMs(): number {
    return this.setProblem === undefined ? RECHECK_MS : Math.min(RECHECK_MS, this.#notes.renewMs);
  }

  /** Whether `identifyAll` has resolved. */
  get isIdentified(): boolean {
    return this.#isIdentified;
  }

  /** Whether the voters had time to report their identity. */
  get hadTimeToIdentify(): boolean {
    return this.#hadTimeToIdentify;
  }

  /** Notes that a ttl is used. A longer one makes the window longer: a restarted server may have lost that lock. */
  recordTtl(ttlMs: number): void {
    if (ttlMs <= this.#longestTtlMs) return;
    this.#longestTtlMs = ttlMs;
    for (const member of this.#all) member.reviewEligibility();
  }

  /** With `strict`, no server of a set with a problem votes: two sets may have majorities without a server in common. */
  onSetJudged(): void {
    for (const member of this.#all) member.reviewEligibility();
  }

  /** Makes a member of an instance. It has no vote yet. */
  add(instance: Instance): Member {
    const free = this.#places.indexOf(undefined);
    const index = free < 0 ? this.#places.length : free;
    const member = new Member(index, instance, {
      ...this.#context,
      policy: this,
      listener: this,
      answerListener: this.#notes,
    });
    this.#place(index, member);
    return member;
  }

  /** Makes these members the voters: one set, or two sets with a majority of each. */
  setVoters(current: readonly Member[], next?: readonly Member[]): void {
    const voters = new Voters(current, next);
    assert(
      voters.members.every((member) => this.#places[member.index] === member),
      "each voter is a member",
    );
    this.voters = voters;
    this.hasCluster = voters.members.some(({ instance }) => instance.isCluster);
    for (const member of this.#all) member.reviewEligibility();
    this.#notes.onVotersChanged();
    this.#compareServers();
    this.#recovery.review();
    this.#notify();
  }

  /** Removes and closes a member that has no vote. */
  async remove(member: Member): Promise<void> {
    if (this.#places[member.index] !== member) return;
    assert(!this.voters.members.includes(member), "a member that is removed has no vote");
    this.#place(member.index, undefined);
    this.#recovery.remove(member);
    await member.close();
  }

  /** How often `watch` would have called back until now. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Calls back when a member was identified, when a member may vote earlier than was known, and when the voters changed. The
   * returned function ends this.
   */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => void this.#watchers.delete(onChange);
  }

  /**
   * Identifies the voters. Resolves when each voter is identified or its identification failed. When a quorum is identified, the
   * other voters have a short grace time. Later calls return the same promise, because each new connection is identified anyway.
   */
  identifyAll(): Promise<void> {
    this.#identifying ??= this.#identifyVoters(this.voters);
    return this.#identifying;
  }

  /**
   * Identifies these members. Resolves when each member is identified or its identification failed, and has its memory if that is
   * possible soon. When `isEnough` returns true, the other members have a short grace time.
   */
  async identify(members: readonly Member[], isEnough: (identifiedMask: number) => boolean): Promise<void> {
    await this.#requestIdentities(members, isEnough);
    this.#hadTimeToIdentify = true;
    this.#recovery.review();
    await this.recover();
  }

  /**
   * Resolves when a quorum may be able to vote that could not: memory is being made complete, or lost connections are being made
   * again. `undefined` if there is nothing to wait for.
   */
  whenRestored(): Promise<void> | undefined {
    return this.#recovery.isRunning ? this.recover() : whenReconnected(this.#context, this);
  }

  /** Begins the steps again that members refused for good, although they are not due. Returns whether there is one. */
  retryRefusedRecovery(): boolean {
    const refused = this.voters.members.filter(({ eligibility }) => eligibility.isRecoveryRefused);
    for (const member of refused) this.#recovery.retry(member);
    return refused.length > 0;
  }

  /** Resolves when members whose memory can be complete soon have it. */
  recover(): Promise<void> {
    return this.#recovery.settle(() => this.voters.hasQuorum(maskOf(this.voters.members.filter(canVote))));
  }

  #requestIdentities(
    members: readonly Member[],
    isEnough: (identifiedMask: number) => boolean,
  ): Promise<void> {
    return new Promise<void>((resolve) => {
      const { clock, deadlines, requestTimeoutMs } = this.#context;
      const graceMs = Math.min(MAX_IDENTITY_GRACE_MS, requestTimeoutMs);
      const allMask = maskOf(members);
      let identifiedMask = 0;
      let grace: Deadline | undefined;
      const finish = (): void => {
        grace?.cancel();
        resolve();
      };
      const onIdentified = (member: Member): void => {
        this.#compareServers(member);
        this.#recovery.review();
        // Only good news wakes waiters: their attempts make a member that failed try again, so each failure would wake the others.
        if (member.problem === undefined) this.#notify();
        identifiedMask |= 1 << member.index;
        if (identifiedMask === allMask) finish();
        else if (isEnough(identifiedMask)) grace ??= deadlines.add(clock.monotonic() + graceMs, finish);
      };
      if (allMask === 0) finish();
      for (const member of members) member.identify(() => onIdentified(member));
    });
  }

  duplicateError([first, second]: readonly [Member, Member]): DuplicateInstanceError {
    return new DuplicateInstanceError(first.label, second.label, first.identity ?? "");
  }

  async close(): Promise<void> {
    this.#recovery.close();
    this.#notes.close();
    await Promise.all(this.#all.map((member) => member.close()));
  }

  /**
   * One process warning for each cause, because an event reports each instance. No event reports an instance that refuses the
   * client, so each such instance has a warning of its own.
   */
  warn(cause: WarningCause, instance: string, problem: string): void {
    this.#warnOnce(cause, cause === "refused" ? `refused ${instance}` : cause, `${instance}: ${problem}`);
  }

  #warnOnce(cause: WarningCause, subject: string, message: string): void {
    if (this.#warnedSubjects.has(subject)) return;
    this.#warnedSubjects.add(subject);
    process.emitWarning(message, { type: "QuorumlockWarning", code: `QUORUMLOCK_${cause.toUpperCase()}` });
  }

  /** Warns if too few members can vote, so that a developer whose lock does not come learns why. */
  onQuarantined(): void {
    const { members } = this.voters;
    const eligible = members.filter(({ abstention }) => abstention === undefined);
    if (this.voters.hasQuorum(maskOf(eligible))) return;
    const reasons = members.flatMap(({ label, abstention }) =>
      abstention === undefined ? [] : [`\n  ${label}: ${abstention.message}`],
    );
    this.#warnOnce(
      "restart",
      "restart",
      `no lock can be granted now: ${this.voters.needed} are needed, and too few instances can vote:${reasons.join("")}`,
    );
  }

  onEligible(): void {
    this.#notify();
  }

  async #identifyVoters(voters: Voters): Promise<void> {
    await this.identify(voters.members, (identifiedMask) => voters.hasQuorum(identifiedMask));
    this.#isIdentified = true;
    this.#compareServers();
  }

  #place(index: number, member: Member | undefined): void {
    assert(
      (this.#places[index] === undefined) !== (member === undefined),
      "a place has one member at a time",
    );
    this.#places[index] = member;
    this.#all = this.#places.filter((known) => known !== undefined);
  }

  #notify(): void {
    this.#changes += 1;
    for (const onChange of this.#watchers) onChange();
  }

  /**
   * Compares the servers with each other. Must be called when a member was identified, and when the voters changed. `latest`: the member
   * that was identified.
   */
  #compareServers(latest?: Member): void {
    if (latest !== undefined && leaveNameless(latest)) this.#separations += 1;
    let duplicates = this.#findDuplicates();
    if (duplicates !== undefined && separate(duplicates, latest)) {
      this.#separations += 1;
      duplicates = this.#findDuplicates();
    }
    // A conflict ends when one of the two members leads to another server.
    this.#conflict = duplicates === undefined ? undefined : this.duplicateError(duplicates);
    // With the readings of the first two servers alone, a single wrong clock would make both look wrong.
    if (this.#isIdentified) this.#compareClocks();
  }

  #findDuplicates(): readonly [Member, Member] | undefined {
    return this.voters.findDuplicates(({ identity }) => identity);
  }

  #compareClocks(): void {
    const members = this.voters.members.filter(({ clockReading }) => clockReading !== undefined);
    const aheadMs = findFarClocks(
      this.#context.clock,
      members.map(({ clockReading }) => clockReading),
    );
    members.forEach((member, place) => member.judgeClock(aheadMs[place]));
  }
}

/**
 * Lets a member leave the server of another one, if a resolver moved it there. Returns whether it does. Its earlier votes may be in
 * rounds that are in flight. So no vote of the other member counts in these, if its server is only known now.
 */
function separate([first, second]: readonly [Member, Member], latest: Member | undefined): boolean {
  const moved = [second, first].find(
    (member) =>
      member.instance.leaveServer?.(
        `leads to the same server as the instance ${(member === first ? second : first).label}, and a server must not vote twice`,
      ) === true,
  );
  if (moved === undefined) return false;
  if (moved !== latest) (moved === first ? second : first).identifyAgain();
  return true;
}

/**
 * Lets a member leave the server to which a resolver moved it, if that server does not tell its `run_id`: it could be the server of
 * another member. Returns whether it does.
 */
function leaveNameless({ eligibility, identity, instance }: Member): boolean {
  if (!eligibility.isIdentified || identity !== undefined) return false;
  return (
    instance.leaveServer?.(
      "does not tell its run id, so it could be the server of another instance; give the user the right to run INFO",
    ) === true
  );
}

/** Whether a grant that is requested now would count. */
function canVote(member: Member): boolean {
  return member.problem === undefined;
}
