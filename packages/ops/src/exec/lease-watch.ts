import { type Lock, type LockEvents, QuorumError, type Redlock } from "quorumlock";
import { displayText } from "../format/name.ts";

/** KILL comes so long before the end of the lease. It leaves time for the processes to end. */
const KILL_RESERVE_MS = 500;
/** The lease is looked at so often, because it ends earlier if the clock of the system steps. */
const CHECK_MS = 1_000;

/** The lock is lost, or will be: it is not extended. */
export interface Loss {
  /** Why, in words. */
  readonly why: string;
  /** How long the command may take to end after TERM, ms. 0 if the lease is over. */
  readonly killInMs: number;
}

export interface LeaseListener {
  /** An extension failed, or the first one after that succeeded. */
  onExtension(isFailing: boolean): void;
  /** Called once. */
  onLost(loss: Loss): void;
}

/**
 * Follows the lease of a lock that extends itself, so that the command has ended before the lease ends:
 *
 * - Extensions fail until `graceMs` before the end of the lease: the command has until 0.5 s before that end.
 * - A quorum refuses the lock, because an operator or another holder has it: the same, but not longer than `graceMs`.
 * - The lease is over, because exec or its machine was paused: no time is left.
 */
export class LeaseWatch implements Disposable {
  readonly #lock: Lock;
  readonly #graceMs: number;
  readonly #servers: number;
  readonly #listener: LeaseListener;
  readonly #unsubscribe: readonly (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  /** When the lease ends, by the clock of `performance`. */
  #endsAt: number;
  #failure: LockEvents["lock:extend:failed"]["error"] | undefined;
  #isOver = false;

  /** @param servers how many servers there are. */
  constructor(redlock: Redlock, lock: Lock, graceMs: number, servers: number, listener: LeaseListener) {
    this.#lock = lock;
    this.#graceMs = graceMs;
    this.#servers = servers;
    this.#listener = listener;
    this.#endsAt = performance.now() + lock.remaining();
    const isMine = ({ token }: { readonly token: string }): boolean => token === lock.token;
    this.#unsubscribe = [
      redlock.on("lock:extended", (event) => isMine(event) && this.#onExtended(event.remainingMs)),
      redlock.on("lock:extend:failed", (event) => isMine(event) && this.#onFailed(event.error)),
      redlock.on("lock:lost", (event) => isMine(event) && this.#onLost(event)),
    ];
    this.#setTimer();
  }

  /** Looks at the lease now. For the moment after a pause. */
  check(): void {
    if (this.#isOver) return;
    const remainingMs = this.#lock.remaining();
    // The event of the loss comes first, so it can say why.
    if (this.#isOver) return;
    if (remainingMs > this.#reserveMs) {
      this.#setTimer();
      return;
    }
    const why = remainingMs === 0 ? "its lease ended while exec was paused" : this.#describeFailure();
    this.#end({ why, killInMs: Math.max(0, remainingMs - KILL_RESERVE_MS) });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /** TERM comes so long before the end of the lease. */
  get #reserveMs(): number {
    return Math.max(this.#graceMs, KILL_RESERVE_MS);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const untilLossMs = this.#lock.remaining() - this.#reserveMs;
    this.#timer = setTimeout(() => this.check(), Math.min(CHECK_MS, Math.max(1, Math.ceil(untilLossMs))));
  }

  #onExtended(remainingMs: number): void {
    this.#endsAt = performance.now() + remainingMs;
    if (this.#failure !== undefined) this.#listener.onExtension(false);
    this.#failure = undefined;
  }

  #onFailed(error: LockEvents["lock:extend:failed"]["error"]): void {
    if (this.#failure === undefined) this.#listener.onExtension(true);
    this.#failure = error;
  }

  #onLost({ cause, takenBy }: LockEvents["lock:lost"]): void {
    if (cause === "expired") {
      this.#end({ why: this.#describeFailure("its lease ended while exec was paused"), killInMs: 0 });
      return;
    }
    const leaseMs = this.#endsAt - performance.now() - KILL_RESERVE_MS;
    const by = takenBy === undefined ? "somebody else" : displayText(takenBy);
    const why = takenBy?.startsWith("operator:") === true ? `released by ${by}` : `held by ${by} now`;
    this.#end({ why, killInMs: Math.max(0, Math.min(this.#graceMs, leaseMs)) });
  }

  #describeFailure(standard = "it was not extended in time"): string {
    if (!(this.#failure instanceof QuorumError)) return standard;
    // A round ends as soon as a majority is out of reach, so others may have had no time to answer.
    const silent = this.#failure.failures.filter(
      ({ error }) => !error.message.endsWith("before the round ended"),
    );
    return silent.length === 0
      ? "a majority of the servers does not know it any more"
      : `${silent.length} of ${this.#servers} servers did not answer`;
  }

  #end(loss: Loss): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#listener.onLost(loss);
  }
}
