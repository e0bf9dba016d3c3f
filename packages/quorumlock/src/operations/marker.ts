import { SERVER_SCRIPT } from "../generated/scripts.ts";
import { type Operation, type Reply, type Request, request, type Twin, YES } from "./request.ts";
import type { Store } from "./store.ts";

/** How the counters of a server became complete. */
export type CounterSource =
  /** No instance had a counter yet. */
  | "first-use"
  /** The server read them from its own file, which had every change. */
  | "file"
  /** They were read from enough other instances. */
  | "instances"
  /** Too few others could be read, so they were raised to the server's time. */
  | "clock";

/**
 * The marker of a server (protocol §10).
 *
 * - `complete <run id> <replication id> <random id> <source> <floor>`: since the last word was written, the server has kept every
 *   counter. A missing counter begins at the floor.
 * - `lost <time>`: the server lost memory at this moment of its own clock, in ms, and its counters were not recovered yet.
 * - Anything else counts as missing.
 */
export type Marker =
  | {
      readonly state: "complete";
      readonly runId: string;
      readonly replicationId: string;
      /** Another one after each recovery. After a loss it begins with the time of the loss, in ms of the server, and a dot. */
      readonly id: string;
      readonly source: CounterSource;
      readonly floor: number;
    }
  | { readonly state: "lost"; readonly atMs: number }
  | { readonly state: "missing" };

/** The error of a request to a server that has neither the counter nor a marker: it has lost its memory. */
export const NO_MARKER = "NOMARKER";

const NONE = "-";
const COMPLETE = /^complete (\S+) (\S+) (\S+) (first-use|file|instances|clock) (\d+)$/;
const LOST = /^lost (\d+)$/;

export function parseMarker(text: string): Marker {
  const [, lostAt] = LOST.exec(text) ?? [];
  if (lostAt !== undefined) return { state: "lost", atMs: Number(lostAt) };
  const [, runId = "", replicationId = "", id = "", source, floor] = COMPLETE.exec(text) ?? [];
  if (source === undefined) return { state: "missing" };
  return {
    state: "complete",
    runId: runId === NONE ? "" : runId,
    replicationId: replicationId === NONE ? "" : replicationId,
    id,
    source: source as CounterSource,
    floor: Number(floor),
  };
}

export function formatMarker(marker: Marker & { readonly state: "complete" }): string {
  const { runId, replicationId, id, source, floor } = marker;
  return `complete ${runId || NONE} ${replicationId || NONE} ${id} ${source} ${floor}`;
}

/** See `floor_of` in fence-counter.lua: the floor in a marker; `undefined` if the marker does not say that the memory is complete. */
export function floorOf(text: string): number | undefined {
  const [, floor] = /^complete [^]* (\d+)$/.exec(text) ?? [];
  return floor === undefined ? undefined : Number(floor);
}

/** See `read_marker` in marker.lua. */
export function readMarker(store: Store, key: string): string {
  try {
    return store.get(key) ?? "";
  } catch {
    return "";
  }
}

/** See `replace_marker` in marker.lua. */
function replaceIn(
  store: Store,
  key: string,
  expected: string | undefined,
  value: (nowMs: number) => string,
): Reply {
  const nowMs = Math.floor(store.timeUs() / 1_000);
  let present = readMarker(store, key);
  if (present === expected) {
    present = value(nowMs);
    store.set(key, present, Infinity);
  }
  return [YES, present, String(nowMs)];
}

function operation(name: string, twin: Twin): Operation {
  return { name: `marker.${name}`, script: SERVER_SCRIPT, twin, ownArgs: 0, isGrant: false, isUndo: false };
}

export const markerOperations = {
  replace: operation("replace", (store, [key = ""], [expected, value = ""]) =>
    replaceIn(store, key, expected, () => value),
  ),
  lose: operation("lose", (store, [key = ""], [expected, ageMs]) =>
    replaceIn(store, key, expected, (nowMs) => `lost ${nowMs - Number(ageMs)}`),
  ),
};

export function replaceMarker(key: string, expected: string, value: string): Request {
  return request(markerOperations.replace, [key], [expected, value]);
}

/** Reads the marker and the time, because no marker is equal to the expected one. */
export function requestMarker(key: string): Request {
  return request(markerOperations.replace, [key], ["?", "?"]);
}

/** `ageMs`: the time since the loss, in whole ms. */
export function loseMarker(key: string, expected: string, ageMs: number): Request {
  return request(markerOperations.lose, [key], [expected, String(ageMs)]);
}

/** The marker in the reply to a request of this file, and the server's time in ms. */
export function readMarkerReply(reply: Reply): { readonly text: string; readonly timeMs: number } {
  const [, text = "", timeMs = 0] = typeof reply === "number" ? [] : reply;
  return { text: String(text), timeMs: Number(timeMs) };
}
