import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ListQuery } from "../connection/messages.ts";
import { formatCount, formatPlural } from "../../format/count.ts";
import { THIN_SPACE } from "../../format/spaces.ts";
import { formatWholeSeconds } from "../../format/duration.ts";
import { useClock, useDashboard, useDashboardChanges, useStore } from "../page/hooks.ts";
import { LockTable } from "./lock-table.tsx";
import { Mark } from "./mark.tsx";
import { NoLocks } from "./no-locks.tsx";
import { Sentence, useClockAhead } from "./text.tsx";

const SORTS: readonly (readonly [ListQuery["sort"], string])[] = [
  ["blocked", "blocked behind"],
  ["remaining", "least time"],
  ["age", "age"],
  ["name", "name"],
];

const FILTERS: readonly (readonly [string, string])[] = [
  ["", "all"],
  ["held", "held"],
  ["short", "short"],
  ["not-extended", "not extended"],
  ["uncertain", "may be held"],
  ["minority", "on a minority"],
  ["no-expiry", "no expiry"],
  ["lost", "lost"],
];

/** The list of locks with what the operator chooses for it. */
export function Locks(): JSX.Element {
  const dashboard = useDashboardChanges();
  const { list } = dashboard;
  const section = useRef<HTMLElement>(null);
  useHeldOrder(section);
  const { about } = list;
  return (
    <section class="card locks" aria-label="Locks" ref={section}>
      <header class="section-header">
        <h2>Locks</h2>
        <label>
          <span class="quiet">sort</span>
          <select
            id="sort"
            value={list.query.sort}
            onChange={(event: Event) => {
              const sort = (event.currentTarget as HTMLSelectElement).value as ListQuery["sort"];
              dashboard.setView({ list: { ...list.query, sort } });
            }}
          >
            {SORTS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="quiet">show</span>
          <select
            id="filter"
            value={list.query.health}
            onChange={(event: Event) => {
              const health = (event.currentTarget as HTMLSelectElement).value;
              dashboard.setView({ list: { ...list.query, health } });
            }}
          >
            {FILTERS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Changes />
        <Extent />
      </header>
      <Partial />
      {about !== undefined && list.total === 0 ? <NoLocks about={about} /> : <LockTable />}
    </section>
  );
}

/** While the order is held: how many rows would move. */
function Changes(): JSX.Element | null {
  const dashboard = useDashboard();
  const { list } = dashboard;
  const changes = list.changes;
  if (changes === 0) return null;
  return (
    <p class="changes">
      {formatPlural(changes, "change")}{" "}
      <button
        type="button"
        class="button small"
        onClick={() => {
          list.show();
          dashboard.changed();
        }}
      >
        Show
      </button>
    </p>
  );
}

/** How much of all locks the list shows, and how old that is. */
function Extent(): JSX.Element | null {
  const { list } = useDashboard();
  const held = useStore((state) => state.figures?.held);
  const ahead = useClockAhead();
  const now = useClock(1_000);
  const { about } = list;
  if (about === undefined) return <p class="extent quiet">reading …</p>;
  if (!about.complete) {
    return (
      <p class="extent">
        {formatCount(about.total)} so far, {`${Math.floor(about.progress * 100)}${THIN_SPACE}%`} scanned
      </p>
    );
  }
  const all = Math.max(held ?? 0, about.held, about.total);
  const age = about.scannedAt === undefined ? undefined : now + ahead - about.scannedAt;
  return (
    <p class="extent quiet">
      {formatCount(about.total)} of {formatCount(all)}
      {age !== undefined && `, scanned ${formatWholeSeconds(age)} ago`}
    </p>
  );
}

/** Why the list may not be the whole truth. */
function Partial(): JSX.Element | null {
  const { about } = useDashboard().list;
  const servers = useStore((state) => state.servers);
  if (about === undefined) return null;
  const awaited = servers.filter(({ state }) => state === "unknown").map(({ label }) => label);
  const texts = [
    ...(awaited.length > 0
      ? [
          `${servers.length - awaited.length} of ${servers.length} servers answered; waiting for ${awaited.join(", ")}.`,
        ]
      : []),
    ...(about.unanswered.length > 0
      ? [`Without ${about.unanswered.join(", ")}: votes may be higher than shown.`]
      : []),
    ...(about.truncated
      ? ["More than 100 000. Counts go on; the list shows the 100 000 with most waiters or least time."]
      : []),
  ];
  if (texts.length === 0) return null;
  return (
    <p class="notice">
      <Mark state="attention" />
      <Sentence text={texts.join(" ")} />
    </p>
  );
}

/** Holds the order while the pointer or the focus is in the section. */
function useHeldOrder(section: { readonly current: HTMLElement | null }): void {
  const dashboard = useDashboard();
  useEffect(() => {
    const element = section.current;
    if (element === null) return undefined;
    const inside = { pointer: false, focus: false };
    const update = (): void => {
      const isInside = inside.pointer || inside.focus;
      if (isInside === dashboard.list.isHeld) return;
      if (isInside) dashboard.list.hold();
      else dashboard.list.release();
      dashboard.changed();
    };
    const change = (key: "pointer" | "focus", value: boolean) => (): void => {
      inside[key] = value;
      update();
    };
    const listeners: readonly (readonly [string, () => void])[] = [
      ["pointerenter", change("pointer", true)],
      ["pointerleave", change("pointer", false)],
      ["focusin", change("focus", true)],
      ["focusout", change("focus", false)],
    ];
    for (const [type, listener] of listeners) element.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of listeners) element.removeEventListener(type, listener);
      dashboard.list.release();
    };
  }, [dashboard, section]);
}
