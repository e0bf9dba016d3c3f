import type { Clock, Timer } from "../base/clock.ts";
import type { Events } from "../base/events.ts";
import { redactUrl } from "../base/redact.ts";
import { toSafeError } from "../base/safe-error.ts";
import type { MovableInstance, Place } from "../instances/movable.ts";
import { checkSource, type InstanceSource } from "../instances/sources.ts";
import type { InstanceResolver, ResolvedHealthOptions } from "./health-options.ts";

export interface ResolutionContext {
  readonly clock: Clock;
  readonly events: Events;
  readonly options: ResolvedHealthOptions;
  readonly resolver: InstanceResolver;
  /** Whether another instance of the client is at this place. */
  isTaken(source: InstanceSource, by: MovableInstance): boolean;
}

/** The longest pause between two calls of the resolver for one instance, in intervals of the checks. */
const MAX_PAUSE_INTERVALS = 8;

/** Reasons can differ in every call, for example by the number of a request. */
const MAX_REPORTED = 16;

/** What a call of the resolver came to. The source is `undefined` for the place of the configuration. */
type Outcome = { readonly source: InstanceSource | undefined } | { readonly error: unknown };

/**
 * Finds out where one instance is that does not answer.
 *
 * - `ready`: the next check of an instance that is silent for long enough calls the resolver.
 * - `resolving`: a call is in flight. Only the first result within the time limit counts.
 * - `pausing`: until the pause is over. It is one interval, doubles with each call up to 8 intervals, and begins again at one when
 *   the instance has answered.
 */
export class AddressResolution {
  readonly #context: ResolutionContext;
  readonly #instance: MovableInstance;
  /** Set while a call is in flight. */
  #call: AbortController | undefined;
  #readyAt = -Infinity;
  #pauseMs: number;
  /** The reasons that events have reported since the instance answered last. */
  readonly #reported = new Set<string>();
  #isClosed = false;

  constructor(context: ResolutionContext, instance: MovableInstance) {
    this.#context = context;
    this.#instance = instance;
    this.#pauseMs = context.options.intervalMs;
    instance.onLeft = (left, problem) => this.#fail(new Error(`${left} ${problem}`));
  }

  /** A check found the instance at work, so what the resolver returned was right, or was not needed. */
  onAnswer(): void {
    this.#readyAt = -Infinity;
    this.#pauseMs = this.#context.options.intervalMs;
    this.#reported.clear();
  }

  /** A check found that the instance has not answered for so long. */
  onSilence(silentMs: number): void {
    const { clock, options } = this.#context;
    const isDue = silentMs >= options.resolveAfterMs && clock.monotonic() >= this.#readyAt;
    if (isDue && this.#call === undefined && !this.#isClosed) void this.#resolve(silentMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#call?.abort(new Error("the client was closed"));
  }

  async #resolve(silentMs: number): Promise<void> {
    const { clock, options } = this.#context;
    this.#call = new AbortController();
    const outcome = await this.#askResolver(silentMs, this.#call);
    this.#call = undefined;
    if (this.#isClosed) return;
    // The pause becomes shorter at random, so that the clients of a fleet do not call their resolvers at one moment.
    this.#readyAt = clock.monotonic() + this.#pauseMs * (1 - options.jitter * clock.random());
    this.#pauseMs = Math.min(2 * this.#pauseMs, MAX_PAUSE_INTERVALS * options.intervalMs);
    try {
      if ("error" in outcome) throw outcome.error;
      this.#move(outcome.source);
    } catch (error) {
      this.#fail(toSafeError(error));
    }
  }

  /** Never rejects. */
  #askResolver(silentMs: number, call: AbortController): Promise<Outcome> {
    const { clock, options, resolver } = this.#context;
    const { label: instance, address } = this.#instance;
    return new Promise((resolve) => {
      const finish = (outcome: Outcome): void => {
        limit.cancel();
        resolve(outcome);
        call.abort();
      };
      const limit: Timer = clock.setTimer(
        options.resolveTimeoutMs,
        () =>
          finish({ error: new Error(`the resolver returned nothing within ${options.resolveTimeoutMs} ms`) }),
        false,
      );
      call.signal.addEventListener("abort", () => finish({ error: call.signal.reason }), { once: true });
      new Promise<InstanceSource | undefined>((settle) => {
        settle(resolver({ instance, address, silentMs, signal: call.signal }));
      }).then(
        (source) => finish({ source }),
        (error: unknown) => finish({ error }),
      );
    });
  }

  /** @throws TypeError for a source that cannot be used. */
  #move(source: InstanceSource | undefined): void {
    const { events } = this.#context;
    const before = this.#instance.address;
    if (source !== undefined && this.#context.isTaken(source, this.#instance))
      throw new TypeError(`the resolver returned ${describe(source)}, where another instance is already`);
    const place: Place | undefined =
      source === undefined ? undefined : { source, open: checkSource(source, "the resolver returned") };
    if (!this.#instance.move(place)) return;
    events.to("instance:moved")?.({ instance: this.#instance.label, before, now: this.#instance.address });
  }

  #fail(error: Error): void {
    const reason = error.message;
    if (this.#reported.has(reason) || this.#reported.size >= MAX_REPORTED) return;
    this.#reported.add(reason);
    this.#context.events.to("instance:resolve:failed")?.({ instance: this.#instance.label, error });
  }
}

function describe(source: InstanceSource): string {
  return typeof source === "string" ? JSON.stringify(redactUrl(source)) : "a client";
}
