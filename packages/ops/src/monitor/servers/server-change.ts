import type { ServerState } from "../api.ts";
import type { NewEvent } from "../history/event-log.ts";
import { formatSeconds } from "../format/format-numbers.ts";
import type { ServerChange } from "./server-monitor.ts";

const WORDS: Readonly<Record<ServerState, string>> = {
  up: "Up",
  slow: "Up, slow",
  quarantined: "Quarantined",
  unsafe: "Unsafe",
  refused: "Refuses requests",
  "no-answer": "No answer",
  unknown: "Unknown",
};

/** The event of a change. `undefined` for the first answers after the start. */
export function describeServerChange(change: ServerChange): NewEvent | undefined {
  if (change.kind === "quorum") {
    const { now } = change;
    const level = now.level === "good" ? "info" : now.level;
    return { type: "quorum", level, text: now.text, name: undefined, owner: undefined };
  }
  const { before, now } = change;
  if (before.state === "unknown" && now.state === "up") return undefined;
  const left = now.abstainsMs === undefined ? "" : `, ${formatSeconds(now.abstainsMs)} left`;
  const why = now.message === undefined ? "" : `: ${now.message}`;
  const level = now.state === "up" ? "info" : now.votes ? "attention" : "bad";
  return {
    type: "server",
    level,
    text: `${now.label}: ${WORDS[now.state]}${left}${why}`,
    name: undefined,
    owner: undefined,
  };
}
