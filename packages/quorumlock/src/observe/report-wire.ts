import type { LossCause } from "../base/events.ts";
import { MAX_BUCKETS, type BucketCount } from "./histogram.ts";
import type { ClassCounts } from "./class-record.ts";
import {
  type OmittedCounts,
  type ProcessReport,
  REPORT_SCHEMA,
  type ReportedClass,
  type ReportedEvent,
  type ReportedHistogram,
  type ReportedHold,
  type ReportedWait,
} from "./report-format.ts";

// The text of a report: JSON with lists in place of objects where there are many of them, so that much fits into 8 kB.

type CountField = Exclude<keyof ClassCounts, "lost">;
/** The order of the counts in a list. Add new ones at the end. */
const COUNT_FIELDS = [
  "acquired",
  "contended",
  "timedOut",
  "noQuorum",
  "aborted",
  "closed",
  "refused",
  "extended",
  "extensionsFailed",
  "releasedConfirmed",
  "releasedUnconfirmed",
  "handedOver",
  "detached",
  "attached",
] as const satisfies readonly CountField[];
const CAUSES = ["expired", "taken", "closed"] as const satisfies readonly LossCause[];

/** A histogram in a report: the sum, the maximum, and for each bucket the distance to the one before and its count. */
type WireHistogram = readonly [sumMs: number, maxMs: number, buckets: string];

export type WireClass = readonly [
  resource: string,
  counts: readonly number[],
  lost: readonly number[],
  active: number,
  waiters: number,
  oldestWaitMs: number,
  longestHoldMs: number,
  votes: number,
  waits?: WireHistogram,
  holds?: WireHistogram,
];
export type WireHold = readonly [
  names: readonly string[],
  durationMs: number,
  fence: number,
  tokenId: string,
  kind: string | null,
  mode: string | null,
  ttlMs: number,
];
export type WireWait = readonly [
  names: readonly string[],
  durationMs: number,
  kind: string | null,
  mode: string | null,
];
export type WireEvent = readonly [
  number: number,
  kind: string,
  subject: string,
  detail: string,
  agoMs: number,
];

/** The object whose JSON is the text of a report. */
export interface WireReport extends Pick<
  ProcessReport,
  "schema" | "id" | "sequence" | "process" | "client" | "breakers"
> {
  readonly classes: readonly WireClass[];
  readonly holds: readonly WireHold[];
  readonly waits: readonly WireWait[];
  readonly events: readonly WireEvent[];
  readonly omitted: OmittedCounts;
}

/** A class without its histograms. */
export function wireClass(each: ReportedClass): WireClass {
  const { resource, counts, active, waiters, oldestWaitMs, longestHoldMs, votes } = each;
  return [
    resource,
    COUNT_FIELDS.map((field) => counts[field]),
    CAUSES.map((cause) => counts.lost[cause]),
    active,
    waiters,
    Math.round(oldestWaitMs),
    Math.round(longestHoldMs),
    votes,
  ];
}

export function wireHistogram({ sumMs, maxMs, buckets }: ReportedHistogram): WireHistogram {
  let before = 0;
  const parts = buckets.map(([bucket, amount]) => {
    const part = `${(bucket - before).toString(36)}:${amount.toString(36)}`;
    before = bucket;
    return part;
  });
  return [Math.round(sumMs), Math.round(maxMs), parts.join(" ")];
}

export function wireHold({ names, durationMs, fence, tokenId, kind, mode, ttlMs }: ReportedHold): WireHold {
  return [names, Math.round(durationMs), fence, tokenId, kind ?? null, mode ?? null, ttlMs];
}

export function wireWait({ names, durationMs, kind, mode }: ReportedWait): WireWait {
  return [names, Math.round(durationMs), kind ?? null, mode ?? null];
}

export function wireEvent({ number, kind, subject, detail, agoMs }: ReportedEvent): WireEvent {
  return [number, kind, subject, detail, Math.round(agoMs)];
}

/** `undefined` if the text is no report of this version. Anybody with access to the servers could have written it. */
export function parseReport(json: string): ProcessReport | undefined {
  try {
    return readReport(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** Thrown and caught in this file. */
class Malformed extends Error {}

function readReport(value: unknown): ProcessReport | undefined {
  const report = record(value);
  if (report["schema"] !== REPORT_SCHEMA) return undefined;
  const [process, client, omitted] = [report["process"], report["client"], report["omitted"]].map(record) as [
    Fields,
    Fields,
    Fields,
  ];
  return {
    schema: REPORT_SCHEMA,
    id: text(report["id"]),
    sequence: count(report["sequence"]),
    process: {
      pid: count(process["pid"]),
      owner: text(process["owner"]),
      host: text(process["host"]),
      version: text(process["version"]),
      uptimeMs: count(process["uptimeMs"]),
    },
    client: {
      id: text(client["id"]),
      prefix: text(client["prefix"]),
      driftFactor: count(client["driftFactor"]),
      ttlMs: count(client["ttlMs"]),
      restartWindowMs: count(client["restartWindowMs"]),
      quorum: count(client["quorum"]),
      fingerprint: optional(client["fingerprint"], text),
      servers: list(client["servers"], 62).map((each) => {
        const server = record(each);
        return {
          label: text(server["label"]),
          runId: optional(server["runId"], text),
          isAnswering: server["isAnswering"] === true,
        };
      }),
    },
    breakers: Object.fromEntries(
      Object.entries(record(report["breakers"]))
        .slice(0, 20)
        .map(([name, state]) => [name, oneOf(state, ["closed", "open", "half-open"])]),
    ),
    classes: list(report["classes"], 201).map(readClass),
    holds: list(report["holds"], 50).map(readHold),
    waits: list(report["waits"], 50).map(readWait),
    events: list(report["events"], 20).map(readEvent),
    omitted: {
      classes: count(omitted["classes"]),
      holds: count(omitted["holds"]),
      waits: count(omitted["waits"]),
      events: count(omitted["events"]),
      servers: count(omitted["servers"]),
      breakers: count(omitted["breakers"]),
    },
  };
}

function readClass(value: unknown): ReportedClass {
  const [resource, counts, lost, active, waiters, oldest, longest, votes, waits, holds] = list(value, 20);
  const numbers = list(counts, 40).map(count);
  const losses = list(lost, 10).map(count);
  return {
    resource: text(resource),
    counts: {
      ...(Object.fromEntries(COUNT_FIELDS.map((field, index) => [field, numbers[index] ?? 0])) as Record<
        CountField,
        number
      >),
      lost: Object.fromEntries(CAUSES.map((cause, index) => [cause, losses[index] ?? 0])) as Record<
        LossCause,
        number
      >,
    },
    active: count(active),
    waiters: count(waiters),
    oldestWaitMs: count(oldest),
    longestHoldMs: count(longest),
    votes: count(votes),
    waits: optional(waits, readHistogram),
    holds: optional(holds, readHistogram),
  };
}

function readHistogram(value: unknown): ReportedHistogram {
  const [sumMs, maxMs, parts] = list(value, 3);
  let bucket = 0;
  const buckets = text(parts)
    .split(" ")
    .filter((part) => part !== "")
    .map((part): BucketCount => {
      const [, distance = "", amount = ""] = /^([0-9a-z]{1,3}):([0-9a-z]{1,10})$/.exec(part) ?? [];
      bucket += count(Number.parseInt(distance, 36));
      if (bucket >= MAX_BUCKETS) throw new Malformed();
      return [bucket, count(Number.parseInt(amount, 36))];
    });
  return { sumMs: count(sumMs), maxMs: count(maxMs), buckets };
}

function readHold(value: unknown): ReportedHold {
  const [names, durationMs, fence, tokenId, kind, mode, ttlMs] = list(value, 20);
  return {
    names: list(names, 1_000).map(text),
    durationMs: count(durationMs),
    fence: count(fence),
    tokenId: text(tokenId),
    kind: optional(kind, readKind),
    mode: optional(mode, readMode),
    ttlMs: count(ttlMs),
  };
}

function readWait(value: unknown): ReportedWait {
  const [names, durationMs, kind, mode] = list(value, 20);
  return {
    names: list(names, 1_000).map(text),
    durationMs: count(durationMs),
    kind: optional(kind, readKind),
    mode: optional(mode, readMode),
  };
}

function readEvent(value: unknown): ReportedEvent {
  const [number, kind, subject, detail, agoMs] = list(value, 20);
  return {
    number: count(number),
    kind: oneOf(kind, [
      "lost",
      "extend-failed",
      "timed-out",
      "no-quorum",
      "slow",
      "unconfirmed",
      "instance-down",
      "instance-up",
      "instance-restarted",
      "instance-unsafe",
      "quorum-lost",
      "quorum-restored",
    ]),
    subject: text(subject),
    detail: text(detail),
    agoMs: count(agoMs),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const readKind = (value: unknown) => oneOf(value, ["mutex", "modes", "fair", "semaphore"]);
const readMode = (value: unknown) => oneOf(value, ["exclusive", "shared"]);

function record(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Malformed();
  return value as Fields;
}

function list(value: unknown, max: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > max) throw new Malformed();
  return value as readonly unknown[];
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new Malformed();
  return value;
}

function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw new Malformed();
  return value;
}

function oneOf<const Value extends string>(value: unknown, values: readonly Value[]): Value {
  const found = values.find((each) => each === value);
  if (found === undefined) throw new Malformed();
  return found;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}
