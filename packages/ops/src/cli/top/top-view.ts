import stringWidth from "string-width";
import { formatClock } from "../../format/clock-time.ts";
import { formatCount, formatPercent, formatRate } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { displayName } from "../../format/name.ts";
import type { Figures, LocksPage, QuorumView } from "../../monitor/api.ts";
import { MARKS, type Output, type Style } from "../output/output.ts";
import { type Column, formatTable } from "../output/table.ts";
import type { ClassRow } from "./class-rows.ts";
import type { TopState } from "./top-state.ts";

/** What `top` knows at one moment. */
export interface TopReading {
  readonly title: string;
  readonly at: number;
  readonly quorum: QuorumView;
  readonly figures: Figures;
  readonly locks: LocksPage;
}

const KEYS = "s sort f filter Enter look p pause q quit";
const NONE = "–";
/** The lines above the rows: the head, a note, the titles. */
const HEAD_LINES = 3;
const FOOT_LINES = 2;

/** The lines of the screen: a head, the table of classes as far as it fits, the keys. */
export function topLines(
  { title, at, quorum, figures, locks }: TopReading,
  rows: readonly ClassRow[],
  state: TopState,
  output: Output,
  size: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const fits = Math.max(1, size.rows - HEAD_LINES - FOOT_LINES);
  const first = Math.max(0, Math.min(state.selected - fits + 1, rows.length - fits));
  const shown = rows.slice(first, first + fits);
  const [titles = "", ...lines] = formatTable(columnsOf(output), shown, size.columns - 3);
  const hidden = rows.length - shown.length;
  return [
    headLine({ title, at, quorum, figures }, state, output, size.columns),
    output.paint("faint", noteOf(figures, locks, rows, state)),
    `   ${output.paint("bold", titles)}`,
    ...lines.map((line, index) => {
      const isSelected = first + index === state.selected;
      const mark = shown[index]?.isTroubled === true ? output.paint("attention", MARKS.attention) : " ";
      return `${isSelected ? output.paint("bold", "›") : " "}${mark} ${line}`;
    }),
    hidden > 0 ? output.paint("faint", `   and ${formatCount(hidden)} more`) : "",
    output.paint("faint", footOf(state)),
  ];
}

function headLine(
  { title, at, quorum, figures }: Omit<TopReading, "locks">,
  { isPaused }: TopState,
  output: Output,
  columns: number,
): string {
  const style: Style = quorum.level;
  const granted = figures.classes.reduce((sum, { grantedPerS }) => sum + grantedPerS, 0);
  const parts = [
    output.paint("bold", displayName(title, 30)),
    output.paint(style, `${MARKS[style]} ${quorum.voting}/${quorum.configured} vote`),
    `${formatCount(figures.held)} held`,
    `${formatCount(figures.waiting)} waiting`,
    `${formatRate(granted)}/s`,
    `success ${figures.success === undefined ? NONE : formatPercent(figures.success)}`,
    figures.lostLastHour > 0
      ? output.paint("bad", `lost ${formatCount(figures.lostLastHour)}/h`)
      : "lost 0/h",
    isPaused ? output.paint("paused", `${MARKS.paused} paused`) : formatClock(at, at),
  ];
  // On a narrow terminal, the last parts go first.
  while (parts.length > 2 && stringWidth(parts.join("   ")) > columns) parts.splice(-2, 1);
  return parts.join("   ");
}

function noteOf(
  { processes }: Figures,
  { complete, progress, hint, unanswered }: LocksPage,
  rows: readonly ClassRow[],
  { filter }: TopState,
): string {
  if (unanswered.length > 0) return `Without ${unanswered.join(", ")}: votes may be higher than shown.`;
  if (!complete) return `The first scan runs: ${Math.round(progress * 100)} %.`;
  if (rows.length === 0 && filter !== "")
    return `No class, lock or holder contains “${displayName(filter)}”.`;
  if (hint !== undefined && rows.length === 0) return hint;
  if (processes.reporting === 0)
    return "No process reports, so counts are missing: call report(redlock, stats) in your processes.";
  if (processes.reporting < processes.known)
    return `${formatCount(processes.reporting)} of ${formatCount(processes.known)} processes report.`;
  return rows.length === 0 ? "No locks in the last 5 minutes." : "";
}

function footOf({ isTyping, filter, sort }: TopState): string {
  if (isTyping) return `filter: ${filter}_   Enter keeps it, Esc clears it`;
  return `sort: ${sort}${filter === "" ? "" : `   filter: ${filter}`}   ${KEYS}`;
}

function columnsOf(output: Output): readonly Column<ClassRow>[] {
  const figure =
    (read: (figures: NonNullable<ClassRow["figures"]>) => string | undefined) =>
    ({ figures }: ClassRow): string =>
      (figures === undefined ? undefined : read(figures)) ?? NONE;
  return [
    { title: "CLASS", cell: (row) => displayName(row.class), isCut: true },
    {
      title: "GRANTS/S",
      isRight: true,
      importance: 4,
      cell: figure(({ grantedPerS }) => formatRate(grantedPerS)),
    },
    {
      title: "WAITING",
      isRight: true,
      importance: 5,
      cell: figure(({ waitingOnAverage }) => formatRate(waitingOnAverage)),
    },
    {
      title: "OLDEST",
      isRight: true,
      cell: ({ oldestWaitMs }) => (oldestWaitMs === undefined ? NONE : formatDuration(oldestWaitMs)),
      paint: (text, { isTroubled }) => (isTroubled ? output.paint("attention", text) : text),
    },
    {
      title: "P50",
      isRight: true,
      importance: 1,
      cell: figure(({ waitP50Ms }) => optionalDuration(waitP50Ms)),
    },
    {
      title: "P99",
      isRight: true,
      importance: 3,
      cell: figure(({ waitP99Ms }) => optionalDuration(waitP99Ms)),
    },
    {
      title: "SUCCESS",
      isRight: true,
      importance: 2,
      cell: figure(({ success }) => (success === undefined ? undefined : formatPercent(success))),
    },
    {
      title: "TOP LOCK",
      cell: ({ topLock }) => (topLock === undefined ? NONE : displayName(topLock.name)),
      isCut: true,
    },
    {
      title: "BLOCKED",
      isRight: true,
      cell: ({ topLock }) => (topLock === undefined ? NONE : formatCount(topLock.blocked)),
    },
    { title: "HOLDER", cell: ({ topLock }) => displayName(topLock?.holder?.owner ?? NONE), isCut: true },
  ];
}

function optionalDuration(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatDuration(ms);
}
