import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ServerView } from "../../monitor/api.ts";
import { type ListQuery, PAGE_SIZE } from "../connection/messages.ts";
import { NARROW, useDashboard, useMedia, useStore } from "../page/hooks.ts";
import { LockRow } from "./lock-row.tsx";

/** Heights of a row in pixels, as in table.css. They are fixed, so that only the rows in view are drawn. */
const WIDE_ROW = 40;
const NARROW_ROW = 140;
/** So many rows above and below the view are drawn too, so that scrolling shows no gap. */
const MARGIN_ROWS = 10;
/** While the list jumps, only the rows in view are drawn. The others follow so long after it. */
const MARGIN_DELAY_MS = 120;
/** More than can be drawn at a time. */
const SLOTS = 60;
/** A longer way than that is a jump, in pixels. */
const MAX_SMALL_STEP = 200;
/** A longer list scrolls by itself, so that the events below it stay near. */
const MAX_VISIBLE_ROWS = { wide: 16, narrow: 5 };

const COLUMNS: readonly {
  readonly name: string;
  readonly label: string;
  readonly sort?: ListQuery["sort"];
}[] = [
  { name: "state", label: "State" },
  { name: "name", label: "Name", sort: "name" },
  { name: "holder", label: "Holder" },
  { name: "age", label: "Age", sort: "age" },
  { name: "lease", label: "Lease", sort: "remaining" },
  { name: "votes", label: "Votes" },
  { name: "fence", label: "Fence" },
  { name: "waiting", label: "Waiting" },
  { name: "blocked", label: "Blocked behind", sort: "blocked" },
];

export function LockTable(): JSX.Element {
  const dashboard = useDashboard();
  const { list } = dashboard;
  const servers: readonly ServerView[] = useStore((state) => state.servers);
  const isNarrow = useMedia(NARROW);
  const rowHeight = isNarrow ? NARROW_ROW : WIDE_ROW;
  const height = Math.min(list.total, isNarrow ? MAX_VISIBLE_ROWS.narrow : MAX_VISIBLE_ROWS.wide) * rowHeight;
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const { focused, onFocus } = useRowFocus(scroller, list.total, rowHeight);

  const margin = useMargin(scrollTop);
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const last = Math.min(list.total, Math.ceil((scrollTop + height) / rowHeight) + margin);
  const indexes = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  // A row that has the focus stays, because the focus would be lost together with it.
  if (focused !== undefined && focused < list.total && (focused < first || focused >= last))
    indexes.push(focused);

  useEffect(() => dashboard.setVisibleOffsets(offsetsOf(first, last)));
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [list.query]);

  return (
    <div class="table" role="table" aria-label="Locks" aria-rowcount={list.total + 1}>
      <div role="rowgroup">
        <div class="row-header" role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <ColumnHeader key={column.name} {...column} query={list.query} />
          ))}
        </div>
      </div>
      <div
        class="scroller"
        role="rowgroup"
        ref={scroller}
        style={{ height: `${height}px` }}
        onScroll={(event: Event) => setScrollTop((event.currentTarget as HTMLElement).scrollTop)}
        onFocusIn={onFocus}
      >
        <div class="rows" role="presentation" style={{ height: `${list.total * rowHeight}px` }}>
          {indexes.map((index) => (
            <LockRow
              key={keyOf(index, focused, indexes)}
              index={index}
              top={index * rowHeight}
              shown={list.at(index)}
              servers={servers}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/**
 * Rows are used again for other locks while the list is scrolled, because new elements cost more. The row with the focus keeps its
 * element, also when it is out of view.
 */
function keyOf(index: number, focused: number | undefined, indexes: readonly number[]): string | number {
  const isTaken = focused !== undefined && focused !== index && focused % SLOTS === index % SLOTS;
  return isTaken && indexes.includes(focused) ? "other" : index % SLOTS;
}

function useMargin(scrollTop: number): number {
  const [settled, setSettled] = useState(scrollTop);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(scrollTop), MARGIN_DELAY_MS);
    return () => clearTimeout(timer);
  }, [scrollTop]);
  return Math.abs(scrollTop - settled) > MAX_SMALL_STEP ? 1 : MARGIN_ROWS;
}

function ColumnHeader({
  name,
  label,
  sort,
  query,
}: (typeof COLUMNS)[number] & { readonly query: ListQuery }): JSX.Element {
  const dashboard = useDashboard();
  const isSorted = sort === query.sort;
  if (sort === undefined) {
    return (
      <span class={`cell cell-${name}`} role="columnheader">
        {label}
      </span>
    );
  }
  const order = sort === "name" || sort === "remaining" ? "ascending" : "descending";
  return (
    <span class={`cell cell-${name}`} role="columnheader" aria-sort={isSorted ? order : "none"}>
      <button
        type="button"
        class={`sort-button${isSorted ? " sorted" : ""}`}
        onClick={() => dashboard.setView({ list: { ...query, sort } })}
      >
        {label}
        <span aria-hidden="true">{isSorted ? (order === "ascending" ? " ▴" : " ▾") : ""}</span>
      </button>
    </span>
  );
}

/** Keeps the place of the focus in the list, and moves it with the keys j and k. */
function useRowFocus(
  scroller: { readonly current: HTMLElement | null },
  total: number,
  rowHeight: number,
): { readonly focused: number | undefined; readonly onFocus: (event: FocusEvent) => void } {
  const [focused, setFocused] = useState<number | undefined>(undefined);
  const wanted = useRef<number | undefined>(undefined);
  useEffect(() => {
    const move = (event: Event): void => {
      if (total === 0) return;
      const step = (event as CustomEvent<number>).detail;
      const next = focused === undefined ? 0 : Math.min(total - 1, Math.max(0, focused + step));
      wanted.current = next;
      showRow(scroller.current, next, rowHeight);
      setFocused(next);
      if (next === focused) focusRow(scroller.current, next);
    };
    document.addEventListener("rowmove", move);
    return () => document.removeEventListener("rowmove", move);
  }, [focused, total, rowHeight, scroller]);
  useLayoutEffect(() => {
    if (wanted.current !== undefined && focusRow(scroller.current, wanted.current))
      wanted.current = undefined;
  });
  const onFocus = (event: FocusEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-index]") : null;
    if (row !== null) setFocused(Number(row.dataset["index"]));
  };
  return { focused, onFocus };
}

function focusRow(scroller: HTMLElement | null, index: number): boolean {
  const link = scroller?.querySelector<HTMLElement>(`[data-index="${index}"] .lock-link`);
  link?.focus({ preventScroll: true });
  return link !== null && link !== undefined;
}

/** Scrolls the list so far that the row is in view, and the page so far that the row is in the window. */
function showRow(scroller: HTMLElement | null, index: number, rowHeight: number): void {
  if (scroller === null) return;
  const top = index * rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  const bottom = top + rowHeight - scroller.clientHeight;
  if (bottom > scroller.scrollTop) scroller.scrollTop = bottom;
  const inWindow = scroller.getBoundingClientRect().top + top - scroller.scrollTop;
  if (inWindow < 120) scrollBy({ top: inWindow - 120 });
  else if (inWindow + rowHeight > innerHeight) scrollBy({ top: inWindow + rowHeight - innerHeight + 8 });
}

function offsetsOf(first: number, last: number): readonly number[] {
  const from = Math.floor(first / PAGE_SIZE);
  const to = Math.floor(Math.max(first, last - 1) / PAGE_SIZE);
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * PAGE_SIZE);
}
