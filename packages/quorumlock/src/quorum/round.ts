import { InstanceError, type InstanceFailure } from "../errors.ts";
import type { Ballot } from "../members/member.ts";
import type { Members } from "../members/members.ts";
import { type Reply, type Request, YES } from "../operations/request.ts";

export type AnswerListener = (member: number, answer: Reply | InstanceError) => void;

export interface RoundOptions {
  /** The votes that decide it. @default the quorum */
  readonly needed?: number;
  /** Bits of the members to ask. @default all */
  readonly only?: number;
  /** Ask also those that will not answer in time: for what undoes an earlier request. */
  readonly always?: boolean;
}

/**
 * One request to all members at once (protocol §4). Decided as soon as enough have said yes, or as soon as
 * that can no longer be; the slowest member is never waited for.
 */
export class Round implements Ballot {
  readonly #members: Members;
  readonly #needed: number;
  #listener: AnswerListener | undefined;
  readonly #answers: (Reply | InstanceError | undefined)[];
  #pending = 0;
  #yes = 0;
  #sending = true;
  #decide: (() => void) | undefined;
  /** Resolves, never rejects, when the round is decided. */
  readonly decided: Promise<void>;
  /** Bits of the members that the request was sent to. */
  readonly sent: number;

  constructor(members: Members, request: Request, options: RoundOptions = {}) {
    this.#members = members;
    this.#needed = options.needed ?? members.quorum;
    this.#answers = members.list.map(() => undefined);
    this.decided = new Promise((resolve) => (this.#decide = resolve));
    let sent = 0;
    for (const member of members.list) {
      const bit = 1 << member.index;
      if (options.only !== undefined && (options.only & bit) === 0) continue;
      this.#pending += 1;
      if (member.ask(request, this, options.always === true)) sent |= bit;
    }
    this.sent = sent;
    this.#sending = false;
    this.#count();
  }

  answered(member: number, answer: Reply | InstanceError): void {
    // A late reply comes after the abstention it was counted as. It changes no count, only what is known.
    if (this.#answers[member] === undefined) {
      this.#answers[member] = answer;
      this.#pending -= 1;
      if (isYes(answer)) this.#yes += 1;
      this.#count();
    }
    this.#listener?.(member, answer);
  }

  /** Tells of every answer there is, and then of those that come, also after the decision. */
  listen(listener: AnswerListener): void {
    this.#answers.forEach((answer, member) => answer !== undefined && listener(member, answer));
    this.#listener = listener;
  }

  /** The largest number that came with a yes, and how many gave it. */
  get highest(): { readonly value: number; readonly count: number } {
    let value = 0;
    let count = 0;
    for (const answer of this.#answers) {
      if (answer === undefined || !isYes(answer)) continue;
      const given = Number(answer[1]);
      if (given > value) [value, count] = [given, 0];
      if (given === value) count += 1;
    }
    return { value, count };
  }

  /** Whether enough members said yes. */
  get won(): boolean {
    return this.#yes >= this.#needed;
  }

  get yes(): number {
    return this.#yes;
  }

  /** The replies of the members that said yes. */
  get granted(): readonly Reply[] {
    return this.#answers.filter((answer): answer is Reply => answer !== undefined && isYes(answer));
  }

  /** The replies of the members that said no. */
  get refused(): readonly Reply[] {
    return this.#answers.filter(
      (answer): answer is Reply =>
        answer !== undefined && !(answer instanceof InstanceError) && !isYes(answer),
    );
  }

  /** The members that abstained, and why. */
  get failures(): readonly InstanceFailure[] {
    return this.#members.list.flatMap(({ index, label }) => {
      const answer = this.#answers[index];
      return answer instanceof InstanceError ? [{ instance: label, error: answer }] : [];
    });
  }

  /** The members that were asked and had not answered by the decision. */
  get silent(): readonly InstanceFailure[] {
    return this.#members.list.flatMap(({ index, label }) =>
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
    if (this.#sending || this.#decide === undefined) return;
    if (!this.won && this.#yes + this.#pending >= this.#needed) return;
    this.#decide();
    this.#decide = undefined;
  }
}

function isYes(answer: Reply | InstanceError): answer is Reply {
  return !(answer instanceof InstanceError) && answer[0] === YES;
}
