import { instant } from "../base/clock.ts";
import type { Deadline } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import type { Instance } from "../instances/port.ts";
import { identify, readReport } from "../operations/identify.ts";
import type { Reply, Request } from "../operations/request.ts";
import { type ClockReading, readClock } from "./clocks.ts";
import { Eligibility, type EligibilityContext } from "./eligibility.ts";

/** What an instance answered, or why it did not. A late answer comes after the error that stood for it. */
export type Answered = (answer: Reply | InstanceError) => void;

export interface ServerCheckContext extends EligibilityContext {
  readonly prefix: string;
}

/** How often a server that abstains because it is badly set up is asked whether that was mended. */
const RECHECK_MS = 10_000;

/**
 * Which server stands behind a member. It is asked on each connection, ahead of everything else; what it is like decides
 * whether it may grant locks.
 */
export class ServerCheck {
  readonly safety: Eligibility;
  readonly #instance: Instance;
  readonly #context: ServerCheckContext;
  readonly #send: (request: Request, answered: Answered) => void;
  /** The `run_id` of the last server that was met, and whether it is that of the present connection. */
  #identity: string | undefined;
  #stands = false;
  #clockReading: ClockReading | undefined;
  /** Whether the present connection's server was asked. */
  #asked = false;
  /** Counts the connections, so that an answer of a former one is not taken for that of the present server. */
  #connection = 0;
  #recheck: Deadline | undefined;
  #closed = false;
  #onMet: (() => void) | undefined;

  constructor(
    instance: Instance,
    context: ServerCheckContext,
    send: (request: Request, answered: Answered) => void,
  ) {
    this.#instance = instance;
    this.#context = context;
    this.#send = send;
    this.safety = new Eligibility(instance, context);
  }

  /** The server's `run_id`, while it is known. */
  get identity(): string | undefined {
    return this.#stands ? this.#identity : undefined;
  }

  /** How far the server's clock is from this process's, while it is known. */
  get clockReading(): ClockReading | undefined {
    return this.#stands ? this.#clockReading : undefined;
  }

  /** Asks now and after each break of the connection; tells each time when it is known or cannot be. */
  begin(onMet: () => void): void {
    this.#onMet = onMet;
    if (this.#instance.isAvailable) this.ask();
    else onMet();
  }

  /** Once on each connection. */
  ask(): void {
    if (this.#asked || this.#onMet === undefined) return;
    this.#asked = true;
    this.#identify();
  }

  /** The connection is gone: the next one may lead to another server. */
  lost(): void {
    this.#connection += 1;
    this.#asked = false;
    this.#stands = false;
    this.safety.lost();
  }

  /** The server's clock was compared with the others': by how many ms it is ahead, where that is too far. */
  judgeClock(aheadMs: number | undefined): void {
    const side = (aheadMs ?? 0) > 0 ? "ahead of" : "behind";
    this.safety.judgeClock(
      aheadMs === undefined
        ? undefined
        : `its clock is ${(Math.abs(aheadMs) / 1_000).toFixed(1)} s ${side} the others': ` +
            "fencing counters that begin there begin far from the others'; have a time server set it",
    );
    this.#watchFitness();
  }

  close(): void {
    this.#closed = true;
    this.#recheck?.cancel();
    // Whoever waits for it learns nothing any more.
    this.#onMet?.();
  }

  #identify(): void {
    const { clock, prefix } = this.#context;
    const connection = this.#connection;
    const askedAt = instant(clock);
    this.#send(identify(this.#instance.isCluster ? prefix : undefined), (answer) => {
      if (connection !== this.#connection) {
        // Who waits for it is told that nothing was learned.
        this.#onMet?.();
      } else if (answer instanceof InstanceError) {
        if (answer.code === "INSTANCE_UNAVAILABLE") this.#asked = false;
        if (answer.code === "INSTANCE_REPLY") this.safety.unidentified(answer, askedAt.monotonic);
        this.#onMet?.();
      } else {
        const report = readReport(answer);
        this.#clockReading = readClock(clock, askedAt, report.timeMs);
        this.#recognise(report.runId);
        this.safety.identified(report, askedAt.monotonic, () => this.#onMet?.());
        this.#watchFitness();
      }
    });
  }

  #recognise(identity: string): void {
    if (identity === "") return;
    const before = this.#identity;
    this.#identity = identity;
    this.#stands = true;
    if (before === undefined || before === identity) return;
    const instance = this.#instance.label;
    this.#context.events.emit("instance:restarted", { instance, before, now: identity });
  }

  /** While the server is badly set up and abstains, it is asked now and then whether that was mended. */
  #watchFitness(): void {
    if (this.#recheck !== undefined || !this.safety.unfit || this.#closed) return;
    const { clock, deadlines } = this.#context;
    this.#recheck = deadlines.add(clock.monotonic() + RECHECK_MS, () => {
      this.#recheck = undefined;
      if (this.#instance.isAvailable && !this.#closed) this.#identify();
      this.#watchFitness();
    });
  }
}
