import type { LockEvents } from "../../base/events.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import { VERSION } from "../../base/version.ts";
import { clientOf } from "../../client/client-of.ts";
import type { ObservableRedlock } from "../lock-stats.ts";
import { safeText } from "../safe-text.ts";
import { shortToken } from "../short-token.ts";
import type { Attributes, OpenTelemetryApi, OtelSpan, OtelTracer } from "./api.ts";
import { checkApi } from "./check-api.ts";

/** SpanKind.CLIENT, and SpanStatusCode.ERROR. */
const CLIENT = 2;
const ERROR = 2;
/** A lock on a thousand names has the first of them only. */
const MAX_NAMES = 20;

/** Options of `traceLocks`. */
export interface TraceLocksOptions {
  /** The module `@opentelemetry/api`, 1.x. */
  readonly api: OpenTelemetryApi;
}

/** An acquisition and its lock. The spans are `undefined` before they begin and after they end. */
interface Course {
  /** The context of the caller. */
  readonly context: object;
  acquire: OtelSpan | undefined;
  hold: OtelSpan | undefined;
}

/**
 * Makes a span for each acquisition, as a child of the span that is active in the caller, and a span for each hold, which is linked to
 * that of the acquisition (docs/observability.md).
 *
 * ```ts
 * import * as api from "@opentelemetry/api";
 * import { traceLocks } from "quorumlock/opentelemetry";
 * const stop = traceLocks(redlock, { api });
 * ```
 * @returns a function that stops it. It ends the spans that are open.
 * @throws TypeError for something else than a client or the module, and for bad options.
 */
export function traceLocks(redlock: ObservableRedlock, options: TraceLocksOptions): () => void {
  clientOf(redlock);
  checkOptions(options);
  refuseUnknownOptions(options, { api: true });
  const tracer = checkApi(options.api).trace.getTracer("quorumlock", VERSION);
  const courses = new LockSpans(options.api, tracer);
  const stops = [
    redlock.on("lock:acquire:started", (event) => courses.onStarted(event)),
    redlock.on("lock:acquire:succeeded", (event) => courses.onSucceeded(event)),
    redlock.on("lock:acquire:failed", (event) => courses.onFailed(event)),
    redlock.on("lock:attached", (event) => courses.onAttached(event)),
    redlock.on("lock:wait:started", ({ id }) => courses.addEvent(id, "lock.wait.started")),
    redlock.on("lock:wait:ended", ({ id }) => courses.addEvent(id, "lock.wait.ended")),
    redlock.on("lock:extended", ({ id, ttlMs }) =>
      courses.addEvent(id, "lock.extended", { "redlock.ttl_ms": ttlMs }),
    ),
    redlock.on("lock:extend:failed", ({ id, error }) =>
      courses.addEvent(id, "lock.extend.failed", { "error.message": safeText(error.message) }),
    ),
    redlock.on("lock:converted", ({ id, mode }) =>
      courses.addEvent(id, "lock.converted", { "redlock.mode": mode }),
    ),
    redlock.on("lock:released", (event) => courses.onReleased(event)),
    redlock.on("lock:detached", (event) => courses.endHold(event, "detached")),
    redlock.on("lock:lost", (event) => courses.onLost(event)),
  ];
  return () => {
    for (const stop of stops) stop();
    courses.end();
  };
}

/** The open spans of one client. An entry is removed with the last event of its course. */
class LockSpans {
  readonly #api: OpenTelemetryApi;
  readonly #tracer: OtelTracer;
  readonly #courses = new Map<number, Course>();

  constructor(api: OpenTelemetryApi, tracer: OtelTracer) {
    this.#api = api;
    this.#tracer = tracer;
  }

  /** The listener runs during the call, so the active context is that of the caller. */
  onStarted({ id, names, kind, mode, ttlMs, waitMs }: LockEvents["lock:acquire:started"]): void {
    const context = this.#api.context.active();
    const acquire = this.#start("lock.acquire", context, {
      ...nameAttributes(names),
      "redlock.kind": kind,
      "redlock.mode": mode,
      "redlock.ttl_ms": ttlMs,
      // Without a limit there is no attribute, because backends cannot store infinity.
      ...(Number.isFinite(waitMs) && { "redlock.wait_limit_ms": waitMs }),
    });
    this.#courses.set(id, { context, acquire, hold: undefined });
  }

  onSucceeded(event: LockEvents["lock:acquire:succeeded"]): void {
    const { id, waitedMs, attempts, rounds, votes, fence } = event;
    const course = this.#courses.get(id);
    if (course === undefined) return;
    const { acquire, context } = course;
    acquire?.setAttributes({
      "redlock.outcome": "acquired",
      "redlock.waited_ms": waitedMs,
      "redlock.attempts": attempts,
      "redlock.rounds": rounds,
      "redlock.votes": votes,
      "redlock.fence": fence,
    });
    acquire?.end();
    course.hold = this.#startHold(event, context, acquire);
    course.acquire = undefined;
  }

  onFailed({ id, reason, error, waitedMs, waitMs, attempts }: LockEvents["lock:acquire:failed"]): void {
    const acquire = this.#courses.get(id)?.acquire;
    this.#courses.delete(id);
    if (acquire === undefined) return;
    acquire.setAttributes({
      "redlock.outcome": reason,
      "redlock.waited_ms": waitedMs,
      "redlock.attempts": attempts,
    });
    // A single attempt that finds the lock held, and a caller that gives up, are no errors.
    const isError = reason === "no-quorum" || reason === "refused" || (reason === "contended" && waitMs > 0);
    if (isError) {
      acquire.setAttributes({ "error.type": error.code ?? error.name });
      acquire.setStatus({ code: ERROR, message: safeText(error.message) });
    }
    acquire.end();
  }

  onAttached(event: LockEvents["lock:attached"]): void {
    const context = this.#api.context.active();
    this.#courses.set(event.id, {
      context,
      acquire: undefined,
      hold: this.#startHold(event, context, undefined),
    });
  }

  onReleased(event: LockEvents["lock:released"]): void {
    this.#courses.get(event.id)?.hold?.setAttributes({ "redlock.release.confirmed": event.confirmed });
    this.endHold(event, "released");
  }

  onLost(event: LockEvents["lock:lost"]): void {
    const { id, cause, error } = event;
    const hold = this.#courses.get(id)?.hold;
    hold?.setAttributes({ "error.type": error.code, "redlock.loss.cause": cause });
    hold?.setStatus({ code: ERROR, message: safeText(error.message) });
    this.endHold(event, "lost");
  }

  endHold({ id, heldMs }: { readonly id: number; readonly heldMs: number }, outcome: string): void {
    const hold = this.#courses.get(id)?.hold;
    this.#courses.delete(id);
    hold?.setAttributes({ "redlock.outcome": outcome, "redlock.held_ms": heldMs });
    hold?.end();
  }

  addEvent(id: number, name: string, attributes?: Attributes): void {
    const course = this.#courses.get(id);
    (course?.acquire ?? course?.hold)?.addEvent(name, attributes);
  }

  /** Ends all spans that are open, because their last event will not come. */
  end(): void {
    for (const { acquire, hold } of this.#courses.values()) {
      acquire?.end();
      hold?.end();
    }
    this.#courses.clear();
  }

  #startHold(
    {
      names,
      kind,
      mode,
      token,
      fence,
      ttlMs,
    }: Pick<LockEvents["lock:acquire:succeeded"], "names" | "kind" | "mode" | "token" | "fence" | "ttlMs">,
    context: object,
    acquire: OtelSpan | undefined,
  ): OtelSpan {
    const attributes = {
      ...nameAttributes(names),
      "redlock.kind": kind,
      "redlock.mode": mode,
      "redlock.ttl_ms": ttlMs,
      "redlock.fence": fence,
      "redlock.token_id": shortToken(token),
    };
    const links = acquire === undefined ? [] : [{ context: acquire.spanContext() }];
    return this.#start("lock.hold", context, attributes, links);
  }

  #start(
    name: string,
    context: object,
    attributes: Attributes,
    links: readonly { readonly context: object }[] = [],
  ): OtelSpan {
    return this.#tracer.startSpan(name, { kind: CLIENT, attributes, links } as never, context as never);
  }
}

function nameAttributes(names: readonly string[]): Attributes {
  return { "redlock.names": names.slice(0, MAX_NAMES), "redlock.name_count": names.length };
}
