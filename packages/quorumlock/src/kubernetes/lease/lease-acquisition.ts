import { rejectAtCaller } from "../../base/caller-stack.ts";
import { LockAbortedError, QuorumError } from "../../base/errors.ts";
import { type AcquireFailure, failureReason } from "../../base/events.ts";
import type { ResolvedAcquireOptions } from "../../base/options.ts";
import { toError } from "../../base/to-error.ts";
import { makeToken } from "../../base/token.ts";
import { Lease } from "../../quorum/lease.ts";
import { WaitLimit } from "../../waiting/wait-limit.ts";
import type { ApiFailure } from "./api-failure.ts";
import { HeldLease } from "./held-lease.ts";
import { HeldRecord } from "./held-record.ts";
import { outageDelayMs, pollDelayMs, raceDelayMs } from "./lease-backoff.ts";
import { apiError, type LeaseContext, timeoutError } from "./lease-context.ts";
import { acquired, type LeaseRecord, nextFence, renewed } from "./lease-record.ts";
import type { LeaseReply } from "./lease-requests.ts";

/** A call that does not wait writes twice at most: to a version that it knows, and to the one that it reads after a conflict. */
const MAX_WRITES_AT_ONCE = 2;

/**
 * One call of `acquire`, from its place in the queue of this process to the lock or the error.
 *
 * It looks at the Lease, writes it if it can be taken, and otherwise looks again after a pause. All its writes have one token, that no
 * other acquisition has. So a record with this token shows that a write whose outcome was not known was carried out.
 */
export class LeaseAcquisition {
  readonly #context: LeaseContext;
  readonly #options: ResolvedAcquireOptions;
  readonly #token: string;
  readonly #id: number;
  readonly #startedAt: number;
  readonly #limit: WaitLimit;
  /** Interrupts the request in flight when the wait ends. */
  readonly #stop = new AbortController();
  readonly #onTurn = (): void => this.#startTurn();
  #startTurn: () => void = () => undefined;
  /** The state to which a write was sent whose outcome is not known. */
  #unknownAt: LeaseRecord | undefined;
  /** Why the latest request failed. `undefined` if it did not fail. */
  #failure: ApiFailure | undefined;
  #failures = 0;
  #races = 0;
  #writes = 0;
  #attempts = 0;
  #requests = 0;
  #waitingSince: number | undefined;

  constructor(context: LeaseContext, options: ResolvedAcquireOptions) {
    const { clock, deadlines, events } = context;
    this.#context = context;
    this.#options = options;
    this.#token = makeToken(clock.randomToken(), options.tokenSuffix);
    this.#id = events.nextId();
    this.#startedAt = clock.monotonic();
    const { waitMs, signal } = options;
    const startedAt = this.#startedAt;
    this.#limit = new WaitLimit({ clock, deadlines, startedAt, waitMs, signal, extensionMs: () => 0 });
  }

  async start(): Promise<HeldLease> {
    const context = this.#context;
    this.#reportStart();
    context.beginWait();
    let lock: HeldLease | undefined;
    try {
      await this.#enterQueue();
      lock = await this.#acquire();
      this.#reportGrant(lock);
      return lock;
    } catch (error) {
      this.#reportFailure(toError(error));
      return await rejectAtCaller(error);
    } finally {
      this.#limit.dispose();
      context.endWait();
      if (lock === undefined) this.#abandon();
    }
  }

  get #isOnce(): boolean {
    return this.#options.waitMs === 0;
  }

  get #waitedMs(): number {
    return this.#options.waitedMs + this.#context.clock.monotonic() - this.#startedAt;
  }

  async #enterQueue(): Promise<void> {
    const { queue } = this.#context;
    const { signal } = this.#options;
    if (signal?.aborted === true) throw new LockAbortedError(this.#context.names, signal.reason);
    if (queue.isTaken && this.#isOnce) throw timeoutError(this.#context, this.#waitedMs);
    let hasTurn = false;
    const turn = new Promise<void>((resolve) => {
      this.#startTurn = () => {
        hasTurn = true;
        resolve();
      };
    });
    queue.enter(this.#onTurn);
    if (hasTurn) return;
    this.#onWaiting();
    await this.#until(turn);
  }

  async #acquire(): Promise<HeldLease> {
    const { clock, observation, options } = this.#context;
    // Whether the Lease was read since the last pause or conflict.
    let isFresh = false;
    for (;;) {
      const { record } = observation;
      const isOurs = record?.holder === this.#token;
      const canTake = record !== undefined && (isOurs || observation.remainingMs() <= 0);
      if (record === undefined || (!isFresh && (!canTake || this.#unknownAt !== undefined))) {
        isFresh = await this.#look();
      } else if (canTake) {
        const lock = await this.#write(record, isOurs);
        if (lock !== undefined) return lock;
        isFresh = false;
      } else {
        if (this.#isOnce) throw timeoutError(this.#context, this.#waitedMs);
        this.#races = 0;
        const nextPollAt = clock.monotonic() + pollDelayMs(clock, options.pollMs);
        await this.#sleepUntil(Math.min(nextPollAt, observation.takeableAt));
        isFresh = false;
      }
    }
  }

  /** Reads the Lease, and creates it if there is none. Returns whether its state is known. */
  async #look(): Promise<boolean> {
    const { requests } = this.#context;
    this.#attempts += 1;
    let reply = await this.#ask(requests.read(this.#stop.signal));
    if (reply.kind === "absent") {
      // A write to the Lease that was deleted cannot be carried out any more, because it has the uid of that Lease.
      this.#unknownAt = undefined;
      reply = await this.#ask(requests.create(this.#stop.signal));
    }
    if (reply.kind === "failed") await this.#onFailure(reply);
    if (reply.kind === "conflict") await this.#onRace();
    if (reply.kind !== "done") return false;
    this.#failures = 0;
    this.#failure = undefined;
    // The version that the write needs is gone, so it can never be carried out, or it was.
    if (reply.record.version !== this.#unknownAt?.version) this.#unknownAt = undefined;
    return true;
  }

  /** Makes this acquisition the holder, or renews the record that an earlier write of it has made. */
  async #write(record: LeaseRecord, isOurs: boolean): Promise<HeldLease | undefined> {
    const { clock, requests, options } = this.#context;
    const { ttlMs } = this.#options;
    if (this.#isOnce && this.#writes >= MAX_WRITES_AT_ONCE) throw timeoutError(this.#context, this.#waitedMs);
    this.#writes += 1;
    this.#attempts += 1;
    const fence = isOurs ? record.transitions : this.#nextFence(record);
    const unknownBefore = this.#unknownAt;
    this.#unknownAt = record;
    // The lease begins before the request is sent, so it ends before a taker has seen the new record for the whole duration.
    const lease = new Lease(clock, ttlMs, options.driftFactor);
    const body = isOurs
      ? renewed(record, ttlMs, clock.wall())
      : acquired(record, this.#token, fence, ttlMs, clock.wall());
    const reply = await this.#ask(requests.replace(body, this.#stop.signal));
    if (reply.kind === "done") {
      this.#races = 0;
      if (lease.remainingMs(clock) > 0) return this.#succeed(reply.record, lease);
    } else if (reply.kind === "failed") {
      if (!reply.mayHappen) this.#unknownAt = unknownBefore;
      await this.#onFailure(reply);
    } else {
      await this.#onRace();
    }
    return undefined;
  }

  /** Somebody else has written the Lease, or deleted it. */
  async #onRace(): Promise<void> {
    this.#races += 1;
    if (this.#isOnce && this.#races > MAX_WRITES_AT_ONCE) throw timeoutError(this.#context, this.#waitedMs);
    await this.#pause(raceDelayMs(this.#context.clock, this.#races));
  }

  #nextFence(record: LeaseRecord): number {
    const fence = nextFence(record);
    if (fence !== undefined) return fence;
    const what = `leaseTransitions of the Lease is ${record.transitions}, and a larger one is not possible; use a Lease of another name`;
    throw new QuorumError(this.#context.names, what, []);
  }

  #succeed(record: LeaseRecord, lease: Lease): HeldLease {
    const { ttlMs, autoExtend } = this.#options;
    this.#unknownAt = undefined;
    const onEnded = (): void => this.#context.queue.leave(this.#onTurn);
    const init = { id: this.#id, token: this.#token, record, lease, ttlMs, autoExtend, onEnded };
    return new HeldLease(this.#context, init);
  }

  /** Leaves the queue, and settles a write whose outcome is not known, so that it makes no holder that nobody knows of. */
  #abandon(): void {
    const { queue, observation } = this.#context;
    queue.leave(this.#onTurn);
    const isOurs = observation.record?.holder === this.#token;
    const at = isOurs ? observation.record : this.#unknownAt;
    if (at !== undefined) void new HeldRecord(this.#context, this.#token, at).release();
  }

  /** @throws QuorumError if another try does not help. */
  async #onFailure(failure: ApiFailure): Promise<void> {
    const { clock } = this.#context;
    this.#failure = failure;
    this.#failures += 1;
    if (failure.error.isPermanent === true) {
      const what = "waiting does not help, because the API server refuses this client as it is set up";
      throw apiError(this.#context, what, failure);
    }
    // A write may have been carried out, so a call that does not wait reads once what became of it.
    const readsBack = this.#unknownAt !== undefined && this.#failures === 1;
    if (this.#isOnce && !readsBack) throw apiError(this.#context, "the API server did not answer", failure);
    await this.#pause(outageDelayMs(clock, this.#failures, failure.retryAfterMs));
  }

  async #ask(request: Promise<LeaseReply>): Promise<LeaseReply> {
    const { observation } = this.#context;
    this.#requests += 1;
    await this.#until(request.then(() => undefined));
    const reply = await request;
    if (reply.kind === "done") observation.see(reply.record);
    if (reply.kind === "absent") observation.forget();
    return reply;
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0 && !this.#isOnce) await this.#sleepUntil(this.#context.clock.monotonic() + ms);
  }

  async #sleepUntil(at: number): Promise<void> {
    this.#onWaiting();
    this.#throwIfEnded(await this.#limit.sleep(() => at));
  }

  /** @throws the error of the acquisition, if its wait ends before. */
  async #until(event: Promise<void>): Promise<void> {
    this.#throwIfEnded(await this.#limit.until(event));
  }

  #throwIfEnded(end: Awaited<ReturnType<WaitLimit["until"]>>): void {
    if (end === undefined) return;
    this.#stop.abort();
    const { names } = this.#context;
    if (end === "aborted") throw new LockAbortedError(names, this.#options.signal?.reason);
    const waitedMs = this.#waitedMs;
    const isHeldByOther = (this.#context.observation.record?.holder ?? "") !== "";
    if (this.#failure === undefined && (isHeldByOther || this.#requests === 0 || this.#races > 0))
      throw timeoutError(this.#context, waitedMs);
    const what = `the API server did not answer within ${Math.round(waitedMs)} ms`;
    throw apiError(this.#context, what, this.#failure);
  }

  #onWaiting(): void {
    if (this.#isOnce || this.#waitingSince !== undefined) return;
    const { clock, events, names } = this.#context;
    const emit = events.to("lock:wait:started");
    if (emit === undefined) return;
    this.#waitingSince = clock.monotonic();
    emit({ id: this.#id, names });
  }

  #reportWaitEnd(): void {
    const since = this.#waitingSince;
    if (since === undefined) return;
    const { clock, events, names } = this.#context;
    events.to("lock:wait:ended")?.({ id: this.#id, names, waitedMs: clock.monotonic() - since });
  }

  #reportStart(): void {
    const { events, names } = this.#context;
    const { ttlMs, waitMs } = this.#options;
    const call = { id: this.#id, names, kind: "mutex", mode: "exclusive", ttlMs, waitMs } as const;
    events.to("lock:acquire:started")?.(call);
  }

  #reportGrant({ token, fence }: HeldLease): void {
    const { events, names } = this.#context;
    const { ttlMs, waitMs } = this.#options;
    this.#reportWaitEnd();
    events.to("lock:acquire:succeeded")?.({
      id: this.#id,
      names,
      kind: "mutex",
      mode: "exclusive",
      token,
      fence,
      ttlMs,
      waitMs,
      waitedMs: this.#waitedMs,
      attempts: this.#attempts,
      rounds: this.#requests,
      votes: 1,
    });
  }

  #reportFailure(error: AcquireFailure): void {
    const { events, names } = this.#context;
    const { waitMs } = this.#options;
    const waitedMs = this.#waitedMs;
    const attempts = this.#attempts;
    this.#reportWaitEnd();
    const reason = failureReason(error);
    events.to("lock:acquire:failed")?.({ id: this.#id, names, reason, error, waitMs, waitedMs, attempts });
  }
}
