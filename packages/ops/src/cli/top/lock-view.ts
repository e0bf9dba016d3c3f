import { formatCount } from "../../format/count.ts";
import { formatDuration, formatSeconds } from "../../format/duration.ts";
import { displayName, displayText } from "../../format/name.ts";
import type { LockDetail, LockRow } from "../../monitor/api.ts";
import { MARKS, type Output } from "../output/output.ts";

/** The lines of one lock in `top`: the holder, what happens next, the votes, and who waits. */
export function lockLines(
  { name, lock, servers, line, next, needed, class: resource }: LockDetail,
  output: Output,
  size: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const holder =
    lock?.holder === undefined
      ? "nobody"
      : `${displayName(lock.holder.owner ?? "another library")} (id ${lock.holder.id}), ${ageOf(lock)}`;
  const marks = servers.map(({ label, mark, remainingMs }) => {
    const sign = mark === "holder" ? output.paint("good", MARKS.good) : output.paint("bad", MARKS.bad);
    return `  ${sign} ${label}  ${mark === "holder" ? "votes for this holder" : mark.replace("-", " ")}${remainingMs === undefined ? "" : `  ${formatSeconds(remainingMs)}`}`;
  });
  const waiting = line.map(
    ({ owner, id, callers, oldestWaitMs, holds }, index) =>
      `  ${index + 1}  ${displayName(owner ?? id)}  ${formatCount(callers)} ${callers === 1 ? "caller" : "callers"}${oldestWaitMs === undefined ? "" : `, oldest ${formatDuration(oldestWaitMs)}`}${holds === undefined ? "" : `, holds ${displayName(holds)}`}`,
  );
  return [
    output.paint("bold", displayName(name, size.columns - 2)),
    `class      ${displayName(resource)}`,
    `holder     ${holder}`,
    `next       ${displayText(next, size.columns - 11)}`,
    ...(lock?.deadlock === undefined
      ? []
      : [output.paint("bad", displayText(`${MARKS.bad} Deadlock: ${lock.deadlock}`, size.columns))]),
    `votes      ${lock === undefined ? 0 : lock.votes.filter((mark) => mark === "holder").length} of ${servers.length}, ${needed} needed`,
    ...marks,
    `waiting    ${line.length === 0 ? "nobody" : ""}`,
    ...waiting,
    "",
    output.paint("faint", "Esc back  p pause  q quit"),
  ];
}

/** "for 4 m 12 s", or "for at least 3 m" if no process says since when. */
function ageOf({ ageMs, ageSource }: LockRow): string {
  if (ageSource === "report") return `for ${formatDuration(ageMs)}`;
  return ageMs < 1_000 ? "since less than 1 s" : `for at least ${formatDuration(ageMs)}`;
}
