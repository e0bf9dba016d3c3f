import type { Deadline } from "../base/deadlines.ts";
import { DuplicateInstanceError } from "../base/errors.ts";
import type { UnsafeCause } from "../base/events.ts";
import type { Instance } from "../instances/port.ts";
import { findFarClocks } from "./clocks.ts";
import { Voters, maskOf } from "./voters.ts";
import { Member, type MemberContext } from "./member.ts";
import type { EligibilityListener } from "./eligibility.ts";

/** How long the first acquisition waits, at most, for the last member to say which server it is. */
const IDENTITY_PATIENCE_MS = 50;

export interface MembersContext extends Omit<MemberContext, "caution"> {
  readonly driftFactor: number;
  /** `undefined`: with three instances or more. */
  readonly restartGuard: boolean | undefined;
  /** For how long a restarted server abstains, in ms, until a longer ttl is used. */
  readonly windowMs: number;
  readonly strict: boolean;
}

/**
 * All members: those whose votes decide, and those that have left and are only told of releases until they are let go. A
 * member keeps its index, its bit in every mask, for as long as it is here.
 */
export class Members implements EligibilityListener {
  readonly strict: boolean;
  readonly driftFactor: number;
  readonly #context: MembersContext;
  readonly #indexes: (Member | undefined)[] = [];
  #all: readonly Member[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #warned = new Set<string>();
  #electorate = new Voters([]);
  #longestTtlMs: number;
  #conflict: DuplicateInstanceError | undefined;
  #introduced: Promise<void> | undefined;
  /** Whether the members have introduced themselves: nothing to wait for any more. */
  isIdentified = false;

  constructor(context: MembersContext) {
    this.#context = context;
    this.strict = context.strict;
    this.driftFactor = context.driftFactor;
    this.#longestTtlMs = context.windowMs;
  }

  /** Whose votes decide. Another object after each change. */
  get voters(): Voters {
    return this.#electorate;
  }

  /** Also those that have left, as long as they are to be told of releases, and those that are only just introduced. */
  get all(): readonly Member[] {
    return this.#all;
  }

  /** Whether the keys of one request must share a hash slot. */
  get hasCluster(): boolean {
    return this.#electorate.members.some(({ instance }) => instance.isCluster);
  }

  /** Set while two members are known to be one server: nothing may be granted or extended then. */
  get conflict(): DuplicateInstanceError | undefined {
    return this.#conflict;
  }

  /** The largest ttl that was used, in ms; at least the window that was set. */
  get longestTtlMs(): number {
    return this.#longestTtlMs;
  }

  get windowMs(): number {
    const { restartGuard } = this.#context;
    const { current, next } = this.#electorate;
    const on = restartGuard ?? Math.max(current.length, next?.length ?? 0) >= 3;
    return on ? this.#longestTtlMs : 0;
  }

  /** A ttl is used: a server that restarted may have forgotten a lock that lasts for so long. */
  recordTtl(ttlMs: number): void {
    if (ttlMs <= this.#longestTtlMs) return;
    this.#longestTtlMs = ttlMs;
    for (const member of this.all) member.reviewEligibility();
  }

  /** Gives a new member a place. It has no vote yet. */
  add(instance: Instance): Member {
    const free = this.#indexes.indexOf(undefined);
    const index = free < 0 ? this.#indexes.length : free;
    const member = new Member(index, instance, { ...this.#context, caution: this });
    this.#place(index, member);
    return member;
  }

  /** From now on these decide: one set of members, or a majority of each of both. */
  setVoters(current: readonly Member[], next?: readonly Member[]): void {
    this.#electorate = new Voters(current, next);
    for (const member of this.all) member.reviewEligibility();
    this.#compare();
    this.#tell();
  }

  /** Lets go of a member that has no vote any more. */
  async remove(member: Member): Promise<void> {
    if (this.#indexes[member.index] !== member) return;
    this.#place(member.index, undefined);
    await member.close();
  }

  #place(index: number, member: Member | undefined): void {
    this.#indexes[index] = member;
    this.#all = this.#indexes.filter((known) => known !== undefined);
  }

  /**
   * Calls back when a member was met, may vote although it was not expected to yet, or when others decide than before,
   * until the returned function is called.
   */
  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  /**
   * Resolves when every member has said which server it is or failed to; when a quorum has, the others get a
   * short grace. Waits only the first time: afterwards each connection is checked as it comes.
   */
  identifyAll(): Promise<void> {
    const electorate = this.#electorate;
    this.#introduced ??= this.identify(electorate.members, (met) => electorate.hasQuorum(met)).then(() => {
      this.isIdentified = true;
      this.#compare();
    });
    return this.#introduced;
  }

  /** As `introduce`, for some of them; `enough` says of how many the others need not be waited for. */
  identify(members: readonly Member[], enough: (met: number) => boolean): Promise<void> {
    return new Promise<void>((resolve) => {
      const { clock, deadlines, requestTimeoutMs } = this.#context;
      const all = maskOf(members);
      let met = 0;
      let grace: Deadline | undefined;
      const done = (): void => {
        grace?.cancel();
        resolve();
      };
      if (all === 0) done();
      for (const member of members) {
        member.identify(() => {
          this.#compare();
          this.#tell();
          met |= 1 << member.index;
          const patience = Math.min(IDENTITY_PATIENCE_MS, requestTimeoutMs);
          if (met === all) done();
          else if (enough(met)) grace ??= deadlines.add(clock.monotonic() + patience, done);
        });
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((member) => member.close()));
  }

  /** One process warning for each cause: an event tells of each instance. */
  warn(cause: UnsafeCause, message: string): void {
    if (this.#warned.has(cause)) return;
    this.#warned.add(cause);
    process.emitWarning(message, { type: "QuorumlockWarning", code: `QUORUMLOCK_${cause.toUpperCase()}` });
  }

  /** Where too few are left to vote, whoever waits for a lock should learn why. */
  onQuarantined(): void {
    const voting = this.#electorate.members.filter((member) => member.abstention === undefined);
    if (this.#electorate.hasQuorum(maskOf(voting))) return;
    const reasons = this.#electorate.members.flatMap(({ label, abstention }) =>
      abstention === undefined ? [] : [`\n  ${label}: ${abstention.message}`],
    );
    this.warn(
      "restart",
      `no lock can be granted for now, ${this.#electorate.needed} are needed:${reasons.join("")}`,
    );
  }

  onEligible(): void {
    this.#tell();
  }

  #tell(): void {
    for (const changed of this.#watchers) changed();
  }

  duplicateError([first, second]: readonly [Member, Member]): DuplicateInstanceError {
    return new DuplicateInstanceError(first.label, second.label, first.identity ?? "");
  }

  /** A member has said which server it is, or another set decides. */
  #compare(): void {
    const twins = this.#electorate.findDuplicates(({ identity }) => identity);
    // That one of them is another server now may have ended it.
    this.#conflict = twins === undefined ? undefined : this.duplicateError(twins);
    // The clocks of the first to answer say little: two that differ would both be blamed.
    if (this.isIdentified) this.#compareClocks();
  }

  #compareClocks(): void {
    const members = this.#electorate.members.filter(({ clockReading }) => clockReading !== undefined);
    const far = findFarClocks(
      this.#context.clock,
      members.map(({ clockReading }) => clockReading),
    );
    members.forEach((member, index) => member.judgeClock(far[index]));
  }
}
