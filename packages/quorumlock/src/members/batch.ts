import { assert } from "../base/assert.ts";
import { InstanceError } from "../base/errors.ts";
import { FAILED, type Reply, type Request, YES } from "../operations/request.ts";
import { refusedRequest } from "./refused-call.ts";

/**
 * Receives the answer of each member that a request was sent to. An `InstanceError` is an abstention. A reply or an error that
 * comes after the abstention is passed on as well.
 */
export interface ReplyHandler {
  /**
   * `isAnswered`: the server has answered this request, also if that was an error. Otherwise the request was not sent, or the server
   * can still carry it out.
   */
  onReply(memberIndex: number, answer: Reply | InstanceError, isAnswered?: boolean): void;
  /** The member is silent: its reply is much later than usual, and may still come. */
  onSilence?(): void;
}

/** Decides whether the answer to a request that grants counts. Returns the answer, or the error that replaces it. */
export type ReviewGrant = (answer: Reply | InstanceError, sentAt: number) => Reply | InstanceError;

/**
 * One write to the server. Its states:
 *
 * - `filling`: takes the requests of the current tick.
 * - `inFlight`: sent, without a reply yet.
 * - `abstained`: failed, timed out, or lost with its connection. Its handlers received an error.
 * - `answered`: its handlers received the replies. An `abstained` batch can still become `answered`, by a late reply.
 */
export class Batch {
  readonly requests: Request[] = [];
  /** The handler of each request, in the same order. */
  readonly handlers: ReplyHandler[] = [];
  state: "filling" | "inFlight" | "abstained" | "answered" = "filling";
  /** When the batch was sent, by the monotonic clock. NaN while it is filling, so that no comparison with it is true. */
  sentAt = Number.NaN;

  markSent(now: number): void {
    assert(this.state === "filling" && this.requests.length > 0, "a batch is sent once, and not empty");
    this.state = "inFlight";
    this.sentAt = now;
  }

  reportSilence(): void {
    for (const handler of this.handlers) handler.onSilence?.();
  }

  abstain(memberIndex: number, error: InstanceError, isAnswered = false): void {
    assert(this.state === "inFlight", "only a batch in flight abstains, and once");
    this.state = "abstained";
    for (const handler of this.handlers) handler.onReply(memberIndex, error, isAnswered);
  }

  /** No reply will come any more. Its handlers received an error when it abstained, and receive this one as well. */
  failLate(memberIndex: number, error: InstanceError, isAnswered = false): void {
    assert(this.state === "abstained", "only a batch that abstained fails late");
    for (const handler of this.handlers) handler.onReply(memberIndex, error, isAnswered);
  }

  /** Returns why the server refused one of the requests for good; `undefined` if it refused none so. */
  answer(
    memberIndex: number,
    replies: readonly Reply[],
    reviewGrant: ReviewGrant,
  ): InstanceError | undefined {
    assert(this.state === "inFlight" || this.state === "abstained", "a batch that was sent is answered once");
    this.state = "answered";
    const { requests, handlers, sentAt } = this;
    let refusal: InstanceError | undefined;
    for (let place = 0; place < handlers.length; place += 1) {
      const answer = toAnswer(replies[place]);
      if (answer instanceof InstanceError && answer.isPermanent === true) refusal ??= answer;
      // The replies are reviewed in order: the first may be the identity, which decides whether the next one counts.
      const isGrant = requests[place]?.operation.isGrant === true;
      handlers[place]?.onReply(memberIndex, isGrant ? reviewGrant(answer, sentAt) : answer, true);
    }
    return refusal;
  }
}

/** Instances report a yes with one number in two ways: as the number, or as a list. Both become the number. */
function toAnswer(reply: Reply | undefined): Reply | InstanceError {
  if (reply === undefined) return new InstanceError("INSTANCE_REPLY", "the reply is missing");
  if (typeof reply === "number") return reply;
  const [status, first] = reply;
  if (status === FAILED) return refusedRequest(String(first));
  return status === YES && reply.length === 2 && typeof first === "number" ? first : reply;
}
