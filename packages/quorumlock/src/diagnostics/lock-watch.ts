import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";
import type { DiagnosticId, Events } from "../base/events.ts";
import { resourceClassOf } from "../base/resource-class.ts";
import { type CallSite, captureCallSite } from "./call-site.ts";
import type { ClassTimes } from "./class-times.ts";
import type { Ordered } from "./lock-order.ts";
import type { OutgoingRequests } from "./outgoing-requests.ts";
import { type Evidence, formatNames, report } from "./warnings.ts";

/** The parts of the client that the diagnostics use. */
export interface DiagnosedClient {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly events: Events;
  /** How many callers of this client wait for one of the names. */
  readonly countWaiting: (names: readonly string[]) => number;
}

/** What all watches of one client share. */
export interface DiagnosticsContext extends DiagnosedClient {
  readonly times: ClassTimes;
  readonly requests: OutgoingRequests;
  readonly watches: WeakMap<object, LockWatch>;
}

/** The parts of a lock that its watch reads. */
export interface WatchedLock {
  /** The ttl of the next extension, in ms. */
  readonly ttl: number;
}

/** The options of an acquisition that its watch needs. */
export interface WatchedOptions {
  readonly ttlMs: number;
  readonly autoExtend: boolean;
}

/** A hold is long if it lasts for so many times the p99 of its class, and for at least `MIN_LONG_MS`. */
const LONG_FACTOR = 5;
const MIN_LONG_MS = 1_000;
/** A hold of an hour may be right, as that of a leader. But others should not wait for so long. */
const LONG_FOR_WAITERS_MS = 60_000;
/** After how long a warning says that a caller may wait for itself; after half of its `wait` if that is shorter. */
const OWN_WAIT_MS = 1_000;
/** How long a routine may run after its signal has fired. */
const STOP_GRACE_MS = 1_000;
/** A lock that does not extend itself is nearly lost if the work takes this share of its ttl. */
const MAX_USED_SHARE = 0.8;
/** A ttl that is needed: as `calculateTtl` computes it. A ttl of `MAX_EXCESS` times that is too long. */
const MIN_NEEDED_TTL_MS = 5_000;
const NEEDED_FACTOR = 2;
const NEEDED_OVERHEAD_MS = 1_000;
const MAX_EXCESS = 10;

/**
 * One acquisition and its lock, with `diagnostics: true`.
 *
 * - `acquiring`: the lock is not granted yet.
 * - `held`: it is granted. A lock to which it was converted continues the watch.
 * - `lost`: it ended without its holder.
 * - `ended`: the holder released or detached it, or the acquisition has failed.
 */
export class LockWatch implements Ordered {
  readonly names: readonly string[];
  readonly classes: readonly string[];
  readonly site: CallSite = captureCallSite();
  readonly #context: DiagnosticsContext;
  readonly #options: WatchedOptions;
  #state: "acquiring" | "held" | "lost" | "ended" = "acquiring";
  #lock: WatchedLock | undefined;
  #grantedAt = 0;
  /** The next look at a lock that is held, or at a routine whose lock is lost. */
  #deadline: Deadline | undefined;
  #isRunning = false;
  /** How many `Lock` objects the caller has: those that are not garbage-collected. */
  #objects = 0;

  constructor(context: DiagnosticsContext, names: readonly string[], options: WatchedOptions) {
    this.#context = context;
    this.names = names;
    this.classes = names.map(resourceClassOf);
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#state === "held";
  }

  /** Whether it is `lost` or `ended`. */
  get isOver(): boolean {
    return this.#state === "lost" || this.#state === "ended";
  }

  /** The context of its caller has acquired `other`, and `other` must end before this lock can be granted. */
  waitFor(other: LockWatch, waitMs: number): void {
    const { site } = this;
    this.#context.deadlines.add(this.#now + Math.min(OWN_WAIT_MS, waitMs / 2), () => {
      if (this.#state !== "acquiring" || !other.isHeld) return;
      const warning = (): readonly [string, string] => [
        "was acquired in this asynchronous context, which may wait for itself",
        "pass the held lock on instead of acquiring it again",
      ];
      other.warn("reentrant", warning, site.place, { what: "it is acquired again", site });
    });
  }

  /** The lock was granted, or converted to another one. */
  onGranted(lock: WatchedLock): void {
    this.#lock = lock;
    this.#context.watches.set(lock, this);
    if (this.#state === "held") return;
    this.#state = "held";
    this.#grantedAt = this.#now;
    this.#context.requests.beginUse();
    this.#look();
  }

  /** The lock has ended, or its acquisition has failed. */
  onEnded(isLost: boolean): void {
    if (this.isOver) return;
    const { isHeld } = this;
    this.#state = isLost ? "lost" : "ended";
    if (!isHeld) return;
    this.#deadline?.cancel();
    this.#context.requests.endUse();
    this.#context.times.record(this.#resource, this.#heldMs);
    if (!isLost) this.#judgeTtl();
    else if (this.#isRunning) this.#onLostByRoutine();
  }

  /** The holder releases a lock that may be lost. */
  onRelease(): void {
    if (this.#state === "lost" && !this.#options.autoExtend)
      this.#warnOfShortTtl(`it is released after ${format(this.#heldMs)}`);
  }

  onRoutineStarted(): void {
    this.#isRunning = true;
  }

  onRoutineEnded(): void {
    this.#isRunning = false;
    this.#deadline?.cancel();
  }

  onObjectMade(): void {
    this.#objects += 1;
  }

  onObjectCollected(): void {
    this.#objects -= 1;
    if (this.#objects > 0 || this.#state !== "held") return;
    const stays = this.#options.autoExtend
      ? "it extends itself until the client is closed or the process ends"
      : "others wait for it until its ttl is over";
    this.warn("not-released", () => [
      `was not released, and its Lock object is garbage-collected: ${stays}`,
      "use `using` or `await using`, or release it in a `finally` block",
    ]);
  }

  /** A request to a server began while the lock is held. */
  onRequest(host: string): void {
    const warning = (): readonly [string, string] => [
      `is held while an HTTP request to ${host} begins: others wait for that server as well`,
      "send it before the lock is acquired, or with a time limit below the ttl and the `signal` of the lock",
    ];
    this.warn("request-under-lock", warning, `${host} ${this.site.place}`);
  }

  /** Reports a finding about this lock. `describe` returns what was seen and what to do. */
  warn(
    id: DiagnosticId,
    describe: () => readonly [seen: string, toDo: string],
    place: string = this.site.place,
    ...more: readonly Evidence[]
  ): void {
    const { names, site } = this;
    report(this.#context.events, {
      id,
      names,
      place,
      describe: () => `the lock on ${formatNames(names)} ${describe().join("; ")}`,
      evidence: [{ what: "it was acquired", site }, ...more],
    });
  }

  get #now(): number {
    return this.#context.clock.monotonic();
  }

  get #heldMs(): number {
    return this.#now - this.#grantedAt;
  }

  get #ttlMs(): number {
    return this.#lock?.ttl ?? this.#options.ttlMs;
  }

  /** The classes of several names that are locked at once are one class. */
  get #resource(): string {
    return [...new Set(this.classes)].join(", ");
  }

  /** Looks whether the lock is held for too long, and sets the deadline for the next look. */
  #look(): void {
    const { times, countWaiting, deadlines } = this.#context;
    const { names } = this;
    const heldMs = this.#heldMs;
    const p99Ms = times.p99Ms(this.#resource);
    const longMs = p99Ms === undefined ? Infinity : Math.max(MIN_LONG_MS, LONG_FACTOR * p99Ms);
    if (heldMs >= longMs)
      this.warn("held-long", () => [
        `is held for more than ${format(longMs)}, and 99 of 100 locks of ${JSON.stringify(this.#resource)} were released within ${format(p99Ms!)}`,
        "look for a call without a time limit, and divide the work into steps",
      ]);
    else if (heldMs >= LONG_FOR_WAITERS_MS && countWaiting(names) > 0)
      this.warn("held-long", () => [
        `is held for more than ${format(heldMs)} while other callers wait for it`,
        "divide the work into steps",
      ]);
    const looks = [longMs, (Math.floor(heldMs / LONG_FOR_WAITERS_MS) + 1) * LONG_FOR_WAITERS_MS];
    const nextMs = Math.min(...looks.filter((lookMs) => lookMs > heldMs));
    this.#deadline = deadlines.add(this.#grantedAt + nextMs, () => this.#look());
  }

  #onLostByRoutine(): void {
    if (!this.#options.autoExtend) this.#warnOfShortTtl("its routine still runs when it ends");
    const { deadlines } = this.#context;
    this.#deadline = deadlines.add(this.#now + STOP_GRACE_MS, () =>
      this.warn("ran-after-loss", () => [
        `was lost, and its routine still runs ${format(STOP_GRACE_MS)} after its signal has fired: another holder may do the same work`,
        "pass the `signal` on, and check `signal.aborted` in loops",
      ]),
    );
  }

  #judgeTtl(): void {
    const p99Ms = this.#context.times.p99Ms(this.#resource);
    if (p99Ms === undefined) return;
    const ttlMs = this.#ttlMs;
    const neededMs = Math.max(MIN_NEEDED_TTL_MS, NEEDED_FACTOR * p99Ms + NEEDED_OVERHEAD_MS);
    if (!this.#options.autoExtend && p99Ms > ttlMs * MAX_USED_SHARE)
      this.#warnOfShortTtl(`its work takes up to ${format(p99Ms)}`);
    if (ttlMs >= neededMs * MAX_EXCESS)
      this.warn("ttl-long", () => [
        `has a ttl of ${format(ttlMs)}, and 99 of 100 locks of ${JSON.stringify(this.#resource)} were released within ${format(p99Ms)}: after a crash, others wait for the rest of the ttl`,
        `use a ttl of about ${format(neededMs)}`,
      ]);
  }

  #warnOfShortTtl(seen: string): void {
    this.warn("ttl-short", () => [
      `has a ttl of ${format(this.#ttlMs)} and does not extend itself, and ${seen}`,
      "use a longer ttl (`calculateTtl`, `withAdaptiveTtl`), or leave out `autoExtend: false`",
    ]);
  }
}

function format(ms: number): string {
  return `${Math.round(ms)} ms`;
}
