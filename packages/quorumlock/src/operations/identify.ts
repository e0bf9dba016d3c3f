import { SERVER_SCRIPT } from "../generated/scripts.ts";
import { readMarker } from "./marker.ts";
import { type Operation, type Reply, type Request, request, YES } from "./request.ts";

/** identify.lua documents the reply. */
export const identifyOperation: Operation = {
  name: "identify",
  script: SERVER_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin: (store, [marker]) => [
    YES,
    store.runId,
    store.uptime(),
    store.timeUs(),
    0,
    "noeviction",
    0,
    "master",
    "standalone",
    "",
    "",
    marker === undefined ? "" : readMarker(store, marker),
    "",
    -1,
    "",
  ],
};

/** Requests the identity of the server. `marker`: its key. A cluster routes the request by it. */
export function identify(marker?: string): Request {
  return request(identifyOperation, marker === undefined ? [] : [marker], []);
}

/** The report of a server about itself. A text that it does not report is "". */
export interface ServerReport {
  /** Changes with each start of the process. */
  readonly runId: string;
  /** The minimum time since its start, in ms. `Infinity` if it never restarted, 0 if it does not report its uptime. */
  readonly uptimeMs: number;
  /** Its time, in ms since 1970. */
  readonly timeMs: number;
  /** Whether it keeps an append-only file. */
  readonly appendOnly: boolean;
  readonly maxmemoryPolicy: string;
  /** In bytes; 0 if there is no limit. */
  readonly maxmemory: number;
  /** "master" or "slave". */
  readonly role: string;
  /** "standalone", "sentinel" or "cluster". */
  readonly mode: string;
  /** Names the history of its data. */
  readonly replicationId: string;
  /** The `replicationId` of the former master, if it was a replica. */
  readonly formerReplicationId: string;
  /** The text of its marker; "" if it has none, `undefined` if it was not requested. */
  readonly marker: string | undefined;
  /** Why it refuses to report more than its time and its marker; "" if it does not. */
  readonly refusal: string;
  /** In bytes; `undefined` if the server does not report it. */
  readonly usedMemory: number | undefined;
  /** Such as "7.0.15" or "valkey 8.1.0". */
  readonly version: string;
}

/** A server subtracts two times that were cut to seconds, so its uptime can be 1 s too large. */
const UPTIME_ERROR_S = 1;

export function readReport(reply: Reply): ServerReport {
  const report = typeof reply === "number" ? [] : reply;
  const [, runId, uptime, timeUs, appendOnly, maxmemoryPolicy, maxmemory, role, mode, ...memory] = report;
  const [replicationId, formerReplicationId, marker, refusal, usedMemory, version] = memory;
  const timeMs = Number(timeUs ?? 0) / 1_000;
  return {
    runId: String(runId ?? ""),
    // The server's time shows how much of the present second has passed.
    uptimeMs: Math.max(0, (Number(uptime ?? 0) - UPTIME_ERROR_S) * 1_000 + (timeMs % 1_000)),
    timeMs,
    appendOnly: Number(appendOnly) === 1,
    maxmemoryPolicy: String(maxmemoryPolicy ?? ""),
    maxmemory: Number(maxmemory ?? 0),
    role: String(role ?? ""),
    mode: String(mode ?? ""),
    replicationId: String(replicationId ?? ""),
    formerReplicationId: String(formerReplicationId ?? ""),
    marker: String(marker ?? ""),
    refusal: String(refusal ?? ""),
    usedMemory: Number(usedMemory ?? -1) < 0 ? undefined : Number(usedMemory),
    version: String(version ?? ""),
  };
}
