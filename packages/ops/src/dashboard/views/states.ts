import type {
  AlertView,
  LockDetail,
  LockRow,
  MonitorEventType,
  QuorumView,
  ServerView,
  VoteMark,
} from "../../monitor/api.ts";
import { formatWholeSeconds } from "../../format/duration.ts";
import type { MarkState } from "./mark.tsx";

export interface Described {
  readonly state: MarkState;
  readonly word: string;
}

export function describeServer(server: ServerView, abstainsMs: number | undefined): Described {
  switch (server.state) {
    case "up": {
      const isMissed = (server.unreachableFrom?.processes ?? 0) > 0;
      return isMissed ? { state: "attention", word: "Up here" } : { state: "good", word: "Up" };
    }
    case "slow":
      return { state: "attention", word: "Up, slow" };
    case "quarantined": {
      const left = abstainsMs === undefined ? "" : `, ${formatWholeSeconds(abstainsMs)} left`;
      return { state: "paused", word: `Quarantined${left}` };
    }
    case "unsafe":
      return { state: "paused", word: "Abstains" };
    case "refused":
      return { state: "bad", word: "Refuses" };
    case "no-answer":
      return { state: "bad", word: "No answer" };
    case "unknown":
      return { state: "unknown", word: "Unknown" };
  }
}

export function describeLock(row: LockRow): Described {
  if (row.deadlock !== undefined) return { state: "bad", word: "Deadlock" };
  switch (row.health) {
    case "held":
      return { state: "good", word: "Held" };
    case "short":
      return { state: "attention", word: "Short" };
    case "not-extended":
      return { state: "attention", word: "Not extended" };
    case "uncertain":
      return { state: "attention", word: "May be held" };
    case "minority":
      return { state: "unknown", word: "On a minority" };
    case "no-expiry":
      return { state: "bad", word: "No expiry" };
    case "lost":
      return { state: "bad", word: "Lost" };
  }
}

/** A lock of which no server that answered has a key. It is free only if the servers without an answer cannot hold it. */
export function describeAbsent({ servers, needed }: LockDetail): Described & { readonly isFree: boolean } {
  const silent = servers.filter(({ mark }) => mark === "no-answer" || mark === "abstains").length;
  if (silent >= needed) return { state: "attention", word: "May be held", isFree: false };
  const isFree = servers.length - silent >= needed;
  return { state: "unknown", word: isFree ? "Free" : "Not held", isFree };
}

export function describeVote(mark: VoteMark): Described {
  switch (mark) {
    case "holder":
      return { state: "good", word: "votes for this holder" };
    case "other":
      return { state: "bad", word: "votes for another" };
    case "none":
      return { state: "unknown", word: "no key" };
    case "no-answer":
      return { state: "bad", word: "no answer" };
    case "abstains":
      return { state: "paused", word: "abstains" };
  }
}

export const EVENT_WORDS: Readonly<Record<MonitorEventType, string>> = {
  granted: "Granted",
  released: "Released",
  lost: "Lost",
  "timed-out": "Timed out",
  "no-quorum": "No quorum",
  "waiting-long": "Long wait",
  server: "Server",
  quorum: "Quorum",
  alert: "Alert",
  "operator-released": "Released by hand",
};

export function markOfAlert({ state, severity }: AlertView): MarkState {
  if (state === "resolved") return "good";
  if (severity === "critical") return "bad";
  return severity === "warning" ? "attention" : "unknown";
}

export function markOfQuorum({ level }: QuorumView): MarkState {
  return level;
}

/** The texts of the monitor begin with the shape of their state. The page draws the shape itself. */
export function withoutMark(text: string): string {
  return text.replace(/^[●▲✕◌]\s*|^❚❚\s*/u, "");
}
