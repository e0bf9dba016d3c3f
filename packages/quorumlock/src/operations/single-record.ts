import { SINGLE_RECORD_SCRIPT } from "../generated/scripts.ts";
import { NO, type Operation, type Reply, type Request, request, type Twin, YES } from "./request.ts";
import type { Store } from "./store.ts";

/** A version of a record, as the server has it. */
export interface SingleRecordVersion {
  readonly fence: number;
  readonly version: number;
  readonly body: string;
}

/** What the server says of a record. */
export interface SingleRecordReading {
  /** `undefined` if there is no version. */
  readonly record: SingleRecordVersion | undefined;
  /** The server's time, in ms since 1970. */
  readonly now: number;
}

function operation(name: string, twin: Twin): Operation {
  const script = SINGLE_RECORD_SCRIPT;
  return { name: `single-record.${name}`, script, twin, ownArgs: 0, isGrant: false, isUndo: false };
}

/** single-record.lua documents the arguments and the replies. */
export const singleRecordOperations = {
  open: operation("open", (store, [key = ""], [fenceText = "", keepText = ""]) => {
    const found = readFields(store, key);
    if (found.promised > Number(fenceText)) return [NO, found.promised];
    store.setField(key, "p", fenceText);
    keepRecord(store, key, Number(keepText));
    return [YES, found.fence, found.version, found.body, nowMs(store)];
  }),

  put: operation("put", (store, [key = ""], [fenceText = "", versionText = "", body = "", keepText = ""]) => {
    const [fence, version] = [Number(fenceText), Number(versionText)];
    const found = readFields(store, key);
    const hasNewer = found.fence > fence || (found.fence === fence && found.version > version);
    if (found.promised > fence || hasNewer) return [NO, Math.max(found.promised, found.fence)];
    store.setField(key, "p", fenceText);
    store.setField(key, "f", fenceText);
    store.setField(key, "n", versionText);
    store.setField(key, "b", body);
    keepRecord(store, key, Number(keepText));
    return [YES];
  }),

  get: operation("get", (store, [key = ""]) => {
    const { fence, version, body } = readFields(store, key);
    return [YES, fence, version, body, nowMs(store)];
  }),
};

/** Promises that no smaller fencing token writes the record from now on, and reads it. `keepMs`: how long it is kept from now on. */
export function openSingleRecord(key: string, fence: number, keepMs: number): Request {
  return request(singleRecordOperations.open, [key], [String(fence), String(keepMs)]);
}

/** Writes a version. `keepMs`: how long it is kept from now on. */
export function putSingleRecord(
  key: string,
  { fence, version, body }: SingleRecordVersion,
  keepMs: number,
): Request {
  return request(singleRecordOperations.put, [key], [String(fence), String(version), body, String(keepMs)]);
}

/** Reads a record. */
export function getSingleRecord(key: string): Request {
  return request(singleRecordOperations.get, [key], []);
}

/** What is in a yes to `openSingleRecord` or `getSingleRecord`. */
export function singleReadingIn(reply: Reply): SingleRecordReading {
  const [, fence = 0, version = 0, body = "", now = 0] = typeof reply === "number" ? [YES] : reply;
  const record =
    Number(fence) === 0 ? undefined : { fence: Number(fence), version: Number(version), body: String(body) };
  return { record, now: Number(now) };
}

function readFields(store: Store, key: string): SingleRecordVersion & { readonly promised: number } {
  return {
    promised: Number(store.field(key, "p") ?? 0),
    fence: Number(store.field(key, "f") ?? 0),
    version: Number(store.field(key, "n") ?? 0),
    body: store.field(key, "b") ?? "",
  };
}

/** See `keep_record` in single-record.lua. */
function keepRecord(store: Store, key: string, ms: number): void {
  if (store.remaining(key) < ms) store.expire(key, ms);
}

function nowMs(store: Store): number {
  return Math.floor(store.timeUs() / 1_000);
}
