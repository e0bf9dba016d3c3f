import type { Clock } from "../clock.ts";
import type { Deadline, Deadlines } from "../deadlines.ts";
import { asError, InstanceError } from "../errors.ts";
import type { Events } from "../events.ts";
import type { Instance } from "../instances/port.ts";
import { identify } from "../operations/identify.ts";
import { FAILED, type Reply, type Request } from "../operations/request.ts";

/**
 * Takes the answer of each member that was asked. An `InstanceError` is an abstention. A late answer comes
 * after its abstention.
 */
export interface Ballot {
  answered(member: number, answer: Reply | InstanceError): void;
}

const nobody: Ballot = { answered: () => undefined };

export interface MemberContext {
  readonly clock: Clock;
  /** For the time limits of requests: they do not keep the process running. */
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly requestTimeoutMs: number;
  readonly prefix: string;
}

interface Entry {
  readonly request: Request;
  readonly ballot: Ballot;
  /** Takes back what was sent before: a release or a withdrawal. */
  readonly undoes: boolean;
}

/** More of them are not kept: what is left behind then ends with its expiry. */
const MOST_OWED = 10_000;

/** What was sent in one write and is not answered yet. */
interface Flight {
  readonly entries: readonly Entry[];
  readonly dueAt: number;
  /** Its ballots were told already that this member abstains. */
  expired: boolean;
}

/**
 * An instance with an identity and a place among the members.
 *
 * - Requests of one tick travel together. Those that are not answered within the time limit abstain; their late answers
 *   are told as well.
 * - `up`: answers. `overdue`: something was sent that should have been answered. Nothing new is sent then but
 *   withdrawals and releases of what was sent before, so that a hung server costs nothing and its backlog stays bounded.
 *   It ends when the answer comes or the connection breaks. `disconnected`: no connection; ends with the next one.
 * - On each connection it asks for the server's `run_id`, ahead of everything else.
 */
export class Member {
  readonly index: number;
  readonly instance: Instance;
  readonly #context: MemberContext;
  readonly #stopObserving: () => void;
  #queue: Entry[] = [];
  #flights: Flight[] = [];
  #limit: Deadline | undefined;
  /** Undoing requests whose answer a broken connection took with it. They go out again on the next one. */
  #owed: Request[] = [];
  /** The `run_id` of the last server that was met. */
  #identity: string | undefined;
  /** Whether the present connection's server was asked for it, and has told it. */
  #identityAsked = false;
  #identityStands = false;
  #onIdentified: (() => void) | undefined;
  #down: { readonly error: InstanceError; readonly since: number } | undefined;
  #closed = false;
  #landedAll: (() => void) | undefined;

  constructor(index: number, instance: Instance, context: MemberContext) {
    this.index = index;
    this.instance = instance;
    this.#context = context;
    this.#stopObserving = instance.observe({
      connected: () => this.#connected(),
      disconnected: (error) => this.#disconnected(error),
    });
  }

  get label(): string {
    return this.instance.label;
  }

  /** The server's `run_id`, while it is known. */
  get identity(): string | undefined {
    return this.#identityStands ? this.#identity : undefined;
  }

  get #overdue(): boolean {
    return this.#flights[0]?.expired === true;
  }

  /**
   * Asks the instance, unless it would not answer in time: then the ballot is told at once and `false` is
   * returned. With `always` the request is sent nevertheless: what was sent before must be undone, in order,
   * whenever the instance gets to it.
   */
  ask(request: Request, ballot: Ballot, always: boolean): boolean {
    const silent = this.#closed || this.#overdue || !this.instance.available;
    const sent = !this.#closed && (always || !silent);
    if (sent) {
      // After a break the server is asked who it is, ahead of all that could make it vote.
      if (!silent) this.#askIdentity();
      this.#enqueue({ request, ballot: silent ? nobody : ballot, undoes: always });
    }
    if (silent) ballot.answered(this.index, this.#refusal());
    return sent;
  }

  /** Asks which server this is, now and after each break of the connection; tells when it is known or cannot be. */
  identify(onIdentified: () => void): void {
    this.#onIdentified = onIdentified;
    if (this.instance.available) this.#askIdentity();
    else onIdentified();
  }

  #enqueue(entry: Entry): void {
    if (this.#queue.length === 0) this.#context.clock.soon(this.#flush);
    this.#queue.push(entry);
  }

  #askIdentity(): void {
    if (this.#identityAsked || this.#onIdentified === undefined) return;
    this.#identityAsked = true;
    const ballot: Ballot = {
      answered: (_, answer) => {
        if (!(answer instanceof InstanceError)) this.#recognise(String(answer[1]));
        else if (answer.code === "INSTANCE_UNAVAILABLE") this.#identityAsked = false;
        this.#onIdentified?.();
      },
    };
    this.#enqueue({ request: identify(this.#context.prefix), ballot, undoes: false });
  }

  /**
   * Sends what is queued, waits for what is out as long as a request may take, and lets go of the instance.
   */
  async close(): Promise<void> {
    this.#flush();
    this.#closed = true;
    if (this.#flights.some(({ expired }) => !expired)) {
      const { clock, deadlines, requestTimeoutMs } = this.#context;
      await new Promise<void>((resolve) => {
        this.#landedAll = resolve;
        deadlines.add(clock.monotonic() + requestTimeoutMs, resolve);
      });
    }
    this.#stopObserving();
    this.#limit?.cancel();
    this.#abstain(this.#flights, new InstanceError("INSTANCE_UNAVAILABLE", "the client was closed"));
    await this.instance.close();
  }

  #refusal(): InstanceError {
    return this.#down?.error ?? new InstanceError("INSTANCE_UNAVAILABLE", "not connected");
  }

  readonly #flush = (): void => {
    const entries = this.#queue;
    if (entries.length === 0) return;
    this.#queue = [];
    const dueAt = this.#context.clock.monotonic() + this.#context.requestTimeoutMs;
    const flight: Flight = { entries, dueAt, expired: false };
    this.#flights.push(flight);
    this.#watch();
    this.instance.run(entries.map(({ request }) => request)).then(
      (replies) => this.#landed(flight, replies),
      (error: unknown) => this.#crashed(flight, asError(error)),
    );
  };

  #landed(flight: Flight, replies: readonly Reply[]): void {
    this.#forget(flight);
    if (!this.#overdue) this.#up();
    flight.entries.forEach(({ ballot }, index) => {
      ballot.answered(this.index, toAnswer(replies[index]));
    });
  }

  #crashed(flight: Flight, cause: Error): void {
    // One that was dropped with its connection has been seen to already.
    if (!this.#forget(flight)) return;
    this.#owe([flight]);
    if (flight.expired) return;
    const error = new InstanceError("INSTANCE_UNAVAILABLE", cause.message, { cause });
    this.#fell(error);
    this.#abstain([flight], error);
  }

  /** Whether it was still out. */
  #forget(flight: Flight): boolean {
    const place = this.#flights.indexOf(flight);
    if (place >= 0) this.#flights.splice(place, 1);
    if (this.#flights.length === 0) this.#landedAll?.();
    return place >= 0;
  }

  /**
   * Keeps one time limit, that of the oldest flight when it was set. Answers leave it alone: it looks again
   * when due.
   */
  #watch(): void {
    if (this.#limit !== undefined) return;
    const first = this.#flights.find(({ expired }) => !expired);
    if (first === undefined) return;
    this.#limit = this.#context.deadlines.add(first.dueAt, () => {
      this.#limit = undefined;
      // After a pause of this process the answers may lie in the socket: they are read before judging.
      this.#context.clock.afterIo(() => this.#judge());
    });
  }

  #judge(): void {
    if (this.#closed) return;
    const now = this.#context.clock.monotonic();
    const late = this.#flights.filter(({ expired, dueAt }) => !expired && dueAt <= now);
    if (late.length > 0) {
      const limit = this.#context.requestTimeoutMs;
      const error = new InstanceError("INSTANCE_TIMEOUT", `no answer within ${Math.round(limit)} ms`);
      this.#fell(error);
      this.#abstain(late, error);
    }
    this.#watch();
  }

  #connected(): void {
    // What is overdue was sent on another connection, or waited for this one: it says nothing about how fast the server is.
    this.#flights = this.#flights.filter(({ expired }) => !expired);
    this.#askIdentity();
    this.#settleDebts();
  }

  #settleDebts(): void {
    for (const request of this.#owed.splice(0)) this.#enqueue({ request, ballot: nobody, undoes: true });
  }

  #disconnected(cause: Error): void {
    const error = new InstanceError("INSTANCE_UNAVAILABLE", cause.message || cause.name, { cause });
    this.#fell(error);
    this.#identityStands = false;
    this.#identityAsked = false;
    this.#owe(this.#flights);
    this.#drop(error);
  }

  #owe(flights: readonly Flight[]): void {
    for (const { entries } of flights) {
      for (const { request, undoes } of entries) if (undoes) this.#owed.push(request);
    }
    this.#owed.splice(0, this.#owed.length - MOST_OWED);
  }

  /** Their ballots are told; answers that come nevertheless change nothing. */
  #drop(error: InstanceError): void {
    this.#abstain(this.#flights, error);
    this.#flights = [];
    this.#landedAll?.();
  }

  #abstain(flights: readonly Flight[], error: InstanceError): void {
    for (const flight of flights) {
      if (flight.expired) continue;
      flight.expired = true;
      for (const { ballot } of flight.entries) ballot.answered(this.index, error);
    }
  }

  #recognise(identity: string): void {
    if (identity === "") return;
    const before = this.#identity;
    this.#identity = identity;
    this.#identityStands = true;
    if (before !== undefined && before !== identity) {
      this.#context.events.emit("instance:restarted", { instance: this.label, before, now: identity });
    }
  }

  #fell(error: InstanceError): void {
    if (this.#closed) return;
    const first = this.#down === undefined;
    this.#down = { error, since: this.#down?.since ?? this.#context.clock.monotonic() };
    if (first) this.#context.events.emit("instance:down", { instance: this.label, error });
  }

  #up(): void {
    if (this.#down === undefined || this.#closed) return;
    const downMs = this.#context.clock.monotonic() - this.#down.since;
    this.#down = undefined;
    this.#settleDebts();
    this.#context.events.emit("instance:up", { instance: this.label, downMs });
  }
}

function toAnswer(reply: Reply | undefined): Reply | InstanceError {
  if (reply === undefined) return new InstanceError("INSTANCE_REPLY", "the reply is missing");
  if (reply[0] === FAILED) return new InstanceError("INSTANCE_REPLY", String(reply[1]));
  return reply;
}
