import { LockClosedError, LockError, type Lock } from "quorumlock";
import type { Reply, Request } from "../../../packages/quorumlock/src/operations/request.ts";
import { driftAllowance } from "../../../packages/quorumlock/src/base/options.ts";
import type { Plan } from "../plan/plan.ts";
import type { Host } from "../world/host.ts";
import { asksForLock, readCall } from "../world/read-call.ts";
import type { Call, Server, ServerWatcher } from "../world/server.ts";
import type { Time } from "../world/time.ts";
import type { Wire, WireWatcher } from "../world/wire.ts";
import { Asks } from "./asks.ts";
import { Fences } from "./fences.ts";
import { Idleness } from "./idleness.ts";
import { Leases } from "./leases.ts";
import { Record } from "./record.ts";

/** The invariants, by the names that README.md has for them. */
export type Invariant =
  | "exclusion"
  | "signal"
  | "fences"
  | "renewal"
  | "leftovers"
  | "liveness"
  | "asks"
  | "release"
  | "history"
  | "errors";

export interface Violation {
  readonly invariant: Invariant;
  /** Real time in ms. */
  readonly at: number;
  readonly what: string;
}

/** One call that asks for a lock. */
export interface Attempt {
  readonly client: number;
  readonly worker: number;
  readonly names: readonly string[];
  readonly askedAt: number;
  /** Whether it waits for ever, and hence has to be served. */
  readonly wants: boolean;
}

/** A lock that was handed to a caller. */
export interface Grant extends Attempt {
  readonly lock: Lock;
  readonly host: Host;
  readonly grantedAt: number;
  /** From when on the holder does not count on it any more. */
  releasedAt: number;
}

/** What the holder was told of its release: it was held until then, it had ended before, a quorum could not be had, nothing. */
export type ReleaseEnd = "held" | "ended" | "unconfirmed" | "untold";

export interface ExtensionAttempt {
  readonly grant: Grant;
  readonly askedAt: number;
  /** For how long the lease that is asked for would be sure, in ms of the holder's clock. */
  readonly sureMs: number;
}

/** How long a caller that waits for ever may wait after all faults have ended, in ms of real time. */
export const LONGEST_WAIT_MS = 30_000;
/** How long a resource may lie idle while somebody waits for it and no fault is in the way: some split votes in a row. */
export const LONGEST_IDLE_MS = 700;
/** For so long after the last fault connections are made anew, guards end, and backoffs do, by the slowest clock. */
const AFTERMATH_MS = 4_000;
/** How many requests from one client to one server there may be for each reason to ask: see `Asks`. */
export const MOST_ASKS_PER_REASON = 6;
/** During outages a client asks again at most this often, whatever the reason. */
const OUTAGE_POLL_MS = 25;

/** Is told what happens, line by line. */
export type Trace = (line: string) => void;

/** Sees everything that happens, in real time, and says what must not have. */
export class Referee implements ServerWatcher, WireWatcher {
  readonly violations: Violation[] = [];
  readonly record: Record;
  readonly asks = new Asks();
  readonly idleness: Idleness;
  readonly counts = { operations: 0, grants: 0, lost: 0, late: 0, resent: 0 };
  readonly #time: Time;
  readonly #promises: Plan["promises"];
  readonly #driftFactor: number;
  readonly #faulty: boolean;
  readonly #aftermathMs: number;
  /** The rate of the slowest clock. */
  readonly #slowest: number;
  readonly #hosts: readonly Host[];
  readonly #prefix: string;
  readonly #trace: Trace | undefined;
  readonly #leases: Leases;
  readonly #fences: Fences;
  readonly #waiting = new Set<Attempt>();
  /** Tokens that were taken back on a wire: nothing may be asked for them there any more. */
  readonly #withdrawn = new Map<Wire, Set<string>>();
  #healedAt = Infinity;
  /** The longest that a caller who waits for ever waited after the faults had ended. */
  longestWaitMs = 0;

  constructor(time: Time, plan: Plan, hosts: readonly Host[], prefix: string, trace: Trace | undefined) {
    this.#trace = trace;
    this.#prefix = prefix;
    this.#time = time;
    this.#promises = plan.promises;
    this.#slowest = Math.min(...[...plan.clients, ...plan.servers].map(({ rate }) => rate));
    this.#aftermathMs = AFTERMATH_MS / this.#slowest;
    this.#faulty = plan.faults.length > 0 || plan.changes !== undefined;
    this.#driftFactor = plan.driftFactor;
    this.#hosts = hosts;
    // Where there are faults, it counts once they are over.
    this.idleness = new Idleness(
      plan.faults.length === 0 && plan.changes === undefined ? 0 : Infinity,
      ({ client }) => hosts[client]?.dead === false,
    );
    this.#leases = new Leases(time);
    this.#fences = new Fences();
    this.record = new Record(time);
  }

  /** Notes what happened, for whoever wants to read it. */
  say(what: () => string): void {
    this.#trace?.(`${this.#time.now.toFixed(1).padStart(9)}  ${what()}`);
  }

  /** The process was warned: by the library of what it is used on, or by the platform of a leak. */
  warned(warning: string, options: unknown): void {
    const { type } = (typeof options === "object" && options !== null ? options : {}) as { type?: unknown };
    if (type === "QuorumlockWarning") this.say(() => `warning: ${warning}`);
    else this.violated("errors", `a warning: ${warning}`);
  }

  violated(invariant: Invariant, what: string): void {
    this.say(() => `VIOLATED ${invariant}: ${what}`);
    this.violations.push({ invariant, at: this.#time.now, what });
  }

  /** All faults are over. */
  healed(): void {
    this.say(() => "all faults are over");
    this.#healedAt = this.#time.now;
    if (this.#faulty) this.idleness.countFrom(this.#time.now + this.#aftermathMs);
  }

  asksFor(client: number, worker: number, names: readonly string[], wants: boolean): Attempt {
    this.counts.operations += 1;
    this.say(() => `client ${client}, worker ${worker} asks for ${names.join(", ")}`);
    const attempt: Attempt = { client, worker, names, wants, askedAt: this.#time.now };
    if (wants) this.#waiting.add(attempt);
    this.idleness.waits(attempt);
    for (const name of names) this.asks.called(this.#hosts[client]?.label ?? "", this.#prefix + name);
    return attempt;
  }

  granted(attempt: Attempt, lock: Lock): Grant {
    this.#ended(attempt);
    this.counts.grants += 1;
    const host = this.#hosts[attempt.client]!;
    const grant: Grant = { ...attempt, lock, host, grantedAt: this.#time.now, releasedAt: Infinity };
    this.say(() => `${whose(grant)} GRANTED, fence ${lock.fence}, valid for ${remaining(grant)} ms`);
    this.idleness.granted(grant, this.#time.now);
    lock.signal.addEventListener("abort", () => this.#lost(grant), { once: true });
    for (const name of attempt.names) this.asks.granted(this.#prefix + name);
    this.#checkLease(grant);
    if (this.#promises !== "cleanup") {
      for (const problem of this.#fences.granted(grant)) this.violated("fences", problem);
    }
    this.record.granted(grant);
    return grant;
  }

  refused(attempt: Attempt): void {
    this.say(() => `${whose(attempt)} refused`);
    this.#ended(attempt);
    this.record.refused(attempt);
  }

  failed(attempt: Attempt, error: unknown): void {
    const waited = this.#waiting.has(attempt);
    this.#ended(attempt);
    this.record.failed(attempt);
    this.say(() => `${whose(attempt)} failed: ${String(error).split("\n")[0]}`);
    if (!(error instanceof LockError)) {
      this.violated("errors", error instanceof Error ? (error.stack ?? error.message) : String(error));
    } else if (waited && !(error instanceof LockClosedError)) {
      this.violated("liveness", `a wait without end ended: ${error.message}`);
    }
  }

  asksForMore(grant: Grant, ttlMs: number): ExtensionAttempt {
    this.counts.operations += 1;
    const sureMs = ttlMs - driftAllowance(ttlMs, this.#driftFactor);
    const attempt: ExtensionAttempt = { grant, askedAt: this.#time.now, sureMs };
    this.record.asksForMore(attempt);
    return attempt;
  }

  extended(attempt: ExtensionAttempt): void {
    const { grant } = attempt;
    this.say(() => `${whose(grant)} extended, valid for ${remaining(grant)} ms`);
    if (grant.releasedAt < attempt.askedAt)
      this.violated("renewal", `${grant.lock.token} was extended after its release`);
    this.#checkLease(grant);
    this.record.extended(attempt);
  }

  notExtended(attempt: ExtensionAttempt): void {
    this.record.notExtended(attempt);
  }

  releases(grant: Grant): void {
    this.#checkOverlaps(grant);
    this.counts.operations += 1;
    this.say(() => `${whose(grant)} releases`);
    grant.releasedAt = this.#time.now;
    this.record.releases(grant);
    this.#leases.ended(grant);
    this.idleness.ended(grant, this.#time.now);
  }

  released(grant: Grant, end: ReleaseEnd): void {
    if (end !== "untold" && grant.host.watch(() => grant.lock.isHeld))
      this.violated("release", `${grant.lock.token} is held after its release`);
    this.record.released(grant, end);
  }

  /** Clocks were stepped: what was not held may look held. */
  clocksStepped(): void {
    if (this.#promises === "all") {
      for (const problem of this.#leases.overlaps()) this.violated("exclusion", problem);
    }
  }

  /** By the slowest clock. */
  get longestIdleMs(): number {
    return this.idleness.longestMs * this.#slowest;
  }

  /** Looks at the whole history at its end. */
  checkTraffic(): void {
    const asks = this.asks.worst(this.#faulty ? (this.#healedAt + this.#aftermathMs) / OUTAGE_POLL_MS : 0);
    if (asks > MOST_ASKS_PER_REASON) {
      this.violated("asks", `one client asked one server ${asks.toFixed(1)} times for each reason to ask`);
    }
    if (this.longestIdleMs > LONGEST_IDLE_MS) {
      const idle = Math.round(this.longestIdleMs);
      this.violated("liveness", `a resource lay idle for ${idle} ms while somebody waited for it`);
    }
  }

  /** Looks whether anybody has waited too long. */
  checkPatience(): void {
    if (this.#healedAt === Infinity) return;
    for (const attempt of this.#waiting) {
      if (this.#hosts[attempt.client]?.dead === true) continue;
      const waited = this.#time.now - Math.max(attempt.askedAt, this.#healedAt);
      if (waited > LONGEST_WAIT_MS) {
        const { client, worker, names } = attempt;
        this.violated(
          "liveness",
          `client ${client}, worker ${worker} has waited ${Math.round(waited)} ms for ${names.join(", ")}`,
        );
      }
    }
  }

  carriedOut(server: Server, request: Request, reply: Reply): void {
    if (asksForLock(request)) this.#fences.voted(server.index, request, reply);
  }

  sent(wire: Wire, call: Call, again: boolean): void {
    const withdrawn = this.#withdrawn.get(wire) ?? new Set();
    this.#withdrawn.set(wire, withdrawn);
    for (const request of readCall(call.args)) {
      const { operation, keys, args } = request;
      const token = args[0] ?? "";
      this.say(
        () => `${wire.host.label} → ${wire.label}: ${operation} ${shorten(token)}${again ? " (again)" : ""}`,
      );
      if (operation === "mutex.release") withdrawn.add(token);
      else if (operation.startsWith("mutex.") && withdrawn.has(token) && !again) {
        this.violated("renewal", `${operation} of ${token} was sent to ${wire.label} behind its release`);
      }
      if (!asksForLock(request)) continue;
      // Keys come in pairs: the lock, its counter.
      for (let at = 0; at < keys.length; at += 2)
        this.asks.asked(wire.host.label, wire.server.index, keys[at] ?? "");
    }
  }

  heard(wire: Wire, call: Call, replies: readonly unknown[]): void {
    readCall(call.args).forEach((request, index) => {
      this.say(
        () =>
          `${wire.host.label} ← ${wire.label}: ${request.operation} ${shorten(request.args[0] ?? "")} ${shorten(JSON.stringify(replies[index]))}`,
      );
      if (asksForLock(request))
        this.#fences.heard(wire.server.index, request, replies[index] as Reply | undefined);
    });
  }

  count(what: "lost" | "late" | "resent"): void {
    this.counts[what] += 1;
  }

  #lost(grant: Grant): void {
    this.say(() => `${whose(grant)} LOST: ${String(grant.lock.signal.reason).split("\n")[0]}`);
    this.record.lost(grant);
    // Its keys stay for a little longer than its lease.
    if (grant.releasedAt === Infinity) this.idleness.ended(grant, this.#time.now);
  }

  #ended(attempt: Attempt): void {
    this.idleness.waitsNoMore(attempt, this.#time.now);
    if (!this.#waiting.delete(attempt) || this.#healedAt === Infinity) return;
    const waited = this.#time.now - Math.max(attempt.askedAt, this.#healedAt);
    this.longestWaitMs = Math.max(this.longestWaitMs, waited);
  }

  /** Also at the end of a hold: an automatic extension may have revived it. */
  #checkOverlaps(grant: Grant): void {
    if (this.#promises !== "all") return;
    for (const problem of this.#leases.overlapsOf(grant)) this.violated("exclusion", problem);
  }

  #checkLease(grant: Grant): void {
    this.#leases.began(grant);
    this.#checkOverlaps(grant);
    if (this.#promises !== "all") return;
    for (const problem of this.#leases.silentLosses(grant)) this.violated("signal", problem);
  }
}

/** Nobody's look at a clock: a history is the same whether it is told or not. */
function remaining({ host, lock }: Grant): string {
  return host.watch(() => lock.remaining()).toFixed(1);
}

function whose({ client, worker, names }: Attempt): string {
  return `client ${client}, worker ${worker} (${names.join(", ")})`;
}

function shorten(text: string): string {
  return text.replaceAll(/[0-9a-f]{28}(?=[0-9a-f]{4}@)/g, "…");
}
