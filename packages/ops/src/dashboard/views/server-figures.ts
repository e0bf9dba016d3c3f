import type { ServerView } from "../../monitor/api.ts";
import { formatMemory } from "../../format/count.ts";
import { formatDuration, formatWholeSeconds } from "../../format/duration.ts";
import { THIN_SPACE } from "../../format/spaces.ts";

/** The figures of a server that answers, in one line: latency, clock, memory, version. */
export function serverFigures(server: ServerView): readonly string[] {
  const { latencyMs, latencyP99Ms, clockOffsetMs, usedBytes, limitBytes, version } = server;
  return [
    ...(latencyMs === undefined ? [] : [formatLatency(latencyMs, latencyP99Ms)]),
    ...(clockOffsetMs === undefined ? [] : [`clock ${formatOffset(clockOffsetMs)}`]),
    ...(usedBytes === undefined ? [] : [formatShortMemory(usedBytes, limitBytes)]),
    ...(version === undefined ? [] : [version]),
  ];
}

function formatShortMemory(usedBytes: number, limitBytes: number | undefined): string {
  if (limitBytes === undefined) return formatMemory(usedBytes, limitBytes);
  return `memory ${Math.round((usedBytes / limitBytes) * 100)}${THIN_SPACE}%`;
}

export function formatLatency(latencyMs: number, p99Ms: number | undefined): string {
  const p99 = p99Ms === undefined ? "" : `, p99 ${formatDuration(p99Ms)}`;
  return `${formatDuration(latencyMs)}${p99}`;
}

/** `+3 ms`, `−1 ms`: how far the clock of the server is ahead of the median server. */
export function formatOffset(offsetMs: number): string {
  const rounded = Math.round(offsetMs);
  if (rounded === 0) return `±0${THIN_SPACE}ms`;
  const size =
    Math.abs(rounded) < 1_000 ? `${Math.abs(rounded)}${THIN_SPACE}ms` : formatDuration(Math.abs(rounded));
  return `${rounded > 0 ? "+" : "−"}${size}`;
}

/** For a server that is down: it does not vote at once when it comes back. */
export function formatAbstention(abstainsMs: number): string {
  return `then abstains ~${formatWholeSeconds(abstainsMs)}`;
}
