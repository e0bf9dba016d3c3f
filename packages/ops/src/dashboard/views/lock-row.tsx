import type { JSX } from "preact";
import type { LockRow as Row, ServerView } from "../../monitor/api.ts";
import { formatCount, formatFence } from "../format/count.ts";
import { formatDuration, formatSeconds, formatWholeSeconds } from "../format/duration.ts";
import { useClock, useDashboard } from "../page/hooks.ts";
import type { ShownRow } from "../state/lock-list.ts";
import { LeaseBar } from "./lease-bar.tsx";
import { MarkedWord } from "./mark.tsx";
import { describeLock } from "./states.ts";
import { LockLink, Name } from "./text.tsx";
import { Votes } from "./votes.tsx";

interface LockRowProps {
  readonly index: number;
  readonly top: number;
  readonly shown: ShownRow | undefined;
  readonly servers: readonly ServerView[];
}

/** One lock in the list: a row of the table, or a card if the window is narrow. */
export function LockRow({ index, top, shown, servers }: LockRowProps): JSX.Element {
  const dashboard = useDashboard();
  const place = { transform: `translateY(${top}px)` };
  if (shown === undefined) {
    return (
      <div class="row" role="row" aria-rowindex={index + 2} data-index={index} style={place}>
        <span class="cell cell-name quiet" role="cell">
          reading …
        </span>
      </div>
    );
  }
  const { row, receivedAt, isGone } = shown;
  const isEnded = isGone || row.health === "lost";
  const { state, word } = isGone ? ({ state: "unknown", word: "Free" } as const) : describeLock(row);
  return (
    <div
      class={`row ${state}${isEnded ? " row-ended" : ""}`}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      style={place}
      onClick={() => {
        if (getSelection()?.isCollapsed !== false) dashboard.open({ page: "lock", name: row.name });
      }}
    >
      <span class="cell cell-state" role="cell">
        <MarkedWord state={state} word={word} />
      </span>
      <span class="cell cell-name" role="cell">
        <LockLink name={row.name} />
        {row.kind !== "mutex" && <span class="kind">{formatKind(row)}</span>}
      </span>
      <span class="cell cell-holder" role="cell">
        <Holder row={row} />
      </span>
      <span class="cell cell-age" role="cell">
        <Age ageMs={row.ageMs} source={row.ageSource} receivedAt={receivedAt} isStill={isEnded} />
      </span>
      <span class="cell cell-lease" role="cell">
        {isGone ? (
          <span class="quiet">–</span>
        ) : (
          <LeaseBar
            remainingMs={row.remainingMs}
            ttlMs={row.ttlMs}
            receivedAt={receivedAt}
            state={state}
            isEndless={row.health === "no-expiry"}
          />
        )}
      </span>
      <span class="cell cell-votes" role="cell">
        <Votes votes={row.votes} servers={servers} />
      </span>
      <span class="cell cell-fence" role="cell" title={row.fence === undefined ? undefined : String(row.fence)}>
        {row.fence === undefined ? "–" : formatFence(row.fence)}
      </span>
      <span class="cell cell-waiting" role="cell">
        {row.waiting === 0 ? <span class="quiet">–</span> : `${formatCount(row.waiting)} (${formatCount(row.callers)})`}
      </span>
      <span class="cell cell-blocked" role="cell">
        <Blocked row={row} receivedAt={receivedAt} />
      </span>
    </div>
  );
}

function formatKind(row: Row): string {
  return row.kind === "shared" ? `${formatCount(row.holders)} shared` : `${formatCount(row.holders)} permits`;
}

function Holder({ row }: { readonly row: Row }): JSX.Element {
  if (row.holder === undefined) return <span class="quiet">nobody</span>;
  const { owner, id } = row.holder;
  return owner === undefined ? <span class="quiet">unknown ({id})</span> : <Name name={owner} maxLength={40} />;
}

/** How long it is held. Without a report, at least so long. */
export function Age({
  ageMs,
  source,
  receivedAt,
  isStill = false,
}: {
  readonly ageMs: number;
  readonly source: Row["ageSource"];
  readonly receivedAt: number;
  readonly isStill?: boolean;
}): JSX.Element {
  const now = useClock(1_000);
  const age = ageMs + (isStill ? 0 : Math.max(0, now - receivedAt));
  const text = age < 10_000 ? formatSeconds(age) : formatWholeSeconds(age);
  return <span>{source === "seen" ? `≥ ${text}` : text}</span>;
}

function Blocked({ row, receivedAt }: { readonly row: Row; readonly receivedAt: number }): JSX.Element {
  const now = useClock(1_000);
  if (row.deadlock !== undefined) return <Name name={row.deadlock} maxLength={40} />;
  if (row.blocked === 0) return <span class="quiet blocked-none">–</span>;
  const oldest = row.oldestWaitMs === undefined ? undefined : row.oldestWaitMs + Math.max(0, now - receivedAt);
  return (
    <span>
      <strong>{formatCount(row.blocked)}</strong>
      <span class="only-narrow"> blocked</span>
      {oldest !== undefined && <span class="quiet"> oldest {formatDuration(oldest)}</span>}
    </span>
  );
}
