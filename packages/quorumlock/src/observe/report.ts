import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { checkWholeNumber } from "../base/check-whole-number.ts";
import type { Timer } from "../base/clock.ts";
import { formatValue } from "../base/check-value.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions } from "../base/options.ts";
import { VERSION } from "../base/version.ts";
import { canHaveNote } from "../members/set-notes.ts";
import { ask } from "./ask-member.ts";
import type { Client } from "../client/client.ts";
import { clientOf } from "../client/client-of.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { removeReport, writeReport } from "../operations/report.ts";
import { type BreakerStates, checkBreakers } from "./breaker-states.ts";
import { buildReport, cutToBytes } from "./build-report.ts";
import type { LockStats, ObservableRedlock } from "./lock-stats.ts";
import { NotableEvents } from "./notable-events.ts";
import { RECORDS } from "./record-reading.ts";
import { REPORT_SCHEMA, type ReportedClient } from "./report-format.ts";

/** The default time between two reports, in ms. A report lasts 15 s, so one that is late by 10 s does no harm. */
const INTERVAL_MS = 5_000;
/** With a longer interval, one report that is lost would make the process disappear. */
const MAX_INTERVAL_MS = 7_000;
/** Each pause is shorter than the interval by up to this share, so that many processes do not write at the same time. */
const JITTER = 0.2;
/** Longer texts of the process are cut to this many bytes, because a report has little room. */
const MAX_TEXT_BYTES = 200;
const RUN_ID_LENGTH = 8;
const FINGERPRINT_LENGTH = 16;

/** Options of `report`. */
export interface ReportOptions {
  /** The time between two reports, in ms, less up to a fifth. A whole number from 1_000 to 7_000. @default 5_000 */
  readonly interval?: number | undefined;
  /** Circuit breakers whose state is reported, by a name for each. At most 20. @default none */
  readonly breakers?: BreakerStates | undefined;
}

/** Reports that are written until `stop()`. */
export interface Reporter extends AsyncDisposable {
  /** The id of this reporter: 32 random hexadecimal digits. */
  readonly id: string;
  /**
   * Ends the reports, and removes the latest one. Resolves when the instances have answered, at the latest after the time limit of a
   * request. Call it before `redlock.close()`; without it, the report expires after 15 s.
   */
  stop(): Promise<void>;
}

/**
 * Writes a summary of this process to all instances every 5 s, where it expires after 15 s: for the monitor and the command line
 * (docs/observability.md). It is only a hint: no lock waits for it, and errors are dropped. It does not keep the process running.
 *
 * ```ts
 * import { LockStats, report } from "quorumlock/observe";
 * const reporter = report(redlock, new LockStats(redlock));
 * await reporter.stop(); // before the process ends
 * ```
 * @param stats the figures to report: of this client, and of others if they count them as well.
 * @throws TypeError, RangeError for bad arguments, with the field and the value.
 */
export function report(redlock: ObservableRedlock, stats: LockStats, options: ReportOptions = {}): Reporter {
  const client = clientOf(redlock);
  if (typeof stats !== "object" || stats === null || !(RECORDS in stats))
    throw new TypeError(`stats: ${formatValue(stats)} must be a LockStats`);
  checkOptions(options);
  refuseUnknownOptions(options, { interval: true, breakers: true });
  const { interval = INTERVAL_MS } = options;
  const intervalMs = checkWholeNumber("interval", interval, 1_000, MAX_INTERVAL_MS);
  const writer = new ReportWriter(client, redlock, stats, intervalMs, checkBreakers(options.breakers));
  const stop = (): Promise<void> => writer.stop();
  return { id: writer.id, stop, [Symbol.asyncDispose]: stop };
}

class ReportWriter {
  readonly id: string;
  readonly #client: Client;
  readonly #stats: LockStats;
  readonly #events: NotableEvents;
  readonly #intervalMs: number;
  readonly #breakers: BreakerStates;
  #sequence = 0;
  #isStopped = false;
  #timer: Timer | undefined;

  constructor(
    client: Client,
    redlock: ObservableRedlock,
    stats: LockStats,
    intervalMs: number,
    breakers: BreakerStates,
  ) {
    this.#client = client;
    this.#stats = stats;
    this.#intervalMs = intervalMs;
    this.#breakers = breakers;
    this.#events = new NotableEvents(redlock);
    this.id = client.clock.randomToken();
    this.#setTimer(0);
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#events.stop();
    const { isClosed, prefix, members } = this.#client;
    if (isClosed) return;
    const request = removeReport(keySpaceOf(prefix), this.id);
    await Promise.all(members.voters.members.filter(canHaveNote).map((member) => ask(member, request)));
  }

  #setTimer(delayMs: number): void {
    this.#timer = this.#client.clock.setTimer(delayMs, () => void this.#onTime(), false);
  }

  async #onTime(): Promise<void> {
    const { clock, members, prefix } = this.#client;
    if (!members.isIdentified) await members.identifyAll().catch(() => undefined);
    if (this.#client.isClosed) {
      this.#isStopped = true;
      this.#events.stop();
    }
    if (this.#isStopped) return;
    this.#client.sendHint(writeReport(keySpaceOf(prefix), this.id, this.#build()), () => undefined);
    this.#setTimer(this.#intervalMs * (1 - JITTER * clock.random()));
  }

  #build(): string {
    this.#sequence += 1;
    const { options, clock } = this.#client;
    const head = {
      schema: REPORT_SCHEMA,
      id: this.id,
      sequence: this.#sequence,
      process: {
        pid: process.pid,
        // Whole, because readers compare it with the owner in tokens. It has at most 128 characters.
        owner: options.tokenSuffix.slice(1),
        host: cutToBytes(hostname(), MAX_TEXT_BYTES),
        version: VERSION,
        uptimeMs: Math.max(0, Math.round(clock.wall() - this.#stats.startedAt)),
      },
      client: describeClient(this.#client),
      breakers: Object.fromEntries(Object.entries(this.#breakers).map(([name, { state }]) => [name, state])),
    } as const;
    return buildReport(head, this.#stats, this.#events);
  }
}

function describeClient({ members, options, prefix, driftFactor, quorumContext }: Client): ReportedClient {
  const { current, members: all } = members.voters;
  return {
    id: quorumContext.clientId,
    prefix: cutToBytes(prefix, MAX_TEXT_BYTES),
    driftFactor,
    ttlMs: options.ttlMs,
    restartWindowMs: members.windowMs,
    quorum: Math.floor(current.length / 2) + 1,
    fingerprint: fingerprintOf(current.map(({ identity }) => identity)),
    servers: all.map(({ label, identity, silentSince, instance }) => ({
      label: cutToBytes(label, MAX_TEXT_BYTES),
      runId: identity?.slice(0, RUN_ID_LENGTH),
      isAnswering: instance.isAvailable && silentSince === undefined,
    })),
  };
}

/** `undefined` while a run id is not known. */
function fingerprintOf(identities: readonly (string | undefined)[]): string | undefined {
  const known = identities.filter((identity) => identity !== undefined);
  if (known.length < identities.length) return undefined;
  const text = known.toSorted((a, b) => (a < b ? -1 : 1)).join(" ");
  return createHash("sha256").update(text).digest("hex").slice(0, FINGERPRINT_LENGTH);
}
