import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { MAX_NOTE_LIFE_MS } from "../operations/limits.ts";
import type { Reply } from "../operations/request.ts";
import { noteSet, type OtherNote, readOtherNotes } from "../operations/set-note.ts";
import type { Member } from "./member.ts";
import {
  canBothDecide,
  describeSet,
  formatSet,
  type NotedServers,
  type NotedSet,
  parseSet,
} from "./noted-set.ts";
import type { AnswerListener } from "./request-pipeline.ts";
import type { Voters } from "./voters.ts";

export interface NotesContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly prefix: string;
  /** The owner label of the client, for the messages of other clients. */
  readonly owner: string;
}

/** The members, as the notes see them. */
export interface NotedMembers {
  readonly all: readonly Member[];
  readonly voters: Voters;
  readonly isStrict: boolean;
  /** The longest ttl that was used, in ms; at least the configured window. */
  readonly longestTtlMs: number;
  /** The problem of the set has begun or ended. */
  onSetJudged(): void;
}

/** The longest ttl decides how often a note is renewed, within these bounds, in ms. */
const MIN_RENEW_MS = 1_000;
const MAX_RENEW_MS = 60_000;
/** A note lasts for so many renewals, so that a client that is used every few minutes is compared as well. */
const RENEWALS_PER_LIFE = 60;
/** Two sets may differ for so many renewals: while a set is being changed, or until a restart is noticed everywhere. */
const TOLERATED_RENEWALS = 4;
/** How long a note waits for members that do not answer, in ms. */
const PATIENCE_MS = 500;

/** What a client noted last. */
interface Noted {
  readonly voters: Voters;
  readonly text: string;
}

/**
 * Leaves a note of this client's set of servers on each of them, and compares it with the notes of other clients (protocol §10). Two
 * clients with different sets could both hold a lock.
 *
 * A note is sent when it is due and the voters have answered since then. So only a client that is in use renews its notes, no timer is
 * needed, and a note lists only servers that this client has just reached.
 */
export class SetNotes implements AnswerListener {
  /** The note is sent after answers to requests that are sent from then on. */
  dueAt = -Infinity;
  readonly #context: NotesContext;
  readonly #members: NotedMembers;
  /** Bits of the members that have answered since `dueAt`. */
  #answeredMask = 0;
  /** When the first request of those that were answered was sent. */
  #firstSentAt = Infinity;
  /** From when on the note does not wait for further members. */
  #giveUpAt = Infinity;
  #noted: Noted | undefined;
  /** The problem that was found on each member. */
  readonly #problems = new Map<Member, string>();
  /** Ends each problem with the note that shows it, in strict mode. */
  readonly #ends = new Map<Member, Deadline>();

  constructor(context: NotesContext, members: NotedMembers) {
    this.#context = context;
    this.#members = members;
  }

  /** The time between two notes of a client that is in use, in ms. */
  get renewMs(): number {
    return renewMsOf(this.#members);
  }

  /** Why the set of servers can grant a lock twice; `undefined` if no note shows that. */
  get problem(): string | undefined {
    const [found] = this.#problems;
    return found && `${found[0].label}: ${found[1]}`;
  }

  onAnswer(memberIndex: number, sentAt: number): void {
    const now = this.#context.clock.monotonic();
    const { voters } = this.#members;
    this.#answeredMask |= 1 << memberIndex;
    this.#firstSentAt = Math.min(this.#firstSentAt, sentAt);
    if (this.#giveUpAt === Infinity) this.#giveUpAt = now + PATIENCE_MS;
    const haveAllAnswered =
      (voters.allMask & ~this.#answeredMask) === 0 &&
      voters.members.every(({ eligibility }) => eligibility.isIdentified);
    if (haveAllAnswered || now >= this.#giveUpAt) this.#send(voters);
  }

  /** The voters have changed. The next note deletes the note of the set before. */
  onVotersChanged(): void {
    if (this.dueAt === Infinity) return;
    this.#startAgain(this.#noted === undefined ? -Infinity : this.#context.clock.monotonic());
    for (const member of this.#members.all) this.#judge(member, undefined);
  }

  close(): void {
    this.dueAt = Infinity;
    for (const end of this.#ends.values()) end.cancel();
  }

  #startAgain(dueAt: number): void {
    this.dueAt = dueAt;
    this.#answeredMask = 0;
    this.#firstSentAt = Infinity;
    this.#giveUpAt = Infinity;
  }

  #send(voters: Voters): void {
    const { prefix, owner } = this.#context;
    const answered = voters.members.filter(({ index }) => (this.#answeredMask & (1 << index)) !== 0);
    const text = formatSet(notedSetOf(voters, answered));
    const before = this.#noted;
    const former =
      before !== undefined && before.voters !== voters && before.text !== text ? before.text : "";
    const set = parseSet(text) ?? [];
    this.#noted = { voters, text };
    this.#startAgain(this.#firstSentAt + this.renewMs);
    const { renewMs } = this;
    const lifeMs = RENEWALS_PER_LIFE * renewMs;
    const request = noteSet(keySpaceOf(prefix).notes, {
      set: text,
      former,
      lifeMs,
      freshMs: renewMs / 2,
      owner,
    });
    for (const member of answered.filter(canHaveNote)) {
      const onReply = (_index: number, answer: Reply | InstanceError): void => {
        // A server that refuses the note says nothing about other clients.
        if (!(answer instanceof InstanceError) && this.#members.voters === voters)
          this.#compare(member, set, readOtherNotes(answer));
      };
      member.send(request, { onReply });
    }
  }

  #compare(member: Member, ours: NotedSet, others: readonly OtherNote[]): void {
    const { renewMs } = this;
    const isKnown = this.#problems.has(member);
    // Once the sets are known to differ, each renewal counts: their notes may have a new text because a server is down.
    const other = others.find((note) => isConflict(ours, note, isKnown ? undefined : renewMs));
    this.#judge(member, other && describeProblem(ours, other));
    this.#ends.get(member)?.cancel();
    if (other === undefined || !this.#members.isStrict) return;
    const { clock, deadlines } = this.#context;
    // A server that is down then cannot show whether the problem has ended. The others must not abstain for ever.
    const end = deadlines.add(clock.monotonic() + Math.min(other.remainingMs, MAX_NOTE_LIFE_MS), () =>
      this.#judge(member, undefined),
    );
    this.#ends.set(member, end);
  }

  #judge(member: Member, problem: string | undefined): void {
    const before = this.problem;
    if (problem !== undefined) this.#problems.set(member, problem);
    else if (!this.#problems.delete(member)) return;
    member.judgeMembership(problem);
    if (this.problem !== before) this.#members.onSetJudged();
  }
}

export function renewMsOf({ longestTtlMs }: Pick<NotedMembers, "longestTtlMs">): number {
  return Math.min(MAX_RENEW_MS, Math.max(MIN_RENEW_MS, longestTtlMs));
}

/**
 * Whether clients of the noted set and of ours could hold the same lock, and both were in use for longer than a change of the set, or a
 * restart, explains. `renewMs`: `undefined` if their sets are known to differ.
 */
export function isConflict(
  ours: NotedSet,
  { set, sharedMs }: OtherNote,
  renewMs: number | undefined,
): boolean {
  const isLong = renewMs === undefined || sharedMs > TOLERATED_RENEWALS * renewMs;
  return isLong && canBothDecide(ours, parseSet(set) ?? ours);
}

/** The set of a client, with the servers that have answered. */
export function notedSetOf(voters: Voters, answered: readonly Member[]): NotedSet {
  const lists = [voters.current, ...(voters.next === undefined ? [] : [voters.next])];
  return lists.map((list) => notedServers(list, answered));
}

/** A cluster has no run id: each node has one, and the node that has the marker changes. */
function notedServers(list: readonly Member[], answered: readonly Member[]): NotedServers {
  const runIds = list.flatMap((member) => {
    const { identity, instance } = member;
    return identity !== undefined && answered.includes(member) && !instance.isCluster ? [identity] : [];
  });
  return { size: list.length, runIds };
}

/**
 * Whether a note can be sent to the member. It must be identified.
 *
 * A node of a cluster behind a client for single servers need not have the hash slot of the notes.
 */
export function canHaveNote({ report, instance }: Member): boolean {
  return report !== undefined && (report.mode !== "cluster" || instance.isCluster);
}

function describeProblem(ours: NotedSet, { set, owner }: OtherNote): string {
  return (
    `a client with the owner label ${JSON.stringify(owner)} uses another set of servers with the same prefix, ` +
    `${describeSet(parseSet(set) ?? [])}, and this client uses ${describeSet(ours)}: both can hold a lock at the same time, ` +
    "also with the same fencing token; list the same servers in every client, and change the list only with `reconfigure`"
  );
}
