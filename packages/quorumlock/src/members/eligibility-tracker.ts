import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import type { Deadlines } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import type { Events, UnsafeCause } from "../base/events.ts";
import type { Instance } from "../instances/port.ts";
import type { ServerReport } from "../operations/identify.ts";
import { NO_MARKER } from "../operations/marker.ts";
import { isYes, type Reply } from "../operations/request.ts";
import {
  abstentionAt,
  ALWAYS,
  decideEligibility,
  type Eligibility,
  type EligibilityListener,
  type EligibilityPolicy,
  ineligibilityError,
  quarantineEndsAt,
  quarantineMessage,
} from "./eligibility.ts";
import { findMisconfigurations } from "./misconfigurations.ts";
import {
  afterDisconnect,
  afterLoss,
  afterMarker,
  afterRefusal,
  afterReport,
  type Durability,
  hasRestored,
  latestLoss,
  lossOfMarkerAt,
  NO_FACTS,
  type ServerFacts,
} from "./server-facts.ts";
import type { ServerMemory } from "./server-memory.ts";

/** The error of a server that has become a replica. */
const CHANGED_ROLE = /\bREADONLY\b/;
/** The problems that no report of the server alone can show. */
export type ComparedCause = "clock" | "membership";

/** The states in which a server has still to do something before it can vote. */
const OPEN_STATES: ReadonlySet<Eligibility["state"]> = new Set(["unidentified", "incomplete"]);
/** A quarantine that ends later by at most this is the same one, and is not reported again. */
const SAME_QUARANTINE_MS = 1_000;

export interface EligibilityContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly requestTimeoutMs: number;
  readonly policy: EligibilityPolicy;
  readonly listener: EligibilityListener;
}

/**
 * The facts about the server behind one member, and the eligibility that follows from them. A quarantine and a
 * misconfiguration are reported once, by an event. Requests `appendfsync`, the only fact that a report does not contain.
 */
export class EligibilityTracker {
  readonly #instance: Instance;
  readonly #context: EligibilityContext;
  /** Called each time that a report or a refusal has led to a decision. */
  readonly #onDecided: () => void;
  /** Called when a grant failed because the server became a replica. Its data may be those of another server then. */
  readonly #onRoleChanged: () => void;
  #facts: ServerFacts = NO_FACTS;
  #eligibility: Eligibility;
  /** The same as in `#eligibility`. A field of its own, because each request reads it. */
  #eligibleAt: number;
  /** Why the server does not report its identity, or why its memory cannot be made complete, if that does not end by waiting. */
  #obstacle: InstanceError | undefined;
  /** Called when a request for the durability was answered, or has timed out. */
  onDurabilityKnown: (() => void) | undefined;
  /** The end of the latest quarantine that an event reported. */
  #reportedQuarantineEnd: number | undefined;

  constructor(
    instance: Instance,
    context: EligibilityContext,
    onDecided: () => void,
    onRoleChanged: () => void,
  ) {
    this.#instance = instance;
    this.#context = context;
    this.#onDecided = onDecided;
    this.#onRoleChanged = onRoleChanged;
    this.#eligibility = decideEligibility(this.#facts, context.policy);
    this.#eligibleAt = this.#eligibility.eligibleAt;
  }

  /** Grants count if they were requested at this moment of the monotonic clock or later. */
  get eligibleAt(): number {
    return this.#eligibleAt;
  }

  /** As `eligibleAt`. While the counters must still be recovered: the end of the quarantine, after which they are. */
  get expectedAt(): number {
    return this.#eligibility.state === "incomplete" ? this.#eligibility.expectedAt : this.#eligibleAt;
  }

  get isIdentified(): boolean {
    return this.#facts.requestedAt !== undefined;
  }

  get isMisconfigured(): boolean {
    return this.#eligibility.state === "misconfigured";
  }

  /** The problems of the server and of the set, in the order in which they were found. */
  get misconfigurations(): ReadonlyMap<UnsafeCause, string> {
    return this.#facts.misconfigurations;
  }

  /** Whether the server abstains until its quarantine is over or its fencing counters are recovered. */
  get isQuarantined(): boolean {
    const { state, eligibleAt } = this.#eligibility;
    return (
      state === "incomplete" || (state === "quarantined" && eligibleAt > this.#context.clock.monotonic())
    );
  }

  /** Whether the server refused a step that makes its memory complete, for a reason that does not end by waiting. */
  get isRecoveryRefused(): boolean {
    return this.#obstacle !== undefined && this.#eligibility.state === "incomplete";
  }

  /** Why a grant would not count now. `undefined` if it would, or if the server is unidentified. */
  get abstention(): InstanceError | undefined {
    const { clock, policy } = this.#context;
    const abstention = abstentionAt(this.#eligibility, clock.monotonic(), policy.quarantineAdvice);
    return abstention && (this.#obstacle ?? abstention);
  }

  /** As `abstention`, with an error also for a server that is unidentified. */
  get problem(): InstanceError | undefined {
    if (this.isIdentified) return this.abstention;
    return this.#ineligibility;
  }

  /** The latest report; `undefined` if the server of the current connection has not reported. */
  get report(): ServerReport | undefined {
    return this.isIdentified ? this.#facts.report : undefined;
  }

  /** The memory of the server; `undefined` if the server of the current connection has not reported. */
  get memory(): ServerMemory | undefined {
    return this.isIdentified ? this.#facts.memory : undefined;
  }

  /** Whether the server has read everything that the process before it had. `undefined` if that is not known yet. */
  get hasRestored(): boolean | undefined {
    const { mayHaveRestored, durability } = this.#facts;
    return mayHaveRestored && durability === "requested" ? undefined : hasRestored(this.#facts);
  }

  /** Whether this client has seen that the server, or the one before it at this address, lost data. */
  get isKnownLoss(): boolean {
    const { start, emptiedAt } = this.#facts;
    return emptiedAt !== undefined || start?.kind === "restarted" || start?.kind === "replaced";
  }

  /** Until when the server may lack locks, by the monotonic clock. `ALWAYS` if it lacks none. */
  get quarantineEndsAt(): number {
    return quarantineEndsAt(this.#facts, this.#context.policy);
  }

  /** When a server without its marker lost it, by the monotonic clock; `undefined` if that is not known. */
  get lossOfMarkerAt(): number | undefined {
    return lossOfMarkerAt(this.#facts, this.#context.policy.windowMs, this.#context.clock.monotonic());
  }

  get facts(): ServerFacts {
    return this.#facts;
  }

  /** The server has this marker. `requestedAt`: when the request for it was sent. `serverTimeMs`: when it was read, by its clock. */
  onMarker(marker: string, serverTimeMs: number, requestedAt: number): void {
    if (!this.isIdentified || this.#facts.report === undefined) return;
    const now = this.#context.clock.monotonic();
    this.#facts = afterMarker(this.#facts, marker, serverTimeMs, requestedAt, now);
    // The server carries out a part of a step that it refused before, so the refusal is old.
    this.#obstacle = undefined;
    this.review();
  }

  /** A grant that does not count becomes an error. Any other answer is left as it is. */
  reviewGrant(answer: Reply | InstanceError, sentAt: number): Reply | InstanceError {
    if (answer instanceof InstanceError && answer.message.includes(NO_MARKER)) {
      this.#onMemoryLost();
      if (this.#eligibility.state === "eligible") return answer;
      return this.#ineligibility;
    }
    if (answer instanceof InstanceError && CHANGED_ROLE.test(answer.message)) this.#onRoleChanged();
    if (sentAt >= this.#eligibleAt || answer instanceof Error || !isYes(answer)) return answer;
    return this.#ineligibility;
  }

  /**
   * The server did not report its identity, or did not carry out a step that makes its memory complete. An error that does not end
   * by waiting is the reason until the server does it.
   */
  onFailure(error: InstanceError): void {
    const isObstacle = error.isPermanent === true && OPEN_STATES.has(this.#eligibility.state);
    this.#obstacle = isObstacle ? error : undefined;
    if (isObstacle) this.#context.listener.warn("refused", this.#instance.label, error.message);
  }

  /** The error that replaces a grant which does not count. */
  get #ineligibility(): InstanceError {
    const { clock, policy } = this.#context;
    return (
      this.#obstacle ?? ineligibilityError(this.#eligibility, clock.monotonic(), policy.quarantineAdvice)
    );
  }

  /** The server reported its identity; the request was sent at `requestedAt`. */
  onReport(report: ServerReport, requestedAt: number): void {
    const { clock, policy } = this.#context;
    const now = clock.monotonic();
    const { start } = this.#facts;
    this.#facts = afterReport(this.#facts, report, requestedAt, now);
    this.#obstacle = undefined;
    if (this.#facts.start !== start) this.#reportedQuarantineEnd = undefined;
    const found = findMisconfigurations(report, this.#instance.isCluster);
    this.#setMisconfigurations(mergeMisconfigurations(this.#facts.misconfigurations, found));
    this.review();
    // The answer may not matter now. It matters after the next restart of the server.
    const mayMatter = policy.windowMs > 0 || this.#facts.memory?.state === "older";
    if (this.#facts.durability === "unknown" && mayMatter) this.requestDurability();
    if (!this.#isDurabilityDecisive(now)) this.#onDecided();
  }

  /** The server refused to report its identity; the request was sent at `requestedAt`. */
  onRefusal(error: Error, requestedAt: number): void {
    this.#obstacle = undefined;
    this.#facts = afterRefusal(this.#facts, error, requestedAt, this.#context.clock.monotonic());
    this.review();
    this.#onDecided();
  }

  /** The server has neither a counter nor a marker, although its memory was complete. */
  #onMemoryLost(): void {
    if (!this.isIdentified || this.#facts.memory?.state !== "complete") return;
    this.#facts = afterLoss(this.#facts, this.#context.clock.monotonic());
    this.review();
    this.#onDecided();
  }

  /** The connection broke. The next one may lead to another server. */
  onDisconnected(): void {
    this.#facts = afterDisconnect(this.#facts, this.#context.clock.monotonic());
    this.#obstacle = undefined;
    this.review();
  }

  /** Notes a problem that a comparison with other servers or clients has found. `undefined` if it has found none. */
  judge(cause: ComparedCause, problem: string | undefined): void {
    const misconfigurations = new Map(this.#facts.misconfigurations);
    if (problem === undefined) misconfigurations.delete(cause);
    else misconfigurations.set(cause, problem);
    this.#setMisconfigurations(misconfigurations);
    this.review();
  }

  /** Decides again. Must be called when a fact or the policy has changed. */
  review(): void {
    const { clock, policy, listener } = this.#context;
    const now = clock.monotonic();
    const before = this.#eligibleAt;
    this.#eligibility = decideEligibility(this.#facts, policy);
    this.#eligibleAt = this.#eligibility.eligibleAt;
    // Any other state says that the server has reported its identity, and that its memory is complete.
    if (!OPEN_STATES.has(this.#eligibility.state)) this.#obstacle = undefined;
    if (this.#eligibleAt < before && before > now) listener.onEligible();
    if (!this.#mayLackLocks(now)) return;
    const isVolatile = !this.#facts.mayHaveRestored || this.#facts.durability === "volatile";
    if (isVolatile || this.#facts.emptiedAt !== undefined) this.#reportQuarantine(now);
    else if (this.#facts.durability === "unknown") this.requestDurability();
  }

  /** Whether the window after the server's start is not over. */
  #mayLackLocks(now: number): boolean {
    return this.isIdentified && quarantineEndsAt(this.#facts, this.#context.policy) > now;
  }

  /** Whether an answer that has not come yet can end the quarantine. */
  #isDurabilityDecisive(now: number): boolean {
    if (this.#facts.durability !== "requested" || !this.#facts.mayHaveRestored) return false;
    return this.#mayLackLocks(now) || this.#facts.memory?.state === "older";
  }

  /** Requests `appendfsync`. A server that does not answer in time counts as volatile until it answers. */
  requestDurability(): void {
    assert(this.#facts.durability === "unknown", "the durability is requested once for each report");
    const { clock, deadlines, requestTimeoutMs } = this.#context;
    const { report } = this.#facts;
    this.#setDurability("requested");
    let isAwaited = this.#isDurabilityDecisive(clock.monotonic());
    const onAnswer = (fsync: string | undefined): void => {
      limit.cancel();
      // If a later report came, it has sent a request of its own.
      if (this.#facts.report === report) {
        this.#setDurability(fsync === "always" ? "durable" : "volatile");
        this.review();
        // A late answer also decides how the server gets its counters back.
        isAwaited ||= this.memory?.state === "older";
      }
      if (isAwaited) this.#onDecided();
      isAwaited = false;
      this.onDurabilityKnown?.();
    };
    const limit = deadlines.add(clock.monotonic() + requestTimeoutMs, () => onAnswer(undefined));
    void this.#instance.readSetting("appendfsync").then(onAnswer);
  }

  #setDurability(durability: Durability): void {
    this.#facts = { ...this.#facts, durability };
  }

  #reportQuarantine(now: number): void {
    const { events, policy, listener } = this.#context;
    const loss = latestLoss(this.#facts);
    assert(loss !== undefined, "a server that may lack locks has a start");
    const endsAt = quarantineEndsAt(this.#facts, policy);
    // A client that notes the loss by a restart moves the end by a round trip.
    if (endsAt <= (this.#reportedQuarantineEnd ?? ALWAYS) + SAME_QUARANTINE_MS) return;
    this.#reportedQuarantineEnd = endsAt;
    const abstainsMs = endsAt - now;
    const message = quarantineMessage(loss, abstainsMs, now);
    events.to("instance:unsafe")?.({ instance: this.#instance.label, cause: "restart", message, abstainsMs });
    listener.onQuarantined();
  }

  /** Reports the misconfigurations that are new. */
  #setMisconfigurations(misconfigurations: ReadonlyMap<UnsafeCause, string>): void {
    const { events, policy, listener } = this.#context;
    const before = this.#facts.misconfigurations;
    this.#facts = { ...this.#facts, misconfigurations };
    const instance = this.#instance.label;
    const abstainsMs = policy.isStrict ? Infinity : 0;
    for (const [cause, message] of misconfigurations) {
      if (before.has(cause)) continue;
      events.to("instance:unsafe")?.({ instance, cause, message, abstainsMs });
      listener.warn(cause, instance, message);
    }
  }
}

/**
 * Replaces the misconfigurations of earlier reports by those of a new report. A report has none of a `ComparedCause`, so these stay.
 * The causes keep their order.
 */
function mergeMisconfigurations(
  known: ReadonlyMap<UnsafeCause, string>,
  found: ReadonlyMap<UnsafeCause, string>,
): ReadonlyMap<UnsafeCause, string> {
  const isCompared = (cause: UnsafeCause): boolean => cause === "clock" || cause === "membership";
  const kept = [...known].filter(([cause]) => isCompared(cause) || found.has(cause));
  return new Map([...kept, ...found]);
}
