import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import type { Deadlines } from "../base/deadlines.ts";
import type { InstanceError } from "../base/errors.ts";
import type { Events, UnsafeCause } from "../base/events.ts";
import type { Instance } from "../instances/port.ts";
import type { ServerReport } from "../operations/identify.ts";
import { isYes, type Reply } from "../operations/request.ts";
import {
  abstentionAt,
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
  afterRefusal,
  afterReport,
  type Durability,
  NO_FACTS,
  type ServerFacts,
} from "./server-facts.ts";

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
  #facts: ServerFacts = NO_FACTS;
  #eligibility: Eligibility;
  /** The same as in `#eligibility`. A field of its own, because each request reads it. */
  #eligibleAt: number;
  /** The end of the latest quarantine that an event reported. */
  #reportedQuarantineEnd: number | undefined;

  constructor(instance: Instance, context: EligibilityContext, onDecided: () => void) {
    this.#instance = instance;
    this.#context = context;
    this.#onDecided = onDecided;
    this.#eligibility = decideEligibility(this.#facts, context.policy);
    this.#eligibleAt = this.#eligibility.eligibleAt;
  }

  /** Grants count if they were requested at this moment of the monotonic clock or later. */
  get eligibleAt(): number {
    return this.#eligibleAt;
  }

  get isIdentified(): boolean {
    return this.#facts.requestedAt !== undefined;
  }

  get isMisconfigured(): boolean {
    return this.#eligibility.state === "misconfigured";
  }

  /** Why a grant would not count now. `undefined` if it would, or if the server is unidentified. */
  get abstention(): InstanceError | undefined {
    return abstentionAt(this.#eligibility, this.#context.clock.monotonic());
  }

  /** As `abstention`, with an error also for a server that is unidentified. */
  get problem(): InstanceError | undefined {
    if (this.isIdentified) return this.abstention;
    return ineligibilityError(this.#eligibility, this.#context.clock.monotonic());
  }

  /** A grant that does not count becomes an error. Any other answer is left as it is. */
  reviewGrant(answer: Reply | InstanceError, sentAt: number): Reply | InstanceError {
    if (sentAt >= this.#eligibleAt || answer instanceof Error || !isYes(answer)) return answer;
    return ineligibilityError(this.#eligibility, this.#context.clock.monotonic());
  }

  /** The server reported its identity; the request was sent at `requestedAt`. */
  onReport(report: ServerReport, requestedAt: number): void {
    const { clock, policy } = this.#context;
    const now = clock.monotonic();
    this.#facts = afterReport(this.#facts, report, requestedAt, now);
    const found = findMisconfigurations(report, this.#instance.isCluster);
    this.#setMisconfigurations(mergeMisconfigurations(this.#facts.misconfigurations, found));
    this.review();
    // The answer may not matter now. It matters after the next restart of the server.
    if (this.#facts.durability === "unknown" && policy.windowMs > 0) this.#requestDurability();
    if (!this.#isDurabilityDecisive(now)) this.#onDecided();
  }

  /** The server refused to report its identity; the request was sent at `requestedAt`. */
  onRefusal(error: Error, requestedAt: number): void {
    this.#facts = afterRefusal(this.#facts, error, requestedAt, this.#context.clock.monotonic());
    this.review();
    this.#onDecided();
  }

  /** The connection broke. The next one may lead to another server. */
  onDisconnected(): void {
    this.#facts = afterDisconnect(this.#facts, this.#context.clock.monotonic());
    this.review();
  }

  /** The server's clock is too far from the others', as `problem` says. `undefined` if it is close. */
  judgeClock(problem: string | undefined): void {
    const misconfigurations = new Map(this.#facts.misconfigurations);
    if (problem === undefined) misconfigurations.delete("clock");
    else misconfigurations.set("clock", problem);
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
    if (this.#eligibleAt < before && before > now) listener.onEligible();
    if (!this.#mayLackLocks(now)) return;
    if (!this.#facts.mayHaveRestored || this.#facts.durability === "volatile") this.#reportQuarantine(now);
    else if (this.#facts.durability === "unknown") this.#requestDurability();
  }

  /** Whether the window after the server's start is not over. */
  #mayLackLocks(now: number): boolean {
    return this.isIdentified && quarantineEndsAt(this.#facts, this.#context.policy) > now;
  }

  /** Whether an answer that has not come yet can end the quarantine. */
  #isDurabilityDecisive(now: number): boolean {
    return this.#facts.durability === "requested" && this.#facts.mayHaveRestored && this.#mayLackLocks(now);
  }

  /** Requests `appendfsync`. A server that does not answer in time counts as volatile until it answers. */
  #requestDurability(): void {
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
      }
      if (isAwaited) this.#onDecided();
      isAwaited = false;
    };
    const limit = deadlines.add(clock.monotonic() + requestTimeoutMs, () => onAnswer(undefined));
    void this.#instance.readSetting("appendfsync").then(onAnswer);
  }

  #setDurability(durability: Durability): void {
    this.#facts = { ...this.#facts, durability };
  }

  #reportQuarantine(now: number): void {
    const { events, policy, listener } = this.#context;
    const { start } = this.#facts;
    assert(start !== undefined, "a server that may lack locks has a start");
    const endsAt = quarantineEndsAt(this.#facts, policy);
    if (endsAt === this.#reportedQuarantineEnd) return;
    this.#reportedQuarantineEnd = endsAt;
    const abstainsMs = endsAt - now;
    const message = quarantineMessage(start, abstainsMs, now);
    events.emit("instance:unsafe", { instance: this.#instance.label, cause: "restart", message, abstainsMs });
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
      events.emit("instance:unsafe", { instance, cause, message, abstainsMs });
      listener.warn(cause, `${instance}: ${message}`);
    }
  }
}

/**
 * Replaces the misconfigurations of earlier reports by those of a new report. A report has no misconfiguration of the clock, so
 * that one stays. The causes keep their order.
 */
function mergeMisconfigurations(
  known: ReadonlyMap<UnsafeCause, string>,
  found: ReadonlyMap<UnsafeCause, string>,
): ReadonlyMap<UnsafeCause, string> {
  const kept = [...known].filter(([cause]) => cause === "clock" || found.has(cause));
  return new Map([...kept, ...found]);
}
