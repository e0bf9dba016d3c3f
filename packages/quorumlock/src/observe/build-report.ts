import { assert } from "../base/assert.ts";
import { MAX_REPORT_LENGTH } from "../operations/limits.ts";
import type { Histogram } from "./histogram.ts";
import { type RecordReading, RECORDS } from "./record-reading.ts";
import type { LockStats } from "./lock-stats.ts";
import { MAX_EVENTS, type NotableEvents } from "./notable-events.ts";
import type { ProcessReport, ReportedClass, ReportedHistogram, ReportedServer } from "./report-format.ts";
import type { CircuitState } from "../policies/circuit-breaker.ts";
import {
  type WireClass,
  wireClass,
  type WireEvent,
  wireEvent,
  wireHistogram,
  type WireHold,
  wireHold,
  type WireReport,
  type WireWait,
  wireWait,
} from "./report-wire.ts";

const MAX_ENTRIES = 50;
/** How many servers a report names. */
const MAX_SERVERS = 20;
/** The servers and the circuit breakers take at most this, so that most of the room is left for locks. */
const SERVER_SHARE = 0.25;
const BREAKER_SHARE = 0.15;
/** No class takes more than this for its histograms, so that others have some. */
const COUNTER_SHARE = 0.35;
const ENTRY_SHARE = 0.2;

/** The parts of a report that do not come from the figures. */
export type ReportHead = Pick<
  ProcessReport,
  "schema" | "id" | "sequence" | "process" | "client" | "breakers"
>;

/**
 * The text of a report, at most 8 kB. It takes the most important entries of each kind first, up to a share of the room, then the
 * histograms, and then what else fits. What does not fit is counted.
 */
export function buildReport(head: ReportHead, stats: LockStats, events: NotableEvents): string {
  const readings = stats[RECORDS]().toSorted((a, b) => weightOf(b) - weightOf(a));
  const holds = stats.holds();
  const waits = stats.waits();
  const room = new Room();
  const parts = {
    servers: new Part<ReportedServer>(room, head.client.servers.slice(0, MAX_SERVERS)),
    breakers: new Part<readonly [name: string, state: CircuitState]>(room, Object.entries(head.breakers)),
    classes: new Part<WireClass>(
      room,
      readings.map((reading) => wireClass(classOf(reading))),
    ),
    holds: new Part<WireHold>(
      room,
      holds
        .slice(0, MAX_ENTRIES)
        .map(({ names, durationMs, fence = 0, tokenId = "", kind, mode, ttlMs = 0 }) =>
          wireHold({ names, durationMs, fence, tokenId, kind, mode, ttlMs }),
        ),
    ),
    waits: new Part<WireWait>(room, waits.slice(0, MAX_ENTRIES).map(wireWait)),
    events: new Part<WireEvent>(room, events.list().slice(0, MAX_EVENTS).map(wireEvent)),
  };
  const totals = {
    classes: readings.length,
    holds: holds.length,
    waits: waits.length,
    events: events.count,
    servers: head.client.servers.length,
    breakers: Object.keys(head.breakers).length,
  };
  const client = { ...head.client, servers: [] };
  const lists = { classes: [], holds: [], waits: [], events: [] };
  const empty: WireReport = { ...head, client, breakers: {}, ...lists, omitted: totals };
  assert(room.take(byteLength(empty)), "the texts of the head are short");
  parts.servers.fill(room.left * SERVER_SHARE);
  parts.breakers.fill(room.left * BREAKER_SHARE);
  const all = room.left;
  parts.classes.fill(all * COUNTER_SHARE);
  for (const part of [parts.holds, parts.waits, parts.events]) part.fill(all * ENTRY_SHARE);
  const classes = withHistograms(room, parts.classes, readings);
  for (const part of [parts.holds, parts.waits, parts.events, parts.classes]) part.fill(all);
  const report: WireReport = {
    ...head,
    client: { ...client, servers: parts.servers.chosen },
    breakers: Object.fromEntries(parts.breakers.chosen),
    classes: [...classes, ...parts.classes.chosen.slice(classes.length)],
    holds: parts.holds.chosen,
    waits: parts.waits.chosen,
    events: parts.events.chosen,
    omitted: {
      classes: totals.classes - parts.classes.chosen.length,
      holds: totals.holds - parts.holds.chosen.length,
      waits: totals.waits - parts.waits.chosen.length,
      events: totals.events - parts.events.chosen.length,
      servers: totals.servers - parts.servers.chosen.length,
      breakers: totals.breakers - parts.breakers.chosen.length,
    },
  };
  return JSON.stringify(report);
}

/** The bytes that are left. */
class Room {
  left = MAX_REPORT_LENGTH;

  take(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }
}

/** The entries of one kind, the most important first. An entry that is too large is left out, and the next one is tried. */
class Part<Entry> {
  readonly chosen: Entry[] = [];
  readonly #room: Room;
  readonly #entries: readonly Entry[];
  #next = 0;
  #used = 0;

  constructor(room: Room, entries: readonly Entry[]) {
    this.#room = room;
    this.#entries = entries;
  }

  /** Takes entries until the kind has used `share` bytes. */
  fill(share: number): void {
    for (; this.#next < this.#entries.length; this.#next += 1) {
      const entry = this.#entries[this.#next]!;
      // And a comma.
      const bytes = byteLength(entry) + 1;
      const isFull = this.#used + bytes > share;
      if (isFull && this.#used > 0) return;
      if (isFull || !this.#room.take(bytes)) continue;
      this.#used += bytes;
      this.chosen.push(entry);
    }
  }
}

/** The chosen classes, with their histograms as far as there is room. */
function withHistograms(
  room: Room,
  { chosen }: Part<WireClass>,
  readings: readonly RecordReading[],
): readonly WireClass[] {
  const byName = new Map(readings.map(({ resource, record }) => [resource, record]));
  return chosen.map((each): WireClass => {
    const record = byName.get(each[0])!;
    const [waits, holds] = [record.waits, record.holds].map((histogram) =>
      wireHistogram(reportedHistogram(histogram)),
    ) as [ReturnType<typeof wireHistogram>, ReturnType<typeof wireHistogram>];
    return room.take(byteLength(waits) + byteLength(holds) + 2)
      ? ([...each, waits, holds] as unknown as WireClass)
      : each;
  });
}

function reportedHistogram(histogram: Histogram): ReportedHistogram {
  return { sumMs: histogram.sumMs, maxMs: histogram.maxMs ?? 0, buckets: [...histogram.buckets()] };
}

function classOf({ resource, record, oldestWaitMs, longestHoldMs }: RecordReading): ReportedClass {
  const { counts, active, waiters, votes } = record;
  return {
    resource,
    counts,
    active,
    waiters,
    oldestWaitMs,
    longestHoldMs,
    votes,
    waits: undefined,
    holds: undefined,
  };
}

/** Classes with waiters and losses come first, then those with the most acquisitions. */
function weightOf({ record: { counts, waiters } }: RecordReading): number {
  const losses = counts.lost.expired + counts.lost.taken;
  return (
    waiters * 1e9 + losses * 1e6 + counts.acquired + counts.timedOut + counts.noQuorum + counts.contended
  );
}

/** The start of a text that has at most `max` bytes as JSON, without the quotes. */
export function cutToBytes(text: string, max: number): string {
  let [start, bytes] = ["", 0];
  for (const character of text) {
    bytes += byteLength(character) - 2;
    if (bytes > max) break;
    start += character;
  }
  return start;
}

function byteLength(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
