import type { InstanceError } from "../base/errors.ts";
import type { Instance } from "../instances/port.ts";
import type { ServerReport } from "../operations/identify.ts";
import type { Request } from "../operations/request.ts";
import type { ReplyHandler } from "./batch.ts";
import type { ClockReading } from "./clocks.ts";
import { ALWAYS, NOT_FORESEEABLE } from "./eligibility.ts";
import type { EligibilityTracker } from "./eligibility-tracker.ts";
import { type PipelineContext, RequestPipeline } from "./request-pipeline.ts";
import { ServerCheck, type ServerCheckContext } from "./server-check.ts";
import type { ServerMemory } from "./server-memory.ts";

export type MemberContext = ServerCheckContext & PipelineContext;

/**
 * An instance with an index among the members. It has two parts: the pipeline sends requests, and the server check decides
 * whether grants of the server count. A grant that does not count becomes an abstention. The server may have carried it out, so
 * the caller undoes it like any other grant.
 */
export class Member {
  /** The member's bit in every mask is `1 << index`. */
  readonly index: number;
  readonly instance: Instance;
  readonly #pipeline: RequestPipeline;
  readonly #serverCheck: ServerCheck;
  readonly eligibility: EligibilityTracker;
  readonly #stopObserving: () => void;
  readonly #context: MemberContext;
  /**
   * Since when there is no connection, by the monotonic clock; `-Infinity` if it works. Without a first connection: since the
   * member exists, or since it began to connect.
   */
  #disconnectedAt: number;
  #closing: Promise<void> | undefined;

  constructor(index: number, instance: Instance, context: MemberContext) {
    this.index = index;
    this.instance = instance;
    this.#context = context;
    this.#pipeline = new RequestPipeline(index, instance, context, (answer, sentAt) =>
      this.eligibility.reviewGrant(answer, sentAt),
    );
    this.#serverCheck = new ServerCheck(instance, this.#pipeline, context);
    this.eligibility = this.#serverCheck.eligibility;
    this.#disconnectedAt = instance.isAvailable ? -Infinity : context.clock.monotonic();
    this.#stopObserving = instance.observe({
      onConnected: () => this.#onConnected(),
      onDisconnected: (error) => this.#onDisconnected(error),
      onError: (error) => this.#pipeline.onConnectionError(error),
    });
  }

  get label(): string {
    return this.instance.label;
  }

  get isClosed(): boolean {
    return this.#pipeline.isClosed;
  }

  /** The `run_id` of the server; `undefined` if the server of the current connection has not reported it. */
  get identity(): string | undefined {
    return this.#serverCheck.identity;
  }

  /** How far the server's clock is from this process's clock; `undefined` under the same condition as `identity`. */
  get clockReading(): ClockReading | undefined {
    return this.#serverCheck.clockReading;
  }

  /** What the server of the current connection reported; `undefined` if it has not. */
  get report(): ServerReport | undefined {
    return this.eligibility.report;
  }

  /** Whether the server still has all its fencing counters; `undefined` under the same condition. */
  get memory(): ServerMemory | undefined {
    return this.eligibility.memory;
  }

  /** Why a grant would not count now. `undefined` if it would, or if the server is unidentified. */
  get abstention(): InstanceError | undefined {
    return this.eligibility.abstention;
  }

  /** When its grants begin to count, by the monotonic clock; `Infinity` if that is not known. */
  get eligibleAt(): number {
    if (!this.#pipeline.isReachable || !this.eligibility.isIdentified) return NOT_FORESEEABLE;
    return this.eligibility.eligibleAt;
  }

  /** As `eligibleAt`, and the end of its quarantine while its counters must still be recovered. */
  get expectedAt(): number {
    if (!this.#pipeline.isReachable || !this.eligibility.isIdentified) return NOT_FORESEEABLE;
    return this.eligibility.expectedAt;
  }

  /**
   * While a connection is being made, for the first time or again, it counts as slow and not as down, for as long as a request may
   * take. The end of that time, by the monotonic clock. A moment in the past if no connection is being made.
   */
  get reconnectsBy(): number {
    const isClosed = this.isClosed || this.instance.advice !== undefined;
    return isClosed ? -Infinity : this.#disconnectedAt + this.#context.requestTimeoutMs;
  }

  /** Why the member cannot vote now, as far as that is known. */
  get problem(): InstanceError | undefined {
    return this.#pipeline.isReachable ? this.eligibility.problem : this.#pipeline.refusal;
  }

  /** How often this client has seen another `run_id` than before. */
  get restarts(): number {
    return this.#serverCheck.restarts;
  }

  /** Since when it does not answer or has no connection, by the monotonic clock; `undefined` if neither is known. */
  get silentSince(): number | undefined {
    const { silentSince } = this.#pipeline;
    if (silentSince !== undefined) return silentSince;
    return this.#disconnectedAt === -Infinity || this.instance.isAvailable ? undefined : this.#disconnectedAt;
  }

  /** Whether its reply is much later than usual, as far as `watchSilence` has determined it. */
  get isSilent(): boolean {
    return this.#pipeline.isSilent;
  }

  /** Calls `onSilence` of the handlers whose reply is much later than usual. */
  watchSilence(): void {
    this.#pipeline.watchSilence();
  }

  /**
   * Sends the request, unless it cannot be answered in time or its grant would not count. Then the handler receives an
   * error at once. An undo request is sent nevertheless. Returns whether the request was sent.
   */
  send(request: Request, handler: ReplyHandler): boolean {
    if (request.operation.isGrant && this.eligibility.eligibleAt !== ALWAYS && !this.#pipeline.isClosed) {
      const { abstention } = this.eligibility;
      if (abstention !== undefined) {
        handler.onReply(this.index, abstention);
        return false;
      }
    }
    // The identity request must precede every request that could make the server vote.
    if (!this.#serverCheck.isRequested && this.#pipeline.canAnswer) this.#serverCheck.requestIdentity();
    return this.#pipeline.send(request, handler);
  }

  /** Identifies the server, now and on each new connection. Calls back each time the identity is known, or cannot be known now. */
  identify(onIdentified: () => void): void {
    const { instance } = this;
    if (!instance.isAvailable && instance.connect?.() === true)
      this.#disconnectedAt = this.#context.clock.monotonic();
    this.#serverCheck.start(onIdentified);
  }

  /** Requests a report of the server. Resolves to why there is none, at the latest after the time limit of a request. */
  check(): Promise<InstanceError | undefined> {
    return new Promise((resolve) => this.#serverCheck.check(resolve));
  }

  /** No grant of its server counts before it is identified again. */
  identifyAgain(): void {
    this.#serverCheck.identifyAgain();
  }

  /** Must be called when the policy has changed, for example the window of the restart guard. */
  reviewEligibility(): void {
    this.#serverCheck.review();
  }

  /** Notes by how many ms the server's clock is ahead of the other servers' clocks. `undefined` if it is close to them. */
  judgeClock(aheadMs: number | undefined): void {
    this.#serverCheck.judgeClock(aheadMs);
  }

  /** Notes that another client uses another set of servers, as `problem` says. `undefined` if none does. */
  judgeMembership(problem: string | undefined): void {
    this.#serverCheck.judgeMembership(problem);
  }

  /** Sends the current batch, waits for replies within the time limit, and closes the instance. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#pipeline.drain();
    this.#stopObserving();
    this.#serverCheck.close();
    this.#pipeline.close();
    await this.instance.close();
  }

  #onConnected(): void {
    this.#disconnectedAt = -Infinity;
    this.#pipeline.onConnected();
    this.#serverCheck.requestIdentity();
    this.#pipeline.resendUndoLog();
  }

  #onDisconnected(error: Error): void {
    // The client library may report each attempt to connect that fails.
    if (this.#disconnectedAt === -Infinity) this.#disconnectedAt = this.#context.clock.monotonic();
    // The check goes first, because handlers that receive the error must see an unidentified server.
    this.#serverCheck.onDisconnected();
    this.#pipeline.onDisconnected(error);
  }
}
