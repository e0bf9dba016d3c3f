import { type Reply, type Request, request, YES } from "./request.ts";
import type { Twin } from "./store.ts";

/**
 * Asks which server process answers. What it replies stands in identify.lua. Where the instance is a cluster, `prefix`
 * makes the key that says which of its nodes; a node that a client takes for a single server answers only without a key.
 */
export function identify(prefix?: string): Request {
  return request("identify", prefix === undefined ? [] : [`${prefix}{identity}`], 0, []);
}

/** What a server says of itself. A text that it does not tell is "". */
export interface ServerReport {
  /** Another one after each start of the process. */
  readonly runId: string;
  /** For how long it has run at least, in ms; `Infinity` where it never restarted, 0 where it does not tell. */
  readonly uptimeMs: number;
  /** Its time, in ms since 1970. */
  readonly timeMs: number;
  /** Whether it keeps an append-only file. */
  readonly appendOnly: boolean;
  readonly maxmemoryPolicy: string;
  /** In bytes; 0 where there is no limit. */
  readonly maxmemory: number;
  /** "master" or "slave". */
  readonly role: string;
  /** "standalone", "sentinel" or "cluster". */
  readonly mode: string;
}

/** A server takes the difference of two times that were cut to seconds: it can be 1 s more than it has run. */
const UPTIME_ERROR_S = 1;

export function readReport(reply: Reply): ServerReport {
  const told = typeof reply === "number" ? [] : reply;
  const [, runId, uptime, timeUs, appendOnly, maxmemoryPolicy, maxmemory, role, mode] = told;
  const timeMs = Number(timeUs ?? 0) / 1_000;
  return {
    runId: String(runId ?? ""),
    // The second that its time is in is known to the ms.
    uptimeMs: Math.max(0, (Number(uptime ?? 0) - UPTIME_ERROR_S) * 1_000 + (timeMs % 1_000)),
    timeMs,
    appendOnly: Number(appendOnly) === 1,
    maxmemoryPolicy: String(maxmemoryPolicy ?? ""),
    maxmemory: Number(maxmemory ?? 0),
    role: String(role ?? ""),
    mode: String(mode ?? ""),
  };
}

export const identifyTwins: Readonly<Record<string, Twin>> = {
  identify: (store) => [
    YES,
    store.runId,
    store.uptime(),
    store.timeUs(),
    0,
    "noeviction",
    0,
    "master",
    "standalone",
  ],
};
