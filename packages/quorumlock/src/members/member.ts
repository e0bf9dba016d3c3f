import type { Deadline } from "../base/deadlines.ts";
import { asError, InstanceError } from "../base/errors.ts";
import type { Instance } from "../instances/port.ts";
import { FAILED, isYes, type Reply, type Request, YES } from "../operations/request.ts";
import { ServerCheck, type ServerCheckContext } from "./server-check.ts";
import type { ClockReading } from "./clocks.ts";
import type { Eligibility } from "./eligibility.ts";

/**
 * Takes the answer of each member that was asked. An `InstanceError` is an abstention. A late answer comes
 * after its abstention.
 */
export interface ReplyHandler {
  onReply(member: number, answer: Reply | InstanceError): void;
}

const nobody: ReplyHandler = { onReply: () => undefined };

/** Its deadlines are for the time limits of requests: they do not keep the process running. */
export type MemberContext = ServerCheckContext;

/** More of them are not kept: what is left behind then ends with its expiry. */
const MOST_OWED = 10_000;

/** What is sent in one write: requests, and who takes the answer to each. */
interface Cargo {
  readonly requests: Request[];
  readonly ballots: ReplyHandler[];
}

/** What was sent and is not answered yet. */
interface Flight extends Readonly<Cargo> {
  readonly sentAt: number;
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
 * - On each connection it asks which server this is, ahead of everything else. What a server grants although it may not
 *   counts as an abstention, and is to be undone like any other grant.
 */
export class Member {
  readonly index: number;
  readonly instance: Instance;
  readonly #context: MemberContext;
  readonly #acquaintance: ServerCheck;
  readonly #safety: Eligibility;
  readonly #stopObserving: () => void;
  #queue: Cargo = { requests: [], ballots: [] };
  #flights: Flight[] = [];
  #limit: Deadline | undefined;
  /** Undoing requests whose answer a broken connection took with it. They go out again on the next one. */
  #owed: Request[] = [];
  #down: { readonly error: InstanceError; readonly since: number } | undefined;
  #closed = false;
  #closing: Promise<void> | undefined;
  #landedAll: (() => void) | undefined;

  constructor(index: number, instance: Instance, context: MemberContext) {
    this.index = index;
    this.instance = instance;
    this.#context = context;
    this.#acquaintance = new ServerCheck(instance, context, (request, answered) => {
      // One that owes an answer is asked nothing new.
      if (this.#overdue) answered(this.#refusal());
      else this.#enqueue(request, { onReply: (_, answer) => answered(answer) });
    });
    this.#safety = this.#acquaintance.safety;
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
    return this.#acquaintance.identity;
  }

  /** How far the server's clock is from this process's, while it is known. */
  get clockReading(): ClockReading | undefined {
    return this.#acquaintance.clockReading;
  }

  /** Why it abstains from granting locks, if it does. */
  get abstention(): InstanceError | undefined {
    return this.#safety.abstention();
  }

  /** From when on it may grant locks, by the monotonic clock; `Infinity` where that is not known. */
  get eligibleAt(): number {
    if (this.#down !== undefined || !this.instance.isAvailable || !this.#safety.known) return Infinity;
    return this.#safety.until;
  }

  /** What it cannot be counted for, as far as is known. */
  get problem(): InstanceError | undefined {
    if (this.#down !== undefined || !this.instance.isAvailable) return this.#refusal();
    return this.#safety.known ? this.abstention : this.#safety.refusal();
  }

  get #overdue(): boolean {
    return this.#flights[0]?.expired === true;
  }

  /**
   * Asks the instance, unless it would not answer in time or may not grant what is asked for: then the ballot is told at
   * once and `false` is returned. One that undoes is sent nevertheless.
   */
  send(request: Request, ballot: ReplyHandler): boolean {
    if (request.operation.isGrant && this.#safety.until !== -Infinity && !this.#closed) {
      const abstention = this.#safety.abstention();
      if (abstention !== undefined) {
        ballot.onReply(this.index, abstention);
        return false;
      }
    }
    const silent = this.#closed || this.#overdue || !this.instance.isAvailable;
    const sent = !this.#closed && (request.operation.isUndo || !silent);
    if (sent) {
      // After a break the server is asked who it is, ahead of all that could make it vote.
      if (!silent) this.#acquaintance.ask();
      this.#enqueue(request, silent ? nobody : ballot);
    }
    if (silent) ballot.onReply(this.index, this.#refusal());
    return sent;
  }

  /** Asks which server this is, now and after each break of the connection; tells when it is known or cannot be. */
  identify(onIdentified: () => void): void {
    this.#acquaintance.begin(onIdentified);
  }

  /** The window of the restart guard has changed. */
  reviewEligibility(): void {
    this.#safety.review();
  }

  /** The server's clock was compared with the others': by how many ms it is ahead, where that is too far. */
  judgeClock(aheadMs: number | undefined): void {
    this.#acquaintance.judgeClock(aheadMs);
  }

  #enqueue(request: Request, ballot: ReplyHandler): void {
    const { requests, ballots } = this.#queue;
    if (requests.length === 0) this.#context.clock.nextTick(this.#flush);
    requests.push(request);
    ballots.push(ballot);
  }

  /**
   * Sends what is queued, waits for what is out as long as a request may take, and lets go of the instance.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
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
    this.#acquaintance.close();
    this.#abstain(this.#flights, new InstanceError("INSTANCE_UNAVAILABLE", "the client was closed"));
    await this.instance.close();
  }

  #refusal(): InstanceError {
    return this.#down?.error ?? new InstanceError("INSTANCE_UNAVAILABLE", "not connected");
  }

  readonly #flush = (): void => {
    const { requests, ballots } = this.#queue;
    if (requests.length === 0) return;
    this.#queue = { requests: [], ballots: [] };
    const flight: Flight = { requests, ballots, sentAt: this.#context.clock.monotonic(), expired: false };
    this.#flights.push(flight);
    this.#watch();
    this.instance.run(requests).then(
      (replies) => this.#landed(flight, replies),
      (error: unknown) => this.#crashed(flight, asError(error)),
    );
  };

  #landed(flight: Flight, replies: readonly Reply[]): void {
    this.#forget(flight);
    if (!this.#overdue) this.#up();
    const { requests, ballots, sentAt } = flight;
    for (let place = 0; place < ballots.length; place += 1) {
      const answer = toAnswer(replies[place]);
      const counts =
        sentAt >= this.#safety.until || requests[place]?.operation.isGrant !== true || !isGrant(answer);
      ballots[place]?.onReply(this.index, counts ? answer : this.#safety.refusal());
    }
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
    this.#limit = this.#context.deadlines.add(this.#dueAt(first), () => {
      this.#limit = undefined;
      // After a pause of this process the answers may lie in the socket: they are read before judging.
      this.#context.clock.afterIo(() => this.#judge());
    });
  }

  #dueAt({ sentAt }: Flight): number {
    return sentAt + this.#context.requestTimeoutMs;
  }

  #judge(): void {
    if (this.#closed) return;
    const now = this.#context.clock.monotonic();
    const late = this.#flights.filter((flight) => !flight.expired && this.#dueAt(flight) <= now);
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
    this.#acquaintance.ask();
    this.#settleDebts();
  }

  #settleDebts(): void {
    for (const request of this.#owed.splice(0)) this.#enqueue(request, nobody);
  }

  #disconnected(cause: Error): void {
    const error = new InstanceError("INSTANCE_UNAVAILABLE", cause.message || cause.name, { cause });
    this.#fell(error);
    this.#acquaintance.lost();
    this.#owe(this.#flights);
    this.#drop(error);
  }

  #owe(flights: readonly Flight[]): void {
    for (const { requests } of flights) {
      for (const request of requests) if (request.operation.isUndo) this.#owed.push(request);
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
      for (const ballot of flight.ballots) ballot.onReply(this.index, error);
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

function isGrant(answer: Reply | InstanceError): boolean {
  return !(answer instanceof InstanceError) && isYes(answer);
}

/** A yes with one number is that number, whichever of the two ways an instance has of saying so. */
function toAnswer(reply: Reply | undefined): Reply | InstanceError {
  if (reply === undefined) return new InstanceError("INSTANCE_REPLY", "the reply is missing");
  if (typeof reply === "number") return reply;
  const [status, first] = reply;
  if (status === FAILED) return new InstanceError("INSTANCE_REPLY", String(first));
  return status === YES && reply.length === 2 && typeof first === "number" ? first : reply;
}
