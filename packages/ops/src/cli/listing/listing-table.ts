import { formatFence } from "../../format/count.ts";
import { formatDuration, formatSeconds } from "../../format/duration.ts";
import { displayName } from "../../format/name.ts";
import { circleKey, describeCircle } from "../../monitor/reports/blocked-behind.ts";
import type { LockView } from "../locks/lock-reading.ts";
import { MARKS, type Output, type Style } from "../output/output.ts";
import { type Column, formatTable } from "../output/table.ts";

/** Narrower terminals show only the end of a fencing token, which tells two apart. */
const WHOLE_FENCE_WIDTH = 110;

/** The lines of a table of locks, one for each lock. In a pipe (no width) it has whole values. */
export function listingTable(
  locks: readonly LockView[],
  output: Output,
  width: number | undefined,
): readonly string[] {
  const isNarrow = width !== undefined && width < WHOLE_FENCE_WIDTH;
  const columns: readonly Column<LockView>[] = [
    { title: "NAME", cell: ({ name }) => displayName(name, Infinity), isCut: true },
    { title: "KIND", cell: kindText, importance: 3 },
    { title: "HOLDER", cell: holderText, isCut: true },
    {
      title: "AGE",
      cell: ({ ageMs }) => (ageMs === undefined ? "unknown" : formatDuration(ageMs)),
      isRight: true,
      importance: 2,
    },
    {
      title: "REMAINING",
      cell: remainingText,
      paint: (text, { state }) => (state === "held" ? text : output.paint(STYLES[state], text)),
    },
    { title: "VOTES", cell: ({ votes, of }) => `${votes}/${of}`, importance: 4 },
    {
      title: "FENCE",
      cell: ({ fence }) => (fence === undefined ? "–" : isNarrow ? formatFence(fence) : String(fence)),
      isRight: true,
      importance: 1,
    },
    { title: "WAITING", cell: waitingText, isRight: true },
    { title: "BLOCKED", cell: ({ blocked }) => String(blocked), isRight: true },
  ];
  // Who waits for the lock itself has a column already.
  const hasChains = locks.some(({ blocked, callers }) => blocked > callers);
  return [
    ...formatTable(hasChains ? columns : columns.slice(0, -1), locks, width),
    ...deadlocksOf(locks).map((circle) => output.paint("bad", `${MARKS.bad} Deadlock: ${circle}`)),
  ];
}

const STYLES: Readonly<Record<LockView["state"], keyof typeof MARKS & Style>> = {
  held: "good",
  short: "attention",
  "not-extended": "attention",
  "no-expiry": "bad",
  minority: "unknown",
  uncertain: "unknown",
};

/** `mutex`, or `semaphore (3)` with the number of held permits. */
export function kindText({ kind, permits }: LockView): string {
  return permits === undefined ? kind : `${kind} (${permits})`;
}

/** `api-2:118`, `api-2:118 +2` for three holders, or the id of a holder of another library. */
function holderText({ holder, holders }: LockView): string {
  if (holder === undefined) return "–";
  const { owner, id } = holder;
  const more = holders > 1 ? ` +${holders - 1}` : "";
  return `${owner === undefined ? `id ${id}` : displayName(owner)}${more}`;
}

/** `2.9 s`, with the mark of every state that is not good. */
function remainingText({ state, remainingMs }: LockView): string {
  if (state === "no-expiry") return `never ${MARKS.bad}`;
  if (state === "minority") return `not held ${MARKS.unknown}`;
  if (state === "uncertain" || remainingMs === undefined) return `unknown ${MARKS.unknown}`;
  return state === "held" ? formatSeconds(remainingMs) : `${formatSeconds(remainingMs)} ${MARKS.attention}`;
}

/** `3 (17)`: clients in line, and the callers that their processes report. */
function waitingText({ waiters, callers }: LockView): string {
  return callers === 0 ? String(waiters) : `${waiters} (${callers})`;
}

/** Each circle once, although each of its locks has it. */
function deadlocksOf(locks: readonly LockView[]): readonly string[] {
  const circles = new Map<string, string>();
  for (const { circle } of locks) {
    if (circle === undefined) continue;
    const key = circleKey(circle);
    if (!circles.has(key))
      circles.set(
        key,
        describeCircle(circle, (name) => displayName(name, Infinity)),
      );
  }
  return [...circles.values()];
}
