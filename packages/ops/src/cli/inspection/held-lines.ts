import { formatPlural } from "../../format/count.ts";
import { formatClock } from "../../format/clock-time.ts";
import { formatDuration, formatSeconds, formatWholeSeconds } from "../../format/duration.ts";
import { formatList } from "../../format/list.ts";
import { displayName, displayText } from "../../format/name.ts";
import type { HolderView, LastRunView, ServerVote, WaiterView } from "../../monitor/api.ts";
import { kindText } from "../listing/listing-table.ts";
import type { LockView } from "../locks/lock-reading.ts";
import { MARKS, type Output, type Style } from "../output/output.ts";
import type { Inspected } from "./inspect-name.ts";

const LABEL_WIDTH = 11;
/** A semaphore can have hundreds of holders, and a line hundreds of waiters. */
const MAX_SHOWN = 10;

type Mark = keyof typeof MARKS & Style;

const STATES: Readonly<Record<LockView["state"], readonly [mark: Mark, words: string]>> = {
  held: ["good", "Held"],
  short: ["attention", "Held, short"],
  "not-extended": ["attention", "Held, not extended"],
  "no-expiry": ["bad", "Held, without an expiry"],
  minority: ["unknown", "Not held, on a minority"],
  uncertain: ["unknown", "Unknown"],
};

/** The lines about a lock of which a server has a key. */
export function heldLines(inspected: Inspected, output: Output): readonly string[] {
  const { name, reading, servers, line, next, lastRun } = inspected;
  const { view } = reading;
  const [mark, words] = STATES[view.state];
  return [
    output.paint("bold", displayName(name, Infinity)),
    row(
      "state",
      `${output.paint(mark, `${MARKS[mark]} ${words}`)}, ${kindText(view)}, class ${displayName(inspected.class)}`,
    ),
    ...holderRows(inspected),
    row(
      "votes",
      `${view.votes} of ${view.of}: ${servers.map((server) => voteText(server, output)).join(", ")}`,
    ),
    row("next", next),
    ...(view.deadlock === undefined
      ? []
      : [row("deadlock", output.paint("bad", `${MARKS.bad} ${displayText(view.deadlock)}`))]),
    row("waiting", line.length === 0 ? "nobody" : listText(line.map(waiterText))),
    ...lastRunRows(lastRun, output),
  ];
}

/** One label and its text. */
function row(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)}${text}`;
}

function holderRows({ heldBy, reading, reportedMsAgo }: Inspected): readonly string[] {
  const { holder, ageMs, fence, remainingMs } = reading.view;
  if (heldBy.length > 1)
    return heldBy.slice(0, MAX_SHOWN).map((each, index) => {
      const left = each.remainingMs === undefined ? [] : [`${formatSeconds(each.remainingMs)} left`];
      const age = each.reportedMs === undefined ? [] : [`for ${formatDuration(each.reportedMs)} (reported)`];
      const slots = each.slots === undefined ? [] : [formatPlural(each.slots.length, "permit")];
      const more =
        index === MAX_SHOWN - 1 && heldBy.length > MAX_SHOWN ? [`and ${heldBy.length - MAX_SHOWN} more`] : [];
      return row(
        index === 0 ? "holders" : "",
        [holderText(each), ...slots, ...age, ...left, ...more].join(", "),
      );
    });
  if (holder === undefined) return [];
  const age =
    ageMs === undefined || reportedMsAgo === undefined
      ? "age unknown, because its process does not report"
      : `for ${formatDuration(ageMs)} (reported ${formatWholeSeconds(reportedMsAgo)} ago)`;
  const left = remainingMs === undefined ? [] : [`${formatSeconds(remainingMs)} left`];
  const fenceText = fence === undefined ? [] : [`fence ${fence}`];
  return [row("holder", [holderText(holder), age, ...left, ...fenceText].join(", "))];
}

function holderText({ owner, id }: HolderView): string {
  return owner === undefined ? `id ${id} of another library` : `${displayName(owner)} (id ${id})`;
}

/** `redis-a ●`, `redis-b ✕ no answer`, `redis-c ✕ api-2:118` */
function voteText({ label, mark, holder }: ServerVote, output: Output): string {
  switch (mark) {
    case "holder":
      return `${label} ${output.paint("good", MARKS.good)}`;
    case "other":
      return `${label} ${output.paint("bad", `${MARKS.bad} ${holder === undefined ? "another" : holderText(holder)}`)}`;
    case "none":
      return `${label} ${output.paint("unknown", `${MARKS.unknown} no key`)}`;
    case "abstains":
      return `${label} ${output.paint("paused", `${MARKS.paused} abstains`)}`;
    case "no-answer":
      return `${label} ${output.paint("bad", `${MARKS.bad} no answer`)}`;
  }
}

/** `web-2:991 (9 callers, 12.4 s, holds tenant/9)` */
function waiterText({ owner, id, callers, oldestWaitMs, holds }: WaiterView): string {
  const facts = [
    ...(callers > 0 ? [formatPlural(callers, "caller")] : []),
    ...(oldestWaitMs === undefined ? [] : [formatDuration(oldestWaitMs)]),
    ...(holds === undefined ? [] : [`holds ${displayName(holds)}`]),
  ];
  const who = owner === undefined ? `id ${id}` : displayName(owner);
  return facts.length === 0 ? who : `${who} (${facts.join(", ")})`;
}

function listText(texts: readonly string[]): string {
  return formatList(texts, MAX_SHOWN);
}

const RUNS: Readonly<Record<LastRunView["state"], Mark>> = { done: "good", failed: "bad", lost: "bad" };

/** `● done 3 h 05 m ago: began 14:03:26, took 12.4 s, by web-1:4021` */
export function lastRunRows(run: LastRunView | undefined, output: Output): readonly string[] {
  if (run === undefined) return [];
  const { state, startedAt, durationMs, by, error } = run;
  const now = Date.now();
  const ago = formatDuration(now - startedAt - durationMs);
  const mark = RUNS[state];
  const words = output.paint(mark, `${MARKS[mark]} ${state}`);
  const began = `began ${formatClock(startedAt, now)}, took ${formatDuration(durationMs)}, by ${displayName(by)}`;
  const why = error === undefined ? "" : `: ${displayText(error)}`;
  return [row("last run", `${words} ${ago} ago, ${began}${why}`)];
}
