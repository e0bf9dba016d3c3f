import { InstanceError, type InstanceFailure } from "../errors.ts";
import type { Ballot } from "../members/member.ts";
import type { Members } from "../members/members.ts";
import { type Reply, type Request, YES } from "../operations/request.ts";

export interface RoundOptions {
  /** The votes that decide it. @default the quorum */
  readonly needed?: number;
  /** Bits of the members to ask. @default all */
  readonly only?: number;
  /** Ask also those that will not answer in time: for what undoes an earlier request. */
  readonly always?: boolean;
  /** Told of every answer as it comes, also of those that come after the decision. */
  readonly onAnswer?: (member: number, answer: Reply | InstanceError) => void;
}

/**
 * One request to all members at once (protocol §4). Decided as soon as enough have said yes, or as soon as
 * that can no longer be; the slowest member is never waited for.
 */
export class Round implements Ballot {
  readonly #members: Members;
  readonly #needed: number;
  readonly #onAnswer: RoundOptions["onAnswer"];
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
    this.#onAnswer = options.onAnswer;
    this.#answers = Array.from({ length: members.list.length });
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
    this.#onAnswer?.(member, answer);
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

function isYes(answer: Reply | InstanceError): boolean {
  return !(answer instanceof InstanceError) && answer[0] === YES;
}
