import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatWholeSeconds } from "../../format/duration.ts";
import { NARROW, useDashboard, useDashboardChanges, useMedia, useNow, useStore } from "../page/hooks.ts";
import type { Freshness } from "../state/freshness.ts";
import { Mark, type MarkState } from "./mark.tsx";
import { Name } from "./text.tsx";

const THEME_WORDS = { system: "System", light: "Light", dark: "Dark" } as const;

export function Header({ freshness }: { readonly freshness: Freshness }): JSX.Element {
  const dashboard = useDashboardChanges();
  const about = useStore((state) => state.about);
  const isNarrow = useMedia(NARROW);
  const title = about?.title ?? "";
  return (
    <header class="page-header">
      <a
        class="brand"
        href={dashboard.href({ page: "overview" })}
        onClick={(event: MouseEvent) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          dashboard.open({ page: "overview" });
        }}
      >
        <span class="brand-name">quorumlock</span>
        {title !== "" && (
          <span class="brand-title">
            <Name name={title} maxLength={30} />
          </span>
        )}
      </a>
      <Search />
      <Live freshness={freshness} />
      {isNarrow ? (
        <>
          <button type="button" class="button" popovertarget="menu" aria-label="Menu">
            ⋯
          </button>
          <div id="menu" class="menu" popover="auto">
            <Buttons />
          </div>
        </>
      ) : (
        <div class="header-buttons">
          <Buttons />
        </div>
      )}
    </header>
  );
}

function Buttons(): JSX.Element {
  const dashboard = useDashboard();
  const { preferences, store } = dashboard;
  const viewer = useStore((state) => state.about?.viewer);
  const isPaused = store.isPaused;
  return (
    <>
      <button type="button" class="button" aria-pressed={isPaused} onClick={() => dashboard.togglePause()}>
        {isPaused ? "Go on" : "Pause"} <kbd>p</kbd>
      </button>
      <button type="button" class="button" onClick={() => dashboard.nextTheme()}>
        <span class="hidden">Theme: </span>
        {THEME_WORDS[preferences.theme]} <kbd>t</kbd>
      </button>
      <button
        type="button"
        class="button"
        aria-label="Help"
        onClick={() => {
          closeMenu();
          dashboard.showDialog({ dialog: "help" });
        }}
      >
        <span class="only-menu">Help </span>
        <kbd>?</kbd>
      </button>
      {viewer === undefined ? (
        <button
          type="button"
          class="button"
          onClick={() => {
            closeMenu();
            dashboard.showDialog({ dialog: "sign-in" });
          }}
        >
          Sign in
        </button>
      ) : (
        <button type="button" class="button" title="Sign out" onClick={() => void dashboard.signOut()}>
          <span>
            <Name name={viewer.name} maxLength={20} />, may {viewer.role}{" "}
            <span class="quiet">· Sign out</span>
          </span>
        </button>
      )}
    </>
  );
}

function closeMenu(): void {
  document.querySelector<HTMLElement>("#menu:popover-open")?.hidePopover();
}

/** Whether the values are of now. */
function Live({ freshness }: { readonly freshness: Freshness }): JSX.Element {
  const now = useNow(1_000);
  const lastHeardAt = useStore((state) => state.lastHeardAt);
  const pausedAt = useStore((state) => state.pausedAt);
  const age = lastHeardAt === undefined ? 0 : now - lastHeardAt;
  const [state, word, more] = describeLive(
    freshness,
    age,
    pausedAt === undefined ? undefined : now - pausedAt,
  );
  return (
    <p class={`live marked ${state}`}>
      <Mark state={state} />
      <span>
        {word}
        {more !== "" && <span class="live-more">, {more}</span>}
      </span>
    </p>
  );
}

function describeLive(
  freshness: Freshness,
  age: number,
  pausedFor: number | undefined,
): readonly [MarkState, string, string] {
  switch (freshness) {
    case "loading":
      return ["unknown", "Connecting", ""];
    case "unauthorized":
      return ["bad", "Not signed in", ""];
    case "incompatible":
      return ["bad", "Reload needed", ""];
    case "disconnected":
      return ["unknown", "Lost connection", ""];
    case "stale":
      return ["attention", `${formatWholeSeconds(age)} old`, ""];
    case "live":
      if (pausedFor !== undefined) return ["paused", "Paused", `${formatWholeSeconds(pausedFor)} old`];
      return ["good", "Live", `${formatWholeSeconds(Math.max(0, age - 500))} old`];
  }
}

/** Filters the list at each letter. Enter opens the lock of exactly this name, whether the list has it or not. */
function Search(): JSX.Element {
  const dashboard = useDashboard();
  const { view } = dashboard;
  const [text, setText] = useState(view.list.pattern);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setText(view.list.pattern), [view.list.pattern]);
  const apply = (pattern: string): void => {
    if (dashboard.route.page !== "overview") dashboard.open({ page: "overview" });
    dashboard.setView({ list: { ...dashboard.view.list, pattern } });
  };
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event: Event) => {
        event.preventDefault();
        clearTimeout(timer.current);
        if (text !== "" && !/[*?]/.test(text)) dashboard.open({ page: "lock", name: text });
        else apply(text);
      }}
    >
      <input
        id="search"
        type="search"
        value={text}
        autocomplete="off"
        spellcheck={false}
        aria-label="Search locks. Enter opens the lock of exactly this name."
        placeholder="Search or exact name"
        onInput={(event: Event) => {
          const { value } = event.currentTarget as HTMLInputElement;
          setText(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => apply(value), 200);
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
