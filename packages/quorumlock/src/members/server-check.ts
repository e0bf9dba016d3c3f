import { takeInstant, type Instant } from "../base/clock.ts";
import type { Deadline } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import type { Instance } from "../instances/port.ts";
import { identify, readReport } from "../operations/identify.ts";
import { keySpaceOf } from "../operations/keys.ts";
import type { Reply } from "../operations/request.ts";
import { type ClockReading, readClock } from "./clocks.ts";
import { type EligibilityContext, EligibilityTracker } from "./eligibility-tracker.ts";
import { RefusedCallError } from "./refused-call.ts";
import type { RequestPipeline } from "./request-pipeline.ts";

export interface ServerCheckContext extends EligibilityContext {
  readonly prefix: string;
}

/** The error of a node of a cluster for a key that another node has. */
const FOREIGN_SLOT = /^(MOVED|CLUSTERDOWN)/;

/**
 * Identifies the server behind a member. On each connection, the identity request precedes every request that could make the
 * server vote. The report decides the eligibility of the server.
 */
export class ServerCheck {
  readonly eligibility: EligibilityTracker;
  readonly #instance: Instance;
  readonly #pipeline: RequestPipeline;
  readonly #context: ServerCheckContext;
  /** The `run_id` of the latest server that reported one. */
  #runId: string | undefined;
  /** Whether the server of the current connection reported it. */
  #isRunIdCurrent = false;
  #clockReading: ClockReading | undefined;
  #isRequested = false;
  #restarts = 0;
  /** Whether the server is a node of a cluster that does not have the slot of the marker. */
  #isForeignSlot = false;
  /** Counts the connections. A reply on a former connection says nothing about the current server. */
  #connection = 0;
  #recheck: Deadline | undefined;
  #isClosed = false;
  #onIdentified: (() => void) | undefined;

  constructor(instance: Instance, pipeline: RequestPipeline, context: ServerCheckContext) {
    this.#instance = instance;
    this.#pipeline = pipeline;
    this.#context = context;
    this.eligibility = new EligibilityTracker(
      instance,
      context,
      () => this.#onIdentified?.(),
      () => (this.#isRequested = false),
    );
  }

  /** The `run_id` of the server; `undefined` if the server of the current connection has not reported it. */
  get identity(): string | undefined {
    return this.#isRunIdCurrent ? this.#runId : undefined;
  }

  get clockReading(): ClockReading | undefined {
    return this.#isRunIdCurrent ? this.#clockReading : undefined;
  }

  /** How often this client has seen another `run_id` than before. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Whether the identity of the current connection's server was requested. */
  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** Requests the identity, now and on each new connection. Calls back each time it is known, or cannot be known now. */
  start(onIdentified: () => void): void {
    this.#onIdentified = onIdentified;
    if (this.#instance.isAvailable) this.requestIdentity();
    else onIdentified();
  }

  /** Requests the identity of the current connection's server, once for each connection. */
  requestIdentity(): void {
    if (this.#isRequested || this.#onIdentified === undefined) return;
    this.#isRequested = true;
    this.#identify();
  }

  /**
   * Requests the identity again, although it may be known. Calls back once: without an error if the server reported itself or refused
   * to, at the latest after the time limit of a request.
   */
  check(onChecked: (error?: InstanceError) => void): void {
    if (!this.#pipeline.canAnswer) {
      onChecked(this.#pipeline.refusal);
      return;
    }
    this.#isRequested = true;
    let isDone = false;
    this.#identify((error) => {
      if (!isDone) onChecked(error);
      isDone = true;
    });
  }

  /** No grant of the server counts before it has reported its identity again. */
  identifyAgain(): void {
    this.onDisconnected();
    if (this.#instance.isAvailable) this.requestIdentity();
  }

  /** The connection broke. The next one may lead to another server. */
  onDisconnected(): void {
    this.#connection += 1;
    this.#isRequested = false;
    this.#isRunIdCurrent = false;
    this.#isForeignSlot = false;
    this.eligibility.onDisconnected();
  }

  /** Notes by how many ms the server's clock is ahead of the other servers' clocks. `undefined` if it is close to them. */
  judgeClock(aheadMs: number | undefined): void {
    this.eligibility.judge("clock", aheadMs === undefined ? undefined : clockProblem(aheadMs));
    this.#scheduleRecheck();
  }

  /** Notes that another client uses another set of servers, as `problem` says. `undefined` if none does. */
  judgeMembership(problem: string | undefined): void {
    this.eligibility.judge("membership", problem);
    this.#scheduleRecheck();
  }

  /** Must be called when the policy has changed. */
  review(): void {
    this.eligibility.review();
    this.#scheduleRecheck();
  }

  close(): void {
    this.#isClosed = true;
    this.#recheck?.cancel();
    // No report will come any more, so callers that wait for the identity must not wait longer.
    this.#onIdentified?.();
  }

  #identify(onAnswered?: (error?: InstanceError) => void): void {
    const { clock, prefix } = this.#context;
    const connection = this.#connection;
    const requestedAt = takeInstant(clock);
    // Called twice if the reply comes after its time limit.
    const onReply = (_memberIndex: number, answer: Reply | InstanceError): void => {
      const isCurrent = connection === this.#connection;
      if (isCurrent) this.#onAnswer(answer, requestedAt);
      else this.#onIdentified?.();
      if (answer instanceof InstanceError && !(isCurrent && isAboutReport(answer))) onAnswered?.(answer);
      else onAnswered?.();
    };
    this.#pipeline.send(identify(this.#isForeignSlot ? undefined : keySpaceOf(prefix).marker), { onReply });
  }

  #onAnswer(answer: Reply | InstanceError, requestedAt: Instant): void {
    if (!(answer instanceof InstanceError)) {
      const report = { ...readReport(answer), ...(this.#isForeignSlot && { marker: undefined }) };
      this.#clockReading = readClock(this.#context.clock, requestedAt, report.timeMs);
      this.#recordRunId(report.runId);
      this.eligibility.onReport(report, requestedAt.monotonic);
      this.#scheduleRecheck();
    } else if (this.#canBeForeign(answer)) {
      this.#isForeignSlot = true;
      this.#identify();
    } else if (isAboutReport(answer)) {
      this.eligibility.onRefusal(answer, requestedAt.monotonic);
    } else {
      // After a time-out the reply may still come. Otherwise it cannot, so the next request identifies again.
      if (answer.code !== "INSTANCE_TIMEOUT") this.#isRequested = false;
      this.eligibility.onFailure(answer);
      this.#onIdentified?.();
    }
  }

  /** Whether the server may be a node of a cluster behind a client for single servers. */
  #canBeForeign({ message }: InstanceError): boolean {
    return !this.#instance.isCluster && !this.#isForeignSlot && FOREIGN_SLOT.test(message);
  }

  #recordRunId(runId: string): void {
    if (runId === "") return;
    const before = this.#runId;
    this.#runId = runId;
    this.#isRunIdCurrent = true;
    if (before === undefined || before === runId) return;
    this.#restarts += 1;
    const instance = this.#instance.label;
    this.#context.events.to("instance:restarted")?.({ instance, before, now: runId });
  }

  /** Identifies a misconfigured server that abstains again later, so that it votes soon after a correction. */
  #scheduleRecheck(): void {
    if (this.#recheck !== undefined || !this.eligibility.isMisconfigured || this.#isClosed) return;
    const { clock, deadlines, policy } = this.#context;
    this.#recheck = deadlines.add(clock.monotonic() + policy.recheckMs, () => {
      this.#recheck = undefined;
      if (this.#instance.isAvailable && !this.#isClosed) this.#identify();
      this.#scheduleRecheck();
    });
  }
}

/** Whether the server could vote, but cannot report itself. A server that refuses this client for good cannot vote either. */
function isAboutReport(answer: InstanceError): boolean {
  const isCallRefused = answer instanceof RefusedCallError;
  return answer.code === "INSTANCE_REPLY" && !isCallRefused && answer.isPermanent !== true;
}

function clockProblem(aheadMs: number): string {
  const distance = `${(Math.abs(aheadMs) / 1_000).toFixed(1)} s`;
  return (
    `its clock is ${distance} ${aheadMs > 0 ? "ahead of" : "behind"} the other servers: ` +
    "if too many servers lose their fencing counters, new ones start at the server's time; synchronize the clock with a time server"
  );
}
