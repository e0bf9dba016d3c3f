import { type Clock, systemClock } from "../../src/base/clock.ts";
import { perform } from "../../src/operations/perform.ts";
import { FAILED, type Reply, type Request, YES } from "../../src/operations/request.ts";
import type { Store } from "../../src/operations/store.ts";
import type { Observation, ObservedServer } from "./observed-server.ts";
import type { Language, Step } from "./history-steps.ts";
import { type Entry, type State, TypedStore } from "./typed-store.ts";

export type Perform = (store: Store, request: Request) => Reply;

/** What one side replied and left behind. */
export interface Side {
  readonly replies: readonly (readonly unknown[])[];
  readonly state: State;
  readonly published: readonly string[];
}

export interface Compared {
  readonly lua: Side;
  readonly twin: Side;
  /** When, in ms since 1970 by the server's clock. */
  readonly atMs: number;
}

type Write<K extends string> = Extract<Step<never, K>, { readonly kind: "write" }>;

/** Keys that expire later than this are not waited for. */
const SOON_MS = 20;

/** A server and a store of this process that go through the same history at the same instants. */
export class TwinPair<A, K extends string> {
  readonly #server: ObservedServer;
  readonly #perform: Perform;
  readonly #store: TypedStore;
  readonly #language: Language<A, K>;
  #nowUs = systemClock.wall() * 1000;

  /** @param performs the twins' side; the tests of the comparison plant differences in it. */
  constructor(server: ObservedServer, language: Language<A, K>, performs: Perform = perform) {
    this.#server = server;
    this.#language = language;
    this.#perform = performs;
    const clock: Clock = { ...systemClock, wall: () => this.#nowUs / 1000 };
    this.#store = new TypedStore(clock);
  }

  /** Carries out a step on both. */
  async take(step: Step<A, K>): Promise<Compared> {
    const before = this.#store.state();
    if (step.kind === "ask")
      return this.#ask(
        step.asks.map((ask) => this.#language.requestOf(ask, before)),
        before,
      );
    if (step.kind === "write") {
      for (const name of step.names) await this.#write(step, name);
    } else if (step.kind === "delete") {
      this.#store.delete(this.#language.keyOf(step.key, step.name));
      await this.#server.delete(this.#language.keyOf(step.key, step.name));
    } else {
      const moments = Object.values(before).flatMap(momentsIn);
      const first = Math.min(...moments.filter((moment) => moment >= this.#nowMs));
      if (first < this.#nowMs + SOON_MS) await this.#server.reach(first + step.afterMs);
    }
    return this.#ask([], this.#store.state());
  }

  async #write(step: Write<K>, name: string): Promise<void> {
    const value = (step.value === "foreign" ? `foreign-${name}` : step.value).replaceAll(
      // `@5` means 5 ms from now.
      /@(-?\d+)/g,
      (_, ms) => String(this.#nowMs + Number(ms)),
    );
    const entry: Entry = {
      type: step.type,
      value: step.type === "hash" && !value.includes("=") ? "field=value" : value,
      expiresAt: this.#nowMs + step.lastingMs,
    };
    this.#store.write(this.#language.keyOf(step.key, name), entry);
    await this.#server.write(this.#language.keyOf(step.key, name), entry);
  }

  get #nowMs(): number {
    return Math.floor(this.#nowUs / 1000);
  }

  async #ask(requests: readonly Request[], before: State): Promise<Compared> {
    const seen = await this.#server.observe(requests, before);
    // Whole milliseconds, as the server counts expiries. Its counters start on a grain that both ends of it lie in.
    this.#nowUs = seen.atMs * 1000;
    this.#store.published.length = 0;
    const fromTwin = requests.map((request) => this.#performOne(request, seen));
    return {
      lua: {
        replies: seen.replies.map((reply, index) => gist(reply, requests[index]!)),
        state: seen.state,
        published: [...seen.published],
      },
      twin: {
        replies: fromTwin.map((reply, index) => gist(reply, requests[index]!)),
        state: this.#store.state(),
        published: [...this.#store.published],
      },
      atMs: seen.atMs,
    };
  }

  #performOne(request: Request, { fromUs }: Observation): Reply {
    // The grain of a counter's start is finer than a millisecond at its edge.
    this.#store.exactUs = fromUs;
    return this.#perform(this.#store, request);
  }
}

/** The expiry of a key, and the moments in its value: numbers of ms since 1970. */
function momentsIn({ value, expiresAt }: Entry): readonly number[] {
  return [expiresAt, ...Array.from(value.matchAll(/\b\d{13}\b/g), ([moment]) => Number(moment))];
}

/** A reply, less what must differ: who the two servers are, and the words that a server wraps around an error. */
function gist(reply: Reply, { operation }: Request): readonly unknown[] {
  if (typeof reply === "number") return [YES, reply];
  const [status, ...rest] = reply;
  if (status === FAILED) {
    const message = String(rest[0]);
    if (operation.name === "mutex.unknown") return [FAILED, "unknown operation"];
    return [
      FAILED,
      /WRONGTYPE|NOMARKER|OTHERKIND|TOOMANY.*|unknown mode \w+|the fencing counter .*$/.exec(message)?.[0] ??
        message,
    ];
  }
  if (operation.name !== "identify" || status !== YES) return reply;
  const [runId, uptime, timeUs, appendOnly, policy, memory, role, mode, , , marker] = rest;
  const settings = [appendOnly, policy, memory, role, mode, marker];
  // The twin has never restarted.
  const isUptime = uptime === Infinity || Number.isSafeInteger(uptime);
  const named = typeof runId === "string" && runId.length > 8;
  return [status, named, isUptime, Math.floor(Number(timeUs) / 1_000), ...settings];
}
