import type { Clock } from "../base/clock.ts";
import type { Deadlines } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import type { Events, UnsafeCause } from "../base/events.ts";
import type { Instance } from "../instances/port.ts";
import type { ServerReport } from "../operations/identify.ts";
import { driftAllowance } from "../base/options.ts";
import { findMisconfigurations } from "./misconfigurations.ts";

/** What all members of a client have in common when it comes to which votes are safe. */
export interface EligibilityListener {
  /** Whether a server that is badly set up abstains. */
  readonly strict: boolean;
  /** For how long a restarted server abstains, in ms; 0 where it need not. */
  readonly windowMs: number;
  readonly driftFactor: number;
  /** A cause was found at a server that is set up badly. */
  warn(cause: UnsafeCause, message: string): void;
  /** A member abstains for a while because of a restart. */
  onQuarantined(): void;
  /** A member votes that could not before. */
  onEligible(): void;
}

export interface EligibilityContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly requestTimeoutMs: number;
  readonly caution: EligibilityListener;
}

/** Since when the server behind a member remembers what it was told, and how that is known. */
interface Memory {
  /** By the monotonic clock of this process, which never steps; while it stands still nobody is let in too early. */
  readonly since: number;
  /** Whether it is another server than before, which never knew what the former one wrote. */
  readonly elsewhere: boolean;
  readonly story: string;
}

/**
 * Whether one member may grant locks (protocol §10).
 *
 * - `unknown`: connected, or to be connected, to a server that has not said who it is. What it grants is an abstention.
 * - `guarded`: it said that it restarted less than the window ago, and it does not keep every write. It abstains until the
 *   window has passed. While it is asked whether it does keep every write, it counts as one that does not.
 * - `unfit`: badly set up, in strict mode: abstains until it is found to be set up well.
 * - `safe`.
 */
export class Eligibility {
  readonly #instance: Instance;
  readonly #context: EligibilityContext;
  /** A grant counts only if it was asked for from this moment on, by the monotonic clock. `-Infinity` where it is safe. */
  until: number;
  /** Whether the present connection's server has said who it is, or would not. */
  known = false;
  #report: ServerReport | undefined;
  #memory: Memory | undefined;
  /** When the present server was asked who it is, and when the former one was lost. */
  #askedAt = -Infinity;
  #lostAt = -Infinity;
  /** Whether any process was met, and whether the present one may have read what the former one knew. */
  #metBefore = false;
  #mayRemember = true;
  /** Whether the present process keeps every write over a restart; `undefined` until it is known. */
  #durable: boolean | "asked" | undefined;
  /** The end of the guard that was told last. */
  #toldUntil = -Infinity;
  readonly #causes = new Map<UnsafeCause, string>();

  constructor(instance: Instance, context: EligibilityContext) {
    this.#instance = instance;
    this.#context = context;
    this.until = -Infinity;
    this.review();
  }

  /** Whether it is badly set up and abstains until that is mended. */
  get unfit(): boolean {
    return this.known && this.#context.caution.strict && this.#causes.size > 0;
  }

  /** Why a grant would not count now; `undefined` where it would, or where it is not known yet. */
  abstention(): InstanceError | undefined {
    if (!this.known || this.until <= this.#context.clock.monotonic()) return undefined;
    return this.refusal();
  }

  /** The error that stands for a grant that does not count. */
  refusal(): InstanceError {
    const [cause] = this.#causes.values();
    if (!this.known || (cause === undefined && this.#memory === undefined)) {
      return new InstanceError("INSTANCE_UNSAFE", "has not said yet which server it is");
    }
    const abstainsUntil = this.until;
    if (cause !== undefined && this.unfit) {
      return new InstanceError("INSTANCE_UNSAFE", `abstains (strict): ${cause}`, { abstainsUntil });
    }
    const left = Math.max(0, abstainsUntil - this.#context.clock.monotonic());
    const message = `${this.#tale()}; it votes again in ${seconds(left)} (restartGuard)`;
    return new InstanceError("INSTANCE_UNSAFE", message, { abstainsUntil });
  }

  /** The connection is gone: the next one may lead to another server. */
  lost(): void {
    this.#lostAt = this.#context.clock.monotonic();
    this.known = false;
    this.review();
  }

  /** The server said who it is; it was asked at `askedAt`. Calls back once it is known whether it votes. */
  identified(report: ServerReport, askedAt: number, onKnown: () => void): void {
    const before = this.#report;
    const same = before !== undefined && before.runId === report.runId && report.runId !== "";
    if (!same) {
      // What counts is how the former process ran, as far as this one knows: what it did not write nobody can read.
      const wroteAll = !this.#metBefore || this.#durable === true;
      this.#memory = this.#recall(before, report);
      this.#mayRemember = wroteAll && !this.#memory.elsewhere;
    }
    this.#metBefore = true;
    if (!report.appendOnly) this.#durable = false;
    // Where it was not told to keep every write, it is asked again: the question may have been lost.
    else if (!same || this.#durable !== true) this.#durable = undefined;
    this.#report = report;
    this.known = true;
    this.#askedAt = askedAt;
    this.#setCauses(findMisconfigurations(report, this.#instance.isCluster));
    this.review(onKnown);
    // For the time when this process has been restarted.
    if (this.#durable === undefined && this.#context.caution.windowMs > 0) this.#askFsync(undefined);
  }

  /** The server would not say who it is. It counts as just started. */
  unidentified(error: Error, askedAt: number): void {
    const since = this.#context.clock.monotonic();
    this.#metBefore = true;
    this.#mayRemember = false;
    this.#memory = {
      since,
      elsewhere: false,
      story: `does not tell for how long it has run (${error.message})`,
    };
    this.#durable = false;
    this.#report = undefined;
    this.known = true;
    this.#askedAt = askedAt;
    this.review();
  }

  /** Its clock was compared with those of the others: `message` says what is wrong, if anything. */
  judgeClock(message: string | undefined): void {
    if (message === undefined) this.#causes.delete("clock");
    else this.#addCause("clock", message);
    this.review();
  }

  /** Decides again; also called when the window has changed. */
  review(onKnown?: () => void): void {
    const { clock, caution } = this.#context;
    const now = clock.monotonic();
    const guardUntil = this.#guardUntil();
    const before = this.until;
    this.until = this.#decide(guardUntil);
    if (this.until < before && before > now) caution.onEligible();
    const guarded = this.known && guardUntil > now;
    if (guarded && this.#mayRemember && this.#durable === undefined) {
      this.#askFsync(onKnown);
      return;
    }
    const forgets = !this.#mayRemember || this.#durable === false;
    if (guarded && forgets && guardUntil !== this.#toldUntil) {
      this.#toldUntil = guardUntil;
      this.#tell(guardUntil - now);
      caution.onQuarantined();
    }
    onKnown?.();
  }

  #tell(abstainsMs: number): void {
    const message =
      `${this.#tale()}: it abstains for ${seconds(abstainsMs)} (restartGuard); ` +
      "with appendonly yes and appendfsync always, set while it ran, it would remember and need not";
    const instance = this.#instance.label;
    this.#context.events.emit("instance:unsafe", { instance, cause: "restart", message, abstainsMs });
  }

  #decide(guardUntil: number): number {
    const { caution } = this.#context;
    const cautious = caution.strict || caution.windowMs > 0;
    if (!this.known) return cautious ? Infinity : -Infinity;
    if (this.unfit) return Infinity;
    // What was sent on this connection was sent after that: nothing has to be compared any more.
    return guardUntil <= this.#askedAt ? -Infinity : guardUntil;
  }

  #guardUntil(): number {
    const { windowMs, driftFactor } = this.#context.caution;
    const remembers = this.#mayRemember && this.#durable === true;
    if (windowMs === 0 || this.#memory === undefined || remembers) return -Infinity;
    return this.#memory.since + windowMs + driftAllowance(windowMs, driftFactor);
  }

  #recall(before: ServerReport | undefined, { runId, uptimeMs }: ServerReport): Memory {
    const now = this.#context.clock.monotonic();
    if (before === undefined || before.runId === "") {
      return { since: now - uptimeMs, elsewhere: false, story: "started" };
    }
    // It ran already when the former one was still there: it is another server, and knows nothing of that one's locks.
    if (uptimeMs > 0 && uptimeMs >= now - this.#lostAt) {
      const story = `another server (run_id ${runId}) answers at this address`;
      return { since: now, elsewhere: true, story };
    }
    return { since: now - uptimeMs, elsewhere: false, story: "restarted" };
  }

  #tale(): string {
    const { since = 0, story = "" } = this.#memory ?? {};
    const ago = seconds(this.#context.clock.monotonic() - since);
    return `${story}, ${ago} ago, and may have forgotten locks`;
  }

  #askFsync(onKnown: (() => void) | undefined): void {
    const { clock, deadlines, requestTimeoutMs } = this.#context;
    const report = this.#report;
    this.#durable = "asked";
    let waiting = true;
    const answered = (fsync: string | undefined): void => {
      limit.cancel();
      if (this.#report === report) {
        this.#durable = fsync === "always";
        this.review();
      }
      if (waiting) onKnown?.();
      waiting = false;
    };
    const limit = deadlines.add(clock.monotonic() + requestTimeoutMs, () => answered(undefined));
    void this.#instance.setting("appendfsync").then(answered);
  }

  #setCauses(found: ReadonlyMap<UnsafeCause, string>): void {
    for (const cause of this.#causes.keys()) {
      if (cause !== "clock" && !found.has(cause)) this.#causes.delete(cause);
    }
    for (const [cause, message] of found) this.#addCause(cause, message);
  }

  #addCause(cause: UnsafeCause, message: string): void {
    const { caution, events } = this.#context;
    const isNew = !this.#causes.has(cause);
    this.#causes.set(cause, message);
    if (!isNew) return;
    const instance = this.#instance.label;
    const abstainsMs = caution.strict ? Infinity : 0;
    events.emit("instance:unsafe", { instance, cause, message, abstainsMs });
    caution.warn(cause, `${instance}: ${message}`);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
