import { assert } from "../base/assert.ts";
import { instant, type Instant } from "../base/clock.ts";
import type { Deadline } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import type { UnsafeCause } from "../base/events.ts";
import type { Instance } from "../instances/port.ts";
import { identify, readReport, type ServerReport } from "../operations/identify.ts";
import { isYes, type Reply } from "../operations/request.ts";
import { type ClockReading, readClock } from "./clocks.ts";
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
import type { PipelineContext, RequestPipeline } from "./request-pipeline.ts";
import {
  afterDisconnect,
  afterRefusal,
  afterReport,
  NO_FACTS,
  type Durability,
  type ServerFacts,
} from "./server-facts.ts";

export interface ServerCheckContext extends PipelineContext {
  readonly prefix: string;
  readonly policy: EligibilityPolicy;
  readonly listener: EligibilityListener;
}

/** How long a misconfigured server that abstains is left alone until it is asked again. */
const RECHECK_MS = 10_000;

/**
 * Finds out which server stands behind a member, and keeps its eligibility up to date.
 *
 * The server of each connection is asked for its identity before anything that could make it vote. A restart and a
 * misconfiguration are reported by an event, once. The facts are in server-facts.ts, the decision in eligibility.ts.
 */
export class ServerCheck {
  readonly #instance: Instance;
  readonly #pipeline: RequestPipeline;
  readonly #context: ServerCheckContext;
  #facts: ServerFacts = NO_FACTS;
  #eligibility: Eligibility;
  /** The same as in `#eligibility`. A field of its own, because each request reads it. */
  #eligibleAt: number;
  /** The `run_id` of the latest server that reported one. */
  #runId: string | undefined;
  /** Whether the server of the current connection reported it. */
  #isRunIdCurrent = false;
  #clockReading: ClockReading | undefined;
  /** Whether the server of the current connection was asked for its identity. */
  #isAsked = false;
  /** Counts the connections. A reply on a former connection says nothing about the current server. */
  #connection = 0;
  /** The end of the quarantine that was reported last. */
  #reportedQuarantineEnd: number | undefined;
  #recheck: Deadline | undefined;
  #isClosed = false;
  #onIdentified: (() => void) | undefined;

  constructor(instance: Instance, pipeline: RequestPipeline, context: ServerCheckContext) {
    this.#instance = instance;
    this.#pipeline = pipeline;
    this.#context = context;
    this.#eligibility = decideEligibility(this.#facts, context.policy);
    this.#eligibleAt = this.#eligibility.eligibleAt;
  }

  /** The server's `run_id`, if the server of the current connection reported it. */
  get identity(): string | undefined {
    return this.#isRunIdCurrent ? this.#runId : undefined;
  }

  get clockReading(): ClockReading | undefined {
    return this.#isRunIdCurrent ? this.#clockReading : undefined;
  }

  /** Grants count if they were requested at this moment of the monotonic clock or later. */
  get eligibleAt(): number {
    return this.#eligibleAt;
  }

  get isIdentified(): boolean {
    return this.#facts.askedAt !== undefined;
  }

  /** Whether `ask` has nothing to do. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** Why a grant would not count now. `undefined` if it would, or if nobody knows yet. */
  get abstention(): InstanceError | undefined {
    return abstentionAt(this.#eligibility, this.#context.clock.monotonic());
  }

  /** As `abstention`, also for a server that is unidentified. */
  get problem(): InstanceError | undefined {
    if (this.isIdentified) return this.abstention;
    return ineligibilityError(this.#eligibility, this.#context.clock.monotonic());
  }

  /** A grant that does not count becomes an error. Any other answer is left as it is. */
  reviewGrant(answer: Reply | InstanceError, sentAt: number): Reply | InstanceError {
    if (sentAt >= this.#eligibleAt || answer instanceof InstanceError || !isYes(answer)) return answer;
    return ineligibilityError(this.#eligibility, this.#context.clock.monotonic());
  }

  /** Asks for the identity, now and on each new connection. Calls back each time it is known, or cannot be known now. */
  start(onIdentified: () => void): void {
    this.#onIdentified = onIdentified;
    if (this.#instance.isAvailable) this.ask();
    else onIdentified();
  }

  /** Asks the server of the current connection, once. */
  ask(): void {
    if (this.#isAsked || this.#onIdentified === undefined) return;
    this.#isAsked = true;
    this.#identify();
  }

  /** The connection broke. The next one may lead to another server. */
  onDisconnected(): void {
    this.#connection += 1;
    this.#isAsked = false;
    this.#isRunIdCurrent = false;
    this.#facts = afterDisconnect(this.#facts, this.#context.clock.monotonic());
    this.reviewEligibility();
  }

  /** Compared with the clocks of the other servers, this server's is ahead by `aheadMs`. `undefined` if it is close. */
  judgeClock(aheadMs: number | undefined): void {
    const misconfigurations = new Map(this.#facts.misconfigurations);
    if (aheadMs === undefined) misconfigurations.delete("clock");
    else misconfigurations.set("clock", clockMessage(aheadMs));
    this.#setMisconfigurations(misconfigurations);
    this.reviewEligibility();
    this.#scheduleRecheck();
  }

  /** Decides again. Must be called when a fact or the policy has changed. */
  reviewEligibility(): void {
    const { clock, policy, listener } = this.#context;
    const now = clock.monotonic();
    const before = this.#eligibleAt;
    this.#eligibility = decideEligibility(this.#facts, policy);
    this.#eligibleAt = this.#eligibility.eligibleAt;
    if (this.#eligibleAt < before && before > now) listener.onEligible();
    if (!this.#mayLackLocks(now)) return;
    if (!this.#facts.mayHaveRestored || this.#facts.durability === "volatile") this.#reportQuarantine(now);
    else if (this.#facts.durability === "unknown") this.#askDurability();
  }

  close(): void {
    this.#isClosed = true;
    this.#recheck?.cancel();
    // Nothing more will be learned. Callers that wait for the identity must not wait longer.
    this.#onIdentified?.();
  }

  #identify(): void {
    const { clock, prefix } = this.#context;
    const connection = this.#connection;
    const askedAt = instant(clock);
    const request = identify(this.#instance.isCluster ? prefix : undefined);
    // Called a second time if the reply comes after its time limit.
    const onReply = (_: number, answer: Reply | InstanceError): void => {
      if (connection === this.#connection) this.#onAnswer(answer, askedAt);
      else this.#onIdentified?.();
    };
    this.#pipeline.send(request, { onReply });
  }

  #onAnswer(answer: Reply | InstanceError, askedAt: Instant): void {
    if (answer instanceof InstanceError) {
      if (answer.code === "INSTANCE_UNAVAILABLE") this.#isAsked = false;
      if (answer.code === "INSTANCE_REPLY") {
        const now = this.#context.clock.monotonic();
        this.#facts = afterRefusal(this.#facts, answer, askedAt.monotonic, now);
        this.reviewEligibility();
      }
      this.#onIdentified?.();
    } else {
      this.#onReport(readReport(answer), askedAt);
    }
  }

  #onReport(report: ServerReport, askedAt: Instant): void {
    const { clock, policy } = this.#context;
    const now = clock.monotonic();
    this.#clockReading = readClock(clock, askedAt, report.timeMs);
    this.#recordRunId(report.runId);
    this.#facts = afterReport(this.#facts, report, askedAt.monotonic, now);
    const found = findMisconfigurations(report, this.#instance.isCluster);
    this.#setMisconfigurations(merge(this.#facts.misconfigurations, found));
    this.reviewEligibility();
    // The answer is needed when this process has been restarted, also if it does not matter now.
    if (this.#facts.durability === "unknown" && policy.windowMs > 0) this.#askDurability();
    // If the answer decides whether the server may vote, callers wait for it.
    if (!this.#isDurabilityDecisive(now)) this.#onIdentified?.();
    this.#scheduleRecheck();
  }

  #recordRunId(runId: string): void {
    if (runId === "") return;
    const before = this.#runId;
    this.#runId = runId;
    this.#isRunIdCurrent = true;
    if (before === undefined || before === runId) return;
    const instance = this.#instance.label;
    this.#context.events.emit("instance:restarted", { instance, before, now: runId });
  }

  /** Whether the window of the server's start is not over. */
  #mayLackLocks(now: number): boolean {
    return this.isIdentified && quarantineEndsAt(this.#facts, this.#context.policy) > now;
  }

  #isDurabilityDecisive(now: number): boolean {
    return this.#facts.durability === "asked" && this.#facts.mayHaveRestored && this.#mayLackLocks(now);
  }

  /** Asks for `appendfsync`. A server that does not answer in time counts as volatile until it does. */
  #askDurability(): void {
    const { clock, deadlines, requestTimeoutMs } = this.#context;
    const { report } = this.#facts;
    assert(this.#facts.durability === "unknown", "the durability is asked for once for each report");
    this.#setDurability("asked");
    let isAwaited = this.#isDurabilityDecisive(clock.monotonic());
    const onAnswer = (fsync: string | undefined): void => {
      limit.cancel();
      // A later report makes a question of its own.
      if (this.#facts.report === report) {
        this.#setDurability(fsync === "always" ? "durable" : "volatile");
        this.reviewEligibility();
      }
      if (isAwaited) this.#onIdentified?.();
      isAwaited = false;
    };
    const limit = deadlines.add(clock.monotonic() + requestTimeoutMs, () => onAnswer(undefined));
    void this.#instance.setting("appendfsync").then(onAnswer);
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

  /** A misconfigured server that abstains is asked again, so that it votes soon after it was corrected. */
  #scheduleRecheck(): void {
    if (this.#recheck !== undefined || this.#eligibility.state !== "misconfigured" || this.#isClosed) return;
    const { clock, deadlines } = this.#context;
    this.#recheck = deadlines.add(clock.monotonic() + RECHECK_MS, () => {
      this.#recheck = undefined;
      if (this.#instance.isAvailable && !this.#isClosed) this.#identify();
      this.#scheduleRecheck();
    });
  }
}

/** The latest report replaces all but the judgement of the clock, which is made by comparison. Known causes stay first. */
function merge(
  known: ReadonlyMap<UnsafeCause, string>,
  found: ReadonlyMap<UnsafeCause, string>,
): ReadonlyMap<UnsafeCause, string> {
  const kept = [...known].filter(([cause]) => cause === "clock" || found.has(cause));
  return new Map([...kept, ...found]);
}

function clockMessage(aheadMs: number): string {
  const distance = `${(Math.abs(aheadMs) / 1_000).toFixed(1)} s`;
  return (
    `its clock is ${distance} ${aheadMs > 0 ? "ahead of" : "behind"} the other servers: ` +
    "fencing counters start at the server's time, so they would be far apart; synchronize the clock with a time server"
  );
}
