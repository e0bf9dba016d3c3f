import type { Clock } from "../base/clock.ts";
import { clientOf } from "../client/client-of.ts";
import type { ObservableRedlock } from "./lock-stats.ts";
import type { ReportedEvent, ReportedEventKind } from "./report-format.ts";

/** How many events are kept. */
export const MAX_EVENTS = 20;
/** An acquisition that waited longer is notable, in ms. */
const SLOW_MS = 10_000;
/** A longer subject is cut, because a report has little room. */
const MAX_SUBJECT = 120;
/** These events stay longer than the others, because they mean that work may have run without a lock, or that no lock is granted. */
const SERIOUS: ReadonlySet<ReportedEventKind> = new Set(["lost", "quorum-lost", "instance-unsafe"]);

type Kept = Omit<ReportedEvent, "agoMs"> & { readonly at: number };

/** The latest notable events of a client, at most 20. If there are more, the oldest event that is not serious is dropped. */
export class NotableEvents {
  readonly #clock: Clock;
  readonly #stops: readonly (() => void)[];
  /** The oldest first. */
  #events: Kept[] = [];
  #count = 0;

  constructor(redlock: ObservableRedlock) {
    this.#clock = clientOf(redlock).clock;
    this.#stops = [
      redlock.on("lock:lost", ({ names, cause }) => {
        // A lock that ends because its client is closed is no event.
        if (cause !== "closed") this.#add("lost", names.at(-1), cause);
      }),
      redlock.on("lock:extend:failed", ({ names, error }) =>
        this.#add("extend-failed", names.at(-1), error.code),
      ),
      redlock.on("lock:acquire:failed", ({ names, reason, error, waitMs }) => {
        // A circuit breaker can refuse many calls in a second. Its state is in the report.
        if (error.code === "LOCK_CIRCUIT_OPEN") return;
        if (reason === "no-quorum") this.#add("no-quorum", names.at(-1), "");
        if (reason === "contended" && waitMs > 0) this.#add("timed-out", names.at(-1), `${waitMs} ms`);
      }),
      redlock.on("lock:acquire:succeeded", ({ names, waitedMs }) => {
        if (waitedMs > SLOW_MS) this.#add("slow", names.at(-1), `${Math.round(waitedMs)} ms`);
      }),
      redlock.on("lock:released", ({ names, confirmed }) => {
        if (!confirmed) this.#add("unconfirmed", names.at(-1), "");
      }),
      redlock.on("instance:down", ({ instance, error }) => this.#add("instance-down", instance, error.code)),
      redlock.on("instance:up", ({ instance, downMs }) =>
        this.#add("instance-up", instance, `${Math.round(downMs)} ms`),
      ),
      redlock.on("instance:restarted", ({ instance }) => this.#add("instance-restarted", instance, "")),
      redlock.on("instance:unsafe", ({ instance, cause }) => this.#add("instance-unsafe", instance, cause)),
      redlock.on("quorum:lost", ({ voting, quorum }) =>
        this.#add("quorum-lost", "", `${voting} of ${quorum} votes`),
      ),
      redlock.on("quorum:restored", ({ lostMs }) =>
        this.#add("quorum-restored", "", `${Math.round(lostMs)} ms`),
      ),
    ];
  }

  /** How many events there were so far. */
  get count(): number {
    return this.#count;
  }

  /** The kept events, the newest first. */
  list(): readonly ReportedEvent[] {
    const now = this.#clock.monotonic();
    return this.#events.toReversed().map(({ at, ...event }) => ({ ...event, agoMs: now - at }));
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #add(kind: ReportedEventKind, subject: string | undefined, detail: string): void {
    this.#count += 1;
    const cut = (subject ?? "").slice(0, MAX_SUBJECT);
    const event = { number: this.#count, kind, subject: cut, detail, at: this.#clock.monotonic() };
    this.#events.push(event);
    if (this.#events.length <= MAX_EVENTS) return;
    const index = this.#events.findIndex((each) => !SERIOUS.has(each.kind));
    this.#events.splice(Math.max(0, index), 1);
  }
}
