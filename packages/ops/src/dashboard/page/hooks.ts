import { createContext } from "preact";
import { useContext, useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { State } from "../state/store.ts";
import type { Dashboard } from "./dashboard.ts";

export const DashboardContext = createContext<Dashboard | undefined>(undefined);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (dashboard === undefined) throw new Error("no dashboard around this view");
  return dashboard;
}

/** Draws the view again when the route, the view, the list, a dialog or a preference has changed. */
export function useDashboardChanges(): Dashboard {
  const dashboard = useDashboard();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => dashboard.subscribe(() => draw(undefined)), [dashboard]);
  return dashboard;
}

/** A part of the state. The view is drawn again only if this part is another value. */
export function useStore<T>(select: (state: State) => T): T {
  const { store } = useDashboard();
  const selected = select(store.state);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const last = useRef({ select, selected });
  last.current = { select, selected };
  useEffect(() => {
    const check = (): void => {
      if (last.current.select(store.state) !== last.current.selected) draw(undefined);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return selected;
}

/** The time of this machine. The view is drawn again at each interval. All views of one interval are drawn together. */
export function useNow(intervalMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => tick(intervalMs, setNow), [intervalMs]);
  return now;
}

const tickers = new Map<number, Set<(now: number) => void>>();

function tick(intervalMs: number, listener: (now: number) => void): () => void {
  const listeners = tickers.get(intervalMs) ?? new Set();
  if (listeners.size === 0) {
    const timer = setInterval(() => {
      const now = Date.now();
      if (listeners.size === 0) {
        clearInterval(timer);
        tickers.delete(intervalMs);
      }
      for (const each of listeners) each(now);
    }, intervalMs);
    tickers.set(intervalMs, listeners);
  }
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether a media query applies now. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = (): void => setMatches(list.matches);
    list.addEventListener("change", update);
    return () => list.removeEventListener("change", update);
  }, [query]);
  return matches;
}

export const NARROW = "(max-width: 759px)";

/** The moment at which the values stand still: the page is paused, or the monitor cannot be reached. */
export const FrozenContext = createContext<number | undefined>(undefined);

/** The time by which values age. It stands still together with the values. */
export function useClock(intervalMs: number): number {
  const now = useNow(intervalMs);
  return useContext(FrozenContext) ?? now;
}

/**
 * Calls `update` after each drawing and at each interval, without a new drawing. For the many values that change with time alone:
 * to draw all their views again would keep the page busy. Stands still together with the values.
 */
export function useTick(intervalMs: number, update: (now: number) => void): void {
  const frozenAt = useContext(FrozenContext);
  const latest = useRef({ update, frozenAt });
  latest.current = { update, frozenAt };
  useLayoutEffect(() => update(frozenAt ?? Date.now()));
  useEffect(
    () =>
      frozenAt === undefined
        ? tick(intervalMs, (now) => latest.current.update(latest.current.frozenAt ?? now))
        : undefined,
    [intervalMs, frozenAt],
  );
}
