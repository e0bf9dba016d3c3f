import { RECORD_SCRIPT } from "../generated/scripts.ts";
import { keySpaceOf } from "./keys.ts";
import { MAX_FENCE, MAX_RECORD_KEEP_MS, MAX_RECORD_LENGTH } from "./limits.ts";
import { NO_MARKER, parseMarker, readMarker } from "./marker.ts";
import {
  NO,
  type Operation,
  type Reply,
  type ReplyList,
  type Request,
  request,
  type Twin,
  YES,
} from "./request.ts";
import type { Store } from "./store.ts";

/** A version of a record, as a server has it. */
export interface RecordVersion {
  readonly fence: number;
  readonly number: number;
  readonly body: string;
}

/** The reply of a server to a request that reads a record. */
export interface RecordReading {
  /** The newest version; `undefined` if there is none. */
  readonly version: RecordVersion | undefined;
  /** The version was copied from another set of servers, so it is no vote of this server. */
  readonly isCopy: boolean;
  /** The latest time before which no version can have been written, in ms since 1970. */
  readonly createdAt: number;
  readonly memory: MemoryReading;
}

/** What a server says of its memory with each reply. */
export interface MemoryReading {
  /** The server's time, in ms since 1970. */
  readonly timeMs: number;
  /** For how long it has known all records, in ms. `undefined` if it does not say that. */
  readonly ageMs: number | undefined;
}

/** A record as a store of this process has it. */
interface StoredFields extends RecordVersion {
  readonly promised: number;
  readonly createdAt: number;
  readonly copied: number;
}

// A yes counts only from a server that remembers what it promised before, as that of a grant.
function operation(name: string, ownArgs: number, twin: Twin): Operation {
  return { name: `record.${name}`, script: RECORD_SCRIPT, twin, ownArgs, isGrant: true, isUndo: false };
}

function passive(name: string, ownArgs: number, twin: Twin): Operation {
  return { ...operation(name, ownArgs, twin), isGrant: false };
}

/** record.lua documents the arguments and the replies. */
export const recordOperations = {
  open: operation("open", 1, (store, [key = ""], [fenceText = "", keepText = "", marker = ""]) => {
    const [fence, keepMs] = [wholeArgument(fenceText, "fence"), wholeArgument(keepText, "time")];
    const memory = memoryOf(store, marker);
    const found = readFields(store, key);
    if (found.promised > fence) return [NO, found.promised];
    if (found.promised < fence) store.setField(key, "p", String(fence));
    keepRecord(store, key, keepMs);
    return readingOf(found, memory);
  }),

  put: operation("put", 4, (store, [key = ""], args) => {
    const [fenceText = "", numberText = "", sinceText = "", body = "", keepText = "", marker = ""] = args;
    const [fence, number] = [wholeArgument(fenceText, "fence"), wholeArgument(numberText, "number")];
    const [since, keepMs] = [wholeArgument(sinceText, "time"), wholeArgument(keepText, "time")];
    const length = Buffer.byteLength(body);
    if (length > MAX_RECORD_LENGTH)
      throw new Error(`the body of a record must have at most ${MAX_RECORD_LENGTH} bytes: ${length}`);
    const memory = memoryOf(store, marker);
    const found = readFields(store, key);
    const hasNewer = found.fence > fence || (found.fence === fence && found.number > number);
    if (found.promised > fence || hasNewer) return [NO, Math.max(found.promised, found.fence)];
    const isRepeated = found.fence === fence && found.number === number && found.copied === 0;
    if (isRepeated && found.body !== body)
      throw new Error(`the record ${key} has another body with the same fence and number; use a new number`);
    setFields(store, key, { p: fence, f: fence, n: number, b: body, c: since });
    if (found.copied !== 0) store.removeField(key, "m");
    keepRecord(store, key, keepMs);
    return [YES, ...memory];
  }),

  copy: passive("copy", 6, (store, [key = ""], args) => {
    const [promiseText = "", fenceText = "", numberText = "", sinceText = "", body = "", keepText = ""] =
      args;
    const [promise, fence] = [wholeArgument(promiseText, "fence"), wholeArgument(fenceText, "fence")];
    const number = wholeArgument(numberText, "number");
    const [since, keepMs] = [wholeArgument(sinceText, "time"), wholeArgument(keepText, "time")];
    const found = readFields(store, key);
    if (promise > found.promised) store.setField(key, "p", String(promise));
    if (fence > found.fence || (fence === found.fence && number > found.number))
      setFields(store, key, { f: fence, n: number, b: body, c: since, m: 1 });
    keepRecord(store, key, keepMs);
    return 1;
  }),

  note: passive("note", 0, (store, [marker = "", note = ""], [ageText = "", keepText = ""]) => {
    const id = markerId(store, marker);
    const since = Math.max(0, nowOf(store) - wholeArgument(ageText, "time"));
    store.set(note, `${id} ${since}`, wholeArgument(keepText, "time"));
    return 1;
  }),

  list: passive("list", 0, (store, [marker = ""], [_cursor, pattern = ""]) => {
    const start = pattern.slice(0, -1).replaceAll(/\\(.)/g, "$1");
    const keys = store
      .keys()
      .filter((key) => key.startsWith(start))
      .toSorted();
    const [, ageMs] = memoryOf(store, marker);
    const reply: (number | string)[] = [];
    for (const key of keys) {
      const found = tryToReadFields(store, key);
      if (found === undefined || found.promised === 0) continue;
      const { promised, fence, number, createdAt, body } = found;
      reply.push(key, promised, fence, number, createdAt, body, store.remaining(key));
    }
    return [YES, "0", ageMs, ...reply];
  }),

  get: operation("get", 0, (store, [key = ""], [marker = ""]) => {
    const memory = memoryOf(store, marker);
    return readingOf(readFields(store, key), memory);
  }),
};

/** Promises that no smaller fencing token writes the record, and reads it. `keepMs`: how long it is kept from now on. */
export function openRecord(prefix: string, id: string, fence: number, keepMs: number): Request {
  const { marker } = keySpaceOf(prefix);
  return request(recordOperations.open, [keyOf(prefix, id)], [String(fence), String(keepMs), marker]);
}

/** Writes a version. `createdAt`: a time before which no version can have been written, in whole ms since 1970. */
export function putRecord(
  prefix: string,
  id: string,
  { fence, number, body }: RecordVersion,
  createdAt: number,
  keepMs: number,
): Request {
  const { marker } = keySpaceOf(prefix);
  const args = [String(fence), String(number), String(createdAt), body, String(keepMs), marker];
  return request(recordOperations.put, [keyOf(prefix, id)], args);
}

/** Reads a record. */
export function getRecord(prefix: string, id: string): Request {
  return request(recordOperations.get, [keyOf(prefix, id)], [keySpaceOf(prefix).marker]);
}

/** The record in a yes to `openRecord` or `getRecord`. */
export function readingIn(reply: Reply): RecordReading {
  const [, fence = 0, number = 0, createdAt = 0, copied = 0, body = "", ...memory] = listOf(reply);
  const version =
    Number(fence) === 0 ? undefined : { fence: Number(fence), number: Number(number), body: String(body) };
  return {
    version,
    isCopy: Number(copied) !== 0,
    createdAt: Number(createdAt),
    memory: memoryIn([YES, ...memory]),
  };
}

/** What the server says of its memory in a yes to `putRecord`. */
export function memoryIn(reply: Reply): MemoryReading {
  const [, timeMs = 0, ageMs = 0] = listOf(reply);
  return { timeMs: Number(timeMs), ageMs: Number(ageMs) === -1 ? undefined : Number(ageMs) };
}

/** The largest fencing token that a refusal names. */
export function promisedIn([, promised = 0]: ReplyList): number {
  return Number(promised);
}

/** What a server has of a record, for other servers. */
export interface RecordState extends RecordVersion {
  readonly key: string;
  /** The largest fencing token that has opened it. */
  readonly promised: number;
  readonly createdAt: number;
  /** The time until it expires, in ms. */
  readonly leftMs: number;
}

/** Requests a part of the records of a prefix. `cursor`: "0" at first. */
export function listRecords(prefix: string, cursor: string): Request {
  const pattern = `${`${prefix}~record:`.replaceAll(/[\\*?[\]]/g, "\\$&")}*`;
  return request(recordOperations.list, [keySpaceOf(prefix).marker], [cursor, pattern]);
}

/** A part of the records of a server. */
export interface RecordList {
  /** "0" if this is the last part. */
  readonly cursor: string;
  /** For how long the server has known all records, in ms. `undefined` if it does not say that. */
  readonly ageMs: number | undefined;
  readonly records: readonly RecordState[];
}

/** The records in a reply to `listRecords`. */
export function recordListIn(reply: Reply): RecordList {
  const [, cursor = "0", ageMs = -1, ...values] = listOf(reply);
  const records: RecordState[] = [];
  for (let at = 0; at < values.length; at += 7) {
    const [key, promised, fence, number, createdAt, body, leftMs] = values.slice(at, at + 7);
    records.push({
      key: String(key),
      promised: Number(promised),
      fence: Number(fence),
      number: Number(number),
      createdAt: Number(createdAt),
      body: String(body),
      leftMs: Number(leftMs),
    });
  }
  return { cursor: String(cursor), ageMs: Number(ageMs) === -1 ? undefined : Number(ageMs), records };
}

/** Adds to a server what others have of a record. Its own promise and version stay if they are larger. */
export function copyRecord({ key, promised, fence, number, createdAt, body, leftMs }: RecordState): Request {
  const args = [promised, fence, number, createdAt, body, Math.max(1, leftMs)].map(String);
  return request(recordOperations.copy, [key], args);
}

/** Notes that a server has known all records for so long. `Infinity`: that it never lost any. */
export function noteRecordsKnown(prefix: string, ageMs: number): Request {
  const { marker, recordsNote } = keySpaceOf(prefix);
  const args = [Math.min(MAX_FENCE, Math.floor(ageMs)), MAX_RECORD_KEEP_MS].map(String);
  return request(recordOperations.note, [marker, recordsNote], args);
}

function listOf(reply: Reply): ReplyList {
  return typeof reply === "number" ? [YES] : reply;
}

function keyOf(prefix: string, id: string): string {
  const [key = ""] = keySpaceOf(prefix).beside(id, ["record"]);
  return key;
}

/** See `whole_in` in record.lua. */
function wholeIn(text: string): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return value <= MAX_FENCE ? value : undefined;
}

function wholeArgument(text: string, what: string): number {
  const value = wholeIn(text);
  if (value === undefined)
    throw new Error(`the ${what} of a record must be a whole number of at most 9e15: ${text}`);
  return value;
}

/** See `read_record` in record.lua. */
function readFields(store: Store, key: string): StoredFields {
  const fields = new Map(fieldsOf(store, key));
  const [promised, fence, number, createdAt, copied] = ["p", "f", "n", "c", "m"].map((field) =>
    wholeIn(fields.get(field) ?? "0"),
  );
  const body = fields.get("b") ?? "";
  const isForeign = fields.size > 0 && !fields.has("p");
  if (
    isForeign ||
    Buffer.byteLength(body) > MAX_RECORD_LENGTH ||
    promised === undefined ||
    fence === undefined ||
    number === undefined ||
    createdAt === undefined ||
    copied === undefined
  )
    throw new Error(`the record ${key} has fields that no client of this library wrote; delete it`);
  return { promised, fence, number, createdAt, copied, body };
}

function fieldsOf(store: Store, key: string): ReturnType<Store["fields"]> {
  try {
    return store.fields(key);
  } catch {
    throw new Error(`the record ${key} has another type than a hash; delete it`);
  }
}

function tryToReadFields(store: Store, key: string): StoredFields | undefined {
  try {
    return readFields(store, key);
  } catch {
    return undefined;
  }
}

function setFields(store: Store, key: string, fields: Readonly<Record<string, number | string>>): void {
  for (const [field, value] of Object.entries(fields)) store.setField(key, field, String(value));
}

/** See `keep_record` in record.lua. */
function keepRecord(store: Store, key: string, ms: number): void {
  if (store.remaining(key) < ms) store.expire(key, ms);
}

/** See `marker_id` in record.lua. A store in this process is no node of a cluster. */
function markerId(store: Store, markerKey: string): string {
  const marker = parseMarker(readMarker(store, markerKey));
  if (marker.state === "complete") return marker.id;
  throw new Error(`${NO_MARKER} the server has lost its memory: it has no marker`);
}

/** See `memory_age` in record.lua. Returns the time of the server as well. */
function memoryOf(store: Store, markerKey: string): readonly [timeMs: number, ageMs: number] {
  const now = nowOf(store);
  const id = markerId(store, markerKey);
  const [, notedId, noted] =
    /^(\S+) (\d+)$/.exec(readMarker(store, `${markerKey.slice(0, -"server".length)}records`)) ?? [];
  const since = notedId === id ? noted : /^(\d+)\./.exec(id)?.[1];
  return [now, since === undefined ? -1 : Math.max(0, now - Number(since))];
}

function nowOf(store: Store): number {
  return Math.floor(store.timeUs() / 1_000);
}

function readingOf(
  { fence, number, createdAt, copied, body }: StoredFields,
  memory: readonly [timeMs: number, ageMs: number],
): ReplyList {
  return [YES, fence, number, createdAt, copied, body, ...memory];
}
