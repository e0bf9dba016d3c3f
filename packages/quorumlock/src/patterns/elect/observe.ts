import type { Clock } from "../../base/clock.ts";
import { LockClosedError, LockTimeoutError } from "../../base/errors.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import { toSafeError } from "../../base/safe-error.ts";
import { clientOf } from "../../client/client-of.ts";
import type { Redlock } from "../../redlock.ts";
import { EventListeners } from "../event-listeners.ts";
import { checkRecordStore } from "../records/check-record.ts";
import { recordsFor } from "../records/records-for.ts";
import type { RecordStore } from "../records/record-store.ts";
import { sleep } from "../sleep.ts";
import { type Leader, leaderToken, lockNameOf, readLeader } from "./leader.ts";

/** Options of `observe`. */
export interface ObserveOptions {
  /** Where the leader is recorded: as the option of `elect`. @default `lockRecords(redlock)` */
  readonly records?: RecordStore | undefined;
}

/** The events of an observation. */
export interface ObservationEvents {
  /** Another leader leads, or none does. */
  change: { readonly leader: Leader | undefined };
  /** Too few servers answered, or the record was not read: no leader is shown, and the observation goes on. */
  problem: { readonly error: Error };
}

/** Shows who leads a group. */
export interface Observation extends AsyncDisposable {
  /**
   * The leader; `undefined` if none is known, also while the servers do not answer. It is a hint: late by a round, by a second for a new
   * leader, by one ttl after a crash, and by two at the beginning of an outage.
   */
  readonly leader: Leader | undefined;
  /** Calls the listener at every event, until the returned function is called. */
  on<Name extends keyof ObservationEvents>(
    event: Name,
    listener: (event: ObservationEvents[Name]) => void,
  ): () => void;
  /** Ends the observation. */
  stop(): Promise<void>;
}

const EVENTS: Readonly<Record<keyof ObservationEvents, true>> = { change: true, problem: true };
/** The pause between two looks while there is no leader, or its record is missing: a grant of the lock sends no message. */
const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 1_000;

/**
 * Watches who leads a group, without being a candidate. It takes no place in line, so any number of processes can do so. A leader is shown
 * only if it holds the lock, and the numbers of the leaders rise.
 *
 * ```ts
 * import { observe } from "quorumlock/patterns";
 *
 * const billing = observe(redlock, "billing");
 * billing.on("change", ({ leader }) => console.log(leader?.id ?? "no leader"));
 * await billing.stop();
 * ```
 * @throws TypeError, RangeError for a bad group or bad options, with the field and the value.
 */
export function observe(redlock: Redlock, group: string, options: ObserveOptions = {}): Observation {
  const name = lockNameOf(group);
  const { clock, options: client } = clientOf(redlock);
  checkOptions(options);
  refuseUnknownOptions(options, { records: true });
  if (options.records !== undefined) checkRecordStore("records", options.records);
  const records = recordsFor(redlock, options.records, clock);
  return new LeaderObservation(redlock, name, clock, { records, lookMs: client.ttlMs });
}

interface ObservationSettings {
  readonly records: RecordStore;
  /** How often it looks whether the servers still answer, in ms. */
  readonly lookMs: number;
}

class LeaderObservation implements Observation {
  readonly #redlock: Redlock;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #settings: ObservationSettings;
  readonly #listeners = new EventListeners<ObservationEvents>(EVENTS);
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #leader: Leader | undefined;
  /** The largest number so far. */
  #number = 0;

  constructor(redlock: Redlock, name: string, clock: Clock, settings: ObservationSettings) {
    this.#redlock = redlock;
    this.#name = name;
    this.#clock = clock;
    this.#settings = settings;
    this.#done = this.#run();
  }

  get leader(): Leader | undefined {
    return this.#leader;
  }

  on<Name extends keyof ObservationEvents>(
    event: Name,
    listener: (event: ObservationEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(event, listener);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let pauses = 0;
    while (!signal.aborted) {
      try {
        const token = await leaderToken(this.#redlock, this.#name);
        const leader =
          token === undefined ? undefined : await readLeader(this.#settings.records, this.#name, token);
        if (signal.aborted) break;
        this.#show(leader);
        if (leader !== undefined) {
          pauses = 0;
          await this.#untilEnd(token, signal);
          continue;
        }
      } catch (error) {
        if (signal.aborted || error instanceof LockClosedError) break;
        this.#listeners.emit("problem", { error: toSafeError(error) });
        // Nobody knows whether it still leads.
        this.#show(undefined);
      }
      const windowMs = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** Math.min(pauses, 10));
      pauses += 1;
      await sleep(this.#clock, windowMs * (0.5 + this.#clock.random() / 2), signal);
    }
    this.#show(undefined);
  }

  /** Waits until a holder has released the lock or lost it. @throws QuorumError if the servers do not answer for one ttl. */
  async #untilEnd(token: string | undefined, signal: AbortSignal): Promise<void> {
    // An unlimited wait would not notice an outage.
    const options = { holder: token, wait: this.#settings.lookMs, signal };
    for (;;) {
      try {
        await this.#redlock.untilFree(this.#name, options);
        return;
      } catch (error) {
        if (!(error instanceof LockTimeoutError)) throw error;
      }
    }
  }

  #show(leader: Leader | undefined): void {
    // An earlier leader would be shown only if servers had lost their memory.
    const shown = leader !== undefined && leader.number < this.#number ? undefined : leader;
    if (shown?.number === this.#leader?.number) return;
    this.#number = Math.max(this.#number, shown?.number ?? 0);
    this.#leader = shown;
    this.#listeners.emit("change", { leader: shown });
  }
}
