import { InstanceError, type InstanceFailure } from "../base/errors.ts";
import type { Voters } from "../members/voters.ts";
import type { ReplyHandler, Member } from "../members/member.ts";
import { isYes, type Reply, type ReplyList, type Request } from "../operations/request.ts";

export type ReplyListener = (member: number, answer: Reply | InstanceError) => void;

export interface RoundOptions {
  /** Among whom to ask. @default those whose votes decide */
  readonly members?: readonly Member[];
  /** Bits of the members to ask. @default all */
  readonly only?: number;
  /** Bits of the members that need not be asked to know that they would say yes. @default none */
  readonly given?: number;
}

/**
 * One request to all members at once (protocol §4). Decided as soon as a majority of each set has said yes, or as soon as
 * that can no longer be; the slowest member is never waited for. Members are the bits of their indexes.
 */
export class Round implements ReplyHandler {
  readonly voters: Voters;
  readonly #members: readonly Member[];
  /** Most rounds have none. */
  #listeners: ReplyListener[] | undefined;
  readonly #answers: (Reply | InstanceError | undefined)[];
  #pending = 0;
  #yes: number;
  #sending = true;
  #isDecided = false;
  #onDecided: (() => void) | undefined;
  /** Bits of the members that the request was sent to. */
  readonly sent: number;

  constructor(electorate: Voters, request: Request, options: RoundOptions = {}) {
    this.voters = electorate;
    this.#members = options.members ?? electorate.members;
    this.#yes = options.given ?? 0;
    this.#answers = electorate.emptyReplies();
    let sent = 0;
    for (const member of this.#members) {
      const bit = 1 << member.index;
      if (options.only !== undefined && (options.only & bit) === 0) continue;
      this.#pending |= bit;
      if (member.send(request, this)) sent |= bit;
    }
    this.sent = sent;
    this.#sending = false;
    this.#count();
  }

  onReply(member: number, answer: Reply | InstanceError): void {
    // A late reply comes after the abstention it was counted as. It changes no count, only what is known.
    if (this.#answers[member] === undefined) {
      this.#answers[member] = answer;
      const bit = 1 << member;
      this.#pending &= ~bit;
      if (!(answer instanceof InstanceError) && isYes(answer)) this.#yes |= bit;
      this.#count();
    }
    this.#listeners?.forEach((listener) => listener(member, answer));
  }

  /** Calls back once it is decided, at once where it is already. One call can be waiting. */
  whenDecided(callback: () => void): void {
    if (this.#isDecided) callback();
    else this.#onDecided = callback;
  }

  /** Resolves, never rejects, when the round is decided. Made when it is asked for: one call back is enough for most. */
  get decided(): Promise<void> {
    return new Promise((resolve) => this.whenDecided(resolve));
  }

  /** Tells of every answer there is, and then of those that come, also after the decision. */
  listen(listener: ReplyListener): void {
    this.#answers.forEach((answer, member) => answer !== undefined && listener(member, answer));
    (this.#listeners ??= []).push(listener);
  }

  /** The largest number that came with a yes, whatever its sign, who gave it, and whether any number was below 0. */
  get highest(): { readonly value: number; readonly by: number; readonly negative: boolean } {
    let value = 0;
    let by = 0;
    let negative = false;
    for (const { index } of this.#members) {
      const answer = this.#answers[index];
      if (typeof answer !== "number") continue;
      if (answer < 0) negative = true;
      const given = Math.abs(answer);
      if (given > value) {
        value = given;
        by = 0;
      }
      if (given === value) by |= 1 << index;
    }
    return { value, by, negative };
  }

  /** Whether enough members said yes. */
  get won(): boolean {
    return this.voters.hasQuorum(this.#yes);
  }

  /** Who said yes. */
  get yes(): number {
    return this.#yes;
  }

  /** Who said no. */
  get no(): number {
    let mask = 0;
    for (const { index } of this.#members) {
      if (isNo(this.#answers[index])) mask |= 1 << index;
    }
    return mask;
  }

  /** Who abstained. */
  get abstained(): number {
    let mask = 0;
    for (const { index } of this.#members)
      if (this.#answers[index] instanceof InstanceError) mask |= 1 << index;
    return mask;
  }

  /**
   * From when on those who abstained because they may not vote yet leave enough others to win, by the monotonic clock.
   * 0 where they are not what is missing.
   */
  get quorumPossibleAt(): number {
    const at: number[] = [];
    for (const { index } of this.#members) {
      const answer = this.#answers[index];
      at[index] = answer instanceof InstanceError ? (answer.abstainsUntil ?? 0) : 0;
    }
    return this.voters.earliest(at);
  }

  /** The replies of the members that said no. */
  get refused(): readonly ReplyList[] {
    return this.#answers.filter(isNo);
  }

  /** The members that abstained, and why. */
  get failures(): readonly InstanceFailure[] {
    return this.#members.flatMap(({ index, label }) => {
      const answer = this.#answers[index];
      return answer instanceof InstanceError ? [{ instance: label, error: answer }] : [];
    });
  }

  /** The members that were asked and had not answered by the decision. */
  get silent(): readonly InstanceFailure[] {
    return this.#members.flatMap(({ index, label }) =>
      this.#answers[index] === undefined && (this.sent & (1 << index)) !== 0
        ? [
            {
              instance: label,
              error: new InstanceError("INSTANCE_TIMEOUT", "had not answered by then"),
            },
          ]
        : [],
    );
  }

  #count(): void {
    if (this.#sending || this.#isDecided) return;
    if (!this.won && this.voters.hasQuorum(this.#yes | this.#pending)) return;
    this.#isDecided = true;
    this.#onDecided?.();
    this.#onDecided = undefined;
  }
}

function isNo(answer: Reply | InstanceError | undefined): answer is ReplyList {
  return Array.isArray(answer) && !isYes(answer as ReplyList);
}
