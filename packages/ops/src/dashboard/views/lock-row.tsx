import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LockRow as Row, ServerView } from "../../monitor/api.ts";
import { formatCount, formatFence } from "../../format/count.ts";
import { formatSeconds, formatWholeSeconds } from "../../format/duration.ts";
import { useDashboard } from "../page/hooks.ts";
import type { ShownRow } from "../state/lock-list.ts";
import { LeaseBar } from "./lease-bar.tsx";
import { LiveText } from "./live-text.tsx";
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

/** One lock in the list: a row of the table, or a card if the window is narrow. Drawn only if what it shows has changed. */
export function LockRow(props: LockRowProps): JSX.Element {
  const { index, top, shown, servers } = props;
  const last = useRef<
    { readonly signature: string; readonly servers: unknown; readonly element: JSX.Element } | undefined
  >(undefined);
  const signature = `${index} ${top} ${shown === undefined ? "" : signatureOf(shown)}`;
  // A row that was not read yet keeps its elements, and hides what it showed before.
  const content = useRef<ShownRow | undefined>(undefined);
  if (shown !== undefined) content.current = shown;
  if (last.current?.signature !== signature || last.current.servers !== servers) {
    last.current = { signature, servers, element: <DrawnRow {...props} content={content.current} /> };
  }
  return last.current.element;
}

/** What a row shows, without what changes with time alone. A lease that ends at another moment is a change. */
function signatureOf({ row, receivedAt, isGone }: ShownRow): string {
  const { ageMs, remainingMs, oldestWaitMs, lostMsAgo, readMsAgo: _, ...lasting } = row;
  const moment = (ms: number | undefined, sign: number, step: number): number =>
    ms === undefined ? -1 : Math.round((receivedAt + sign * ms) / step);
  return JSON.stringify([
    lasting,
    isGone,
    moment(ageMs, -1, 2_000),
    moment(remainingMs, 1, 300),
    moment(oldestWaitMs, -1, 1_000),
    moment(lostMsAgo, -1, 2_000),
  ]);
}

function DrawnRow({
  index,
  top,
  shown,
  servers,
  content,
}: LockRowProps & { readonly content: ShownRow | undefined }): JSX.Element {
  const dashboard = useDashboard();
  const place = { transform: `translateY(${top}px)` };
  if (content === undefined) {
    return (
      <div class="row" role="row" aria-rowindex={index + 2} data-index={index} style={place}>
        <span class="cell cell-name quiet" role="cell">
          reading …
        </span>
      </div>
    );
  }
  const { row, receivedAt, isGone } = content;
  const isEnded = isGone || row.health === "lost";
  // With a filter, a row is also missing when its state has changed.
  const goneWord = dashboard.list.query.health === "" ? "Free" : "Changed";
  const { state, word } = isGone ? ({ state: "unknown", word: goneWord } as const) : describeLock(row);
  return (
    <div
      class={`row ${state}${isEnded ? " row-ended" : ""}${shown === undefined ? " row-unread" : ""}`}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      style={place}
      onClick={() => {
        if (shown !== undefined && getSelection()?.isCollapsed !== false)
          dashboard.open({ page: "lock", name: row.name });
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
        {row.lostMsAgo === undefined ? (
          <Age ageMs={row.ageMs} source={row.ageSource} receivedAt={receivedAt} isStill={isEnded} />
        ) : (
          <LostAgo lostMsAgo={row.lostMsAgo} receivedAt={receivedAt} />
        )}
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
      <span
        class="cell cell-fence"
        role="cell"
        title={row.fence === undefined ? undefined : String(row.fence)}
      >
        {row.fence === undefined ? "–" : formatFence(row.fence)}
      </span>
      <span class="cell cell-waiting" role="cell">
        {row.waiting === 0 && row.callers === 0 ? (
          <span class="quiet">–</span>
        ) : (
          `${formatCount(row.waiting)} (${formatCount(row.callers)})`
        )}
      </span>
      <span class="cell cell-blocked" role="cell">
        <Blocked row={row} receivedAt={receivedAt} />
      </span>
    </div>
  );
}

function formatKind(row: Row): string {
  if (row.kind === "shared") return `${formatCount(row.holders)} shared`;
  return row.holders === 1 ? "1 permit holder" : `${formatCount(row.holders)} permit holders`;
}

function Holder({ row }: { readonly row: Row }): JSX.Element {
  if (row.holder === undefined)
    return <span class="quiet">{row.health === "uncertain" ? "unknown" : "nobody"}</span>;
  const { owner, id } = row.holder;
  return owner === undefined ? (
    <span class="quiet">unknown ({id})</span>
  ) : (
    <Name name={owner} maxLength={40} />
  );
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
  return (
    <LiveText
      text={(now) => {
        const age = ageMs + (isStill ? 0 : Math.max(0, now - receivedAt));
        const text = age < 10_000 ? formatSeconds(age) : formatWholeSeconds(age);
        return source === "seen" ? `≥ ${text}` : text;
      }}
    />
  );
}

function LostAgo({
  lostMsAgo,
  receivedAt,
}: {
  readonly lostMsAgo: number;
  readonly receivedAt: number;
}): JSX.Element {
  return <LiveText text={(now) => `${formatWholeSeconds(lostMsAgo + Math.max(0, now - receivedAt))} ago`} />;
}

function Blocked({ row, receivedAt }: { readonly row: Row; readonly receivedAt: number }): JSX.Element {
  if (row.deadlock !== undefined) return <Name name={row.deadlock} maxLength={40} />;
  if (row.blocked === 0) return <span class="quiet blocked-none">–</span>;
  const oldest = row.oldestWaitMs;
  return (
    <span>
      <strong>{formatCount(row.blocked)}</strong>
      <span class="only-narrow"> blocked</span>
      {oldest !== undefined && (
        <span class="quiet">
          {" oldest "}
          <LiveText text={(now) => formatSeconds(oldest + Math.max(0, now - receivedAt))} />
        </span>
      )}
    </span>
  );
}
