import { assert } from "../base/assert.ts";
import type { Deadline } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import { toSafeError } from "../base/safe-error.ts";
import type { Events } from "../base/events.ts";
import type { Instance } from "../instances/port.ts";
import { type Reply, type Request, undoAfterLaterRequests } from "../operations/request.ts";
import { Batch, type ReplyHandler, type ReviewGrant } from "./batch.ts";
import { callError, notForGood, RefusedCallError } from "./refused-call.ts";
import { ReplyWatch, type ReplyWatchListener } from "./reply-watch.ts";
import { SetupWatch, type SetupWatchContext } from "./setup-watch.ts";

const NO_HANDLER: ReplyHandler = { onReply: () => undefined };

/** Maximum number of undo requests kept for the next connection. Older requests are dropped, and the keys of their locks expire. */
const MAX_UNDO_LOG = 10_000;

/** The first pause before undo requests are sent again that the server refused. It doubles up to the maximum. */
const FIRST_UNDO_PAUSE_MS = 1_000;
const MAX_UNDO_PAUSE_MS = 32_000;

/** Learns which members answer. */
export interface AnswerListener {
  /** Answers to requests that were sent before this moment of the monotonic clock are not reported. */
  readonly dueAt: number;
  /** The member has answered requests that were sent at `sentAt`. Their handlers have the replies. */
  onAnswer(memberIndex: number, sentAt: number): void;
}

export interface PipelineContext extends SetupWatchContext {
  readonly events: Events;
  readonly answerListener: AnswerListener;
}

/** A time in which the server does not answer, or answers every call with an error. */
interface Outage {
  /** The latest reason. */
  readonly error: InstanceError;
  /** Since when the server does not answer; `undefined` if it answers with errors. */
  readonly silentSince: number | undefined;
  /** When the error came. */
  readonly errorAt: number;
  /** Whether the server refused the client with this error, and the connection broke after it. */
  readonly isBeforeBreak: boolean;
}

/**
 * Sends requests to one instance and passes the replies on. Knows nothing about votes.
 *
 * All requests of a tick are one batch. Its handlers receive an error if no reply comes within the time limit.
 *
 * - Up: no outage. Down: an outage began with a batch that failed or timed out, or with a broken connection. It ends with
 *   the next reply, unless the pipeline is overdue.
 * - Silent: the oldest batch waits for much longer than usual. Determined only if a handler wants to know (`watchSilence`).
 *   Ends with the next reply.
 * - Overdue: the oldest batch has timed out and has no reply yet. Only undo requests are sent then, because the backlog of
 *   a hung server must stay bounded. Ends with the late reply or with a new connection.
 * - Closed: nothing is sent any more.
 *
 * Undo requests that were lost with a connection go to the undo log. They are sent again once the server answers.
 */
export class RequestPipeline implements ReplyWatchListener {
  readonly #memberIndex: number;
  readonly #instance: Instance;
  readonly #context: PipelineContext;
  readonly #reviewGrant: ReviewGrant;
  #filling = new Batch();
  /** Sent batches without a reply, oldest first. Batches that timed out stay until the reply or a new connection comes. */
  #inFlight: Batch[] = [];
  readonly #replyWatch: ReplyWatch;
  readonly #setupWatch: SetupWatch;
  #undoLog: Request[] = [];
  #undoRetry: Deadline | undefined;
  #undoPauseMs = FIRST_UNDO_PAUSE_MS;
  #outage: Outage | undefined;
  /** `unused`: the server has carried out nothing on the present connection. `closed`: there is none, or it was not opened here. */
  #connection: "unused" | "used" | "closed" = "closed";
  /** Whether undo requests wait for the first reply, because a server that refused the client ended the connection. They can be why. */
  #holdsUndos = false;
  #isClosed = false;
  #onDrained: (() => void) | undefined;

  constructor(memberIndex: number, instance: Instance, context: PipelineContext, reviewGrant: ReviewGrant) {
    this.#memberIndex = memberIndex;
    this.#instance = instance;
    this.#context = context;
    this.#reviewGrant = reviewGrant;
    this.#replyWatch = new ReplyWatch(context, this);
    this.#setupWatch = new SetupWatch(instance, context);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the server is connected and up. */
  get isReachable(): boolean {
    return this.#outage === undefined && this.#instance.isAvailable;
  }

  /** Whether a request that is sent now can be answered in time. */
  get canAnswer(): boolean {
    return !this.#isClosed && !this.#isOverdue && this.#instance.isAvailable;
  }

  /** The error that stands for a request that is not sent. */
  get refusal(): InstanceError {
    if (this.#outage === undefined) {
      const { advice = "not connected" } = this.#instance;
      return this.#setupWatch.explain(new InstanceError("INSTANCE_UNAVAILABLE", advice));
    }
    const { error, errorAt, isBeforeBreak } = this.#outage;
    // The server can have been set up correctly while there was no connection.
    return this.#setupWatch.explain(isBeforeBreak && !this.#isRecent(errorAt) ? notForGood(error) : error);
  }

  /** Since when the server does not answer, by the monotonic clock. `undefined` if it answers, or if that was not noticed yet. */
  get silentSince(): number | undefined {
    return this.#outage?.silentSince;
  }

  /** Whether the server is quiet for much longer than usual. False if nothing called `watchSilence` since the last reply. */
  get isSilent(): boolean {
    return this.#replyWatch.isSilent;
  }

  /** Calls `onSilence` of the handlers in flight if the server is silent. */
  watchSilence(): void {
    this.#replyWatch.watchSilence();
  }

  get oldestBatch(): Batch | undefined {
    return this.#inFlight.find(({ state }) => state === "inFlight");
  }

  onSilence(): void {
    for (const batch of this.#inFlight) if (batch.state === "inFlight") batch.reportSilence();
  }

  onTimeLimit(now: number): void {
    const { requestTimeoutMs } = this.#context;
    const late = this.#inFlight.filter(
      ({ state, sentAt }) => state === "inFlight" && sentAt + requestTimeoutMs <= now,
    );
    if (late.length === 0) return;
    const limitMs = Math.round(requestTimeoutMs);
    const error = new InstanceError("INSTANCE_TIMEOUT", `no answer within ${limitMs} ms`);
    this.#markDown(error);
    const reason = this.#setupWatch.explain(error);
    for (const batch of late) batch.abstain(this.#memberIndex, reason);
    this.#setupWatch.onNoAnswer(late[0]!.sentAt);
  }

  get #isOverdue(): boolean {
    return this.#inFlight[0]?.state === "abstained";
  }

  /**
   * Sends the request if it can be answered. Otherwise the handler receives an error at once; an undo request is still
   * sent, so that the server carries it out when it can. Returns whether the request was sent.
   */
  send(request: Request, handler: ReplyHandler): boolean {
    if (this.canAnswer) {
      this.#enqueue(request, handler);
      return true;
    }
    const isSent = request.operation.isUndo && !this.#isClosed;
    if (isSent) this.#enqueue(request, NO_HANDLER);
    if (!this.#isClosed) this.#setupWatch.onNoAnswer(this.#context.clock.monotonic());
    handler.onReply(this.#memberIndex, this.refusal);
    return isSent;
  }

  /**
   * A new connection. Batches that timed out were sent on another connection, or waited for this one. They say nothing
   * about the server's speed now.
   */
  onConnected(): void {
    this.#replyWatch.onConnectionChanged();
    this.#setupWatch.onConnectionChanged();
    this.#connection = "unused";
    const former = this.#inFlight.filter(({ state }) => state === "abstained");
    this.#inFlight = this.#inFlight.filter(({ state }) => state === "inFlight");
    this.#giveUp(
      former,
      new InstanceError("INSTANCE_UNAVAILABLE", "the connection was replaced by another one"),
    );
  }

  /** The connection broke. No request in flight will be answered in time. */
  onDisconnected(reason: Error): void {
    this.#replyWatch.onConnectionChanged();
    this.#setupWatch.onConnectionChanged();
    const error = this.#markDown(callError(toSafeError(reason), false));
    if (this.#connection === "unused" && error.isPermanent === true) this.#holdsUndos = true;
    this.#connection = "closed";
    const lost = this.#inFlight;
    this.#inFlight = [];
    // They are the first requests on the next connection, so they cannot remove a place in line that this client takes later.
    this.#logUndos(lost, (undo) => undo);
    this.#giveUp(lost, error);
    this.#onDrained?.();
  }

  /** There is no connection, and an attempt to make one has failed. The client library continues. */
  onConnectionError(error: Error): void {
    this.#setupWatch.onConnectionError(error);
  }

  /** Sends the undo requests again that a broken connection lost, or that the server refused. */
  resendUndoLog(): void {
    if (!this.#holdsUndos) this.#resendUndos();
  }

  #resendUndos(): void {
    this.#undoRetry?.cancel();
    this.#undoRetry = undefined;
    for (const request of this.#undoLog.splice(0)) this.#enqueue(request, NO_HANDLER);
  }

  /** Sends the current batch, then accepts no more requests. Resolves when all replies came, or after the time limit. */
  async drain(): Promise<void> {
    this.#flush();
    this.#isClosed = true;
    this.#replyWatch.close();
    this.#setupWatch.close();
    if (!this.#inFlight.some(({ state }) => state === "inFlight")) return;
    const { clock, deadlines, requestTimeoutMs } = this.#context;
    await new Promise<void>((resolve) => {
      const limit = deadlines.add(clock.monotonic() + requestTimeoutMs, resolve);
      this.#onDrained = () => {
        limit.cancel();
        resolve();
      };
    });
  }

  /** Ends the batches that `drain` did not wait for. */
  close(): void {
    assert(this.#isClosed, "a pipeline is drained before it is closed");
    this.#undoRetry?.cancel();
    this.#giveUp(this.#inFlight, new InstanceError("INSTANCE_UNAVAILABLE", "the client was closed"));
  }

  #enqueue(request: Request, handler: ReplyHandler): void {
    const { requests, handlers } = this.#filling;
    if (requests.length === 0) this.#context.clock.nextTick(this.#flush);
    requests.push(request);
    handlers.push(handler);
  }

  readonly #flush = (): void => {
    const batch = this.#filling;
    if (batch.requests.length === 0) return;
    this.#filling = new Batch();
    batch.markSent(this.#context.clock.monotonic());
    this.#inFlight.push(batch);
    this.#replyWatch.onSent();
    this.#instance.run(batch.requests).then(
      (replies) => this.#onReplies(batch, replies),
      (error: unknown) => this.#onFailure(batch, toSafeError(error)),
    );
  };

  #onReplies(batch: Batch, replies: readonly Reply[]): void {
    // A batch that was given up was sent on a former connection. Its replies say nothing about the present one.
    if (this.#remove(batch)) {
      this.#replyWatch.onReply(batch);
      this.#setupWatch.onAnswer();
      this.#connection = "used";
      if (this.#undoLog.length === 0) this.#undoPauseMs = FIRST_UNDO_PAUSE_MS;
      if (!this.#isOverdue) this.#markUp();
    }
    const refusal = batch.answer(this.#memberIndex, replies, this.#reviewGrant);
    if (refusal !== undefined) this.#setupWatch.onRefusal(refusal);
    const { answerListener } = this.#context;
    if (batch.sentAt >= answerListener.dueAt) answerListener.onAnswer(this.#memberIndex, batch.sentAt);
  }

  #onFailure(batch: Batch, cause: Error): void {
    // A batch that was lost with its connection is already in the undo log.
    if (!this.#remove(batch)) return;
    this.#replyWatch.onReply(batch);
    const isRefused = this.#instance.isAvailable;
    this.#logUndos([batch], isRefused ? undoAfterLaterRequests : (undo) => undo);
    this.#scheduleUndos();
    const error = callError(cause, isRefused);
    // Several requests can be several calls. Then the error answers one of them, and the others can be on the way.
    const isAnswered = error instanceof RefusedCallError && batch.requests.length === 1;
    if (batch.state === "abstained") {
      batch.failLate(this.#memberIndex, error, isAnswered);
      return;
    }
    batch.abstain(this.#memberIndex, this.#markDown(error), isAnswered);
  }

  /**
   * The connection works, but the server refuses requests, for example with BUSY. Without other traffic no reply would show that it
   * accepts them again. The pause doubles, and ends after a minute: then the keys have usually expired.
   */
  #scheduleUndos(): void {
    const isNeeded = this.#undoLog.length > 0 && this.#instance.isAvailable && !this.#isClosed;
    if (!isNeeded || this.#undoRetry !== undefined || this.#undoPauseMs > MAX_UNDO_PAUSE_MS) return;
    const { clock, deadlines } = this.#context;
    this.#undoRetry = deadlines.add(clock.monotonic() + this.#undoPauseMs, () => {
      this.#undoRetry = undefined;
      // A new connection sends them anyway.
      if (this.#instance.isAvailable && !this.#isClosed) this.#resendUndos();
    });
    this.#undoPauseMs *= 2;
  }

  /** Returns whether the batch was still in the list. */
  #remove(batch: Batch): boolean {
    const place = this.#inFlight.indexOf(batch);
    if (place === 0) this.#inFlight.shift();
    else if (place > 0) this.#inFlight.splice(place, 1);
    if (this.#inFlight.length === 0) this.#onDrained?.();
    return place >= 0;
  }

  /** No reply to these batches will come any more. */
  #giveUp(batches: readonly Batch[], error: InstanceError): void {
    for (const batch of batches) {
      if (batch.state === "inFlight") batch.abstain(this.#memberIndex, error);
      else if (batch.state === "abstained") batch.failLate(this.#memberIndex, error);
    }
  }

  #logUndos(batches: readonly Batch[], laterForm: (undo: Request) => Request | undefined): void {
    for (const { requests } of batches) {
      for (const request of requests) {
        const later = request.operation.isUndo ? laterForm(request) : undefined;
        if (later !== undefined) this.#undoLog.push(later);
      }
    }
    const excess = this.#undoLog.length - MAX_UNDO_LOG;
    if (excess > 0) this.#undoLog.splice(0, excess);
    assert(this.#undoLog.length <= MAX_UNDO_LOG, "the undo log is within its bound");
  }

  /** Returns the reason of the outage: the error, or a refusal before it that says more. */
  #markDown(error: InstanceError): InstanceError {
    if (this.#isClosed) return error;
    const before = this.#outage?.silentSince;
    const isSilent = !(error instanceof RefusedCallError);
    const now = this.#context.clock.monotonic();
    const silentSince = before ?? (isSilent ? now : undefined);
    const refused = this.#refusalBefore(error);
    const reason = refused?.error ?? error;
    this.#outage = {
      error: reason,
      silentSince,
      errorAt: refused?.errorAt ?? now,
      isBeforeBreak: refused !== undefined,
    };
    const hasBegun = before === undefined && isSilent;
    if (!isSilent) this.#setupWatch.onAnswer();
    this.#setupWatch.onFailure(error);
    if (hasBegun)
      this.#context.events.to("instance:down")?.({
        instance: this.#instance.label,
        error: this.#setupWatch.explain(error),
      });
    return reason;
  }

  /** A server that refuses the client for good can end the connection soon after that. Then its refusal says more than the break. */
  #refusalBefore({ code }: InstanceError): Outage | undefined {
    const outage = this.#outage;
    const isBreak = code === "INSTANCE_UNAVAILABLE" && this.#connection === "unused";
    return isBreak && outage?.error.isPermanent === true && this.#isRecent(outage.errorAt)
      ? outage
      : undefined;
  }

  #isRecent(at: number): boolean {
    return this.#context.clock.monotonic() - at <= this.#context.requestTimeoutMs;
  }

  /** Sends the undo log. Undo requests that were held come after other requests of this connection. */
  #releaseUndos(): void {
    if (this.#holdsUndos) this.#undoLog = this.#undoLog.flatMap((undo) => undoAfterLaterRequests(undo) ?? []);
    this.#holdsUndos = false;
    this.#resendUndos();
  }

  #markUp(): void {
    if (this.#outage === undefined || this.#isClosed) return;
    const { silentSince } = this.#outage;
    this.#outage = undefined;
    this.#releaseUndos();
    if (silentSince === undefined) return;
    const downMs = this.#context.clock.monotonic() - silentSince;
    assert(downMs >= 0, "an outage ends after it began");
    this.#context.events.to("instance:up")?.({ instance: this.#instance.label, downMs });
  }
}
