import type { Key } from "node:readline";
import { isQuitKey } from "../output/live-screen.ts";
import { TOP_SORTS, type TopSort } from "./class-rows.ts";

/** What `top` shows: the list of classes, or one lock. */
export interface TopState {
  readonly sort: TopSort;
  readonly filter: string;
  /** Whether keys write the filter. */
  readonly isTyping: boolean;
  /** Whether the figures stand still. */
  readonly isPaused: boolean;
  readonly selected: number;
  /** Whether the lock of the selected row is shown instead of the list. */
  readonly isInspecting: boolean;
  readonly hasQuit: boolean;
}

export const TOP_START: TopState = {
  sort: "waiting",
  filter: "",
  isTyping: false,
  isPaused: false,
  selected: 0,
  isInspecting: false,
  hasQuit: false,
};

const MAX_FILTER_LENGTH = 60;

/** The state after a key. `rows` is the number of rows that the list has. */
export function afterKey(state: TopState, key: Key, rows: number): TopState {
  if (key.ctrl === true && isQuitKey(key)) return { ...state, hasQuit: true };
  if (state.isTyping) return afterTyping(state, key);
  const last = Math.max(0, rows - 1);
  switch (key.name) {
    case "q":
      return { ...state, hasQuit: true };
    case "s":
      return { ...state, sort: nextSort(state.sort) };
    case "f":
      return { ...state, isTyping: true, isInspecting: false };
    case "p":
      return { ...state, isPaused: !state.isPaused };
    case "j":
    case "down":
      return { ...state, selected: Math.min(state.selected + 1, last) };
    case "k":
    case "up":
      return { ...state, selected: Math.max(state.selected - 1, 0) };
    case "return":
    case "enter":
      return { ...state, isInspecting: rows > 0 };
    case "escape":
      return state.isInspecting ? { ...state, isInspecting: false } : { ...state, filter: "", selected: 0 };
    default:
      return state;
  }
}

function afterTyping(state: TopState, { name, sequence = "", ctrl, meta }: Key): TopState {
  if (name === "escape") return { ...state, isTyping: false, filter: "", selected: 0 };
  if (name === "return" || name === "enter") return { ...state, isTyping: false };
  if (name === "backspace") return { ...state, filter: state.filter.slice(0, -1), selected: 0 };
  const isText = ctrl !== true && meta !== true && /^[^\p{Cc}]+$/u.test(sequence);
  if (!isText || state.filter.length >= MAX_FILTER_LENGTH) return state;
  return { ...state, filter: state.filter + sequence, selected: 0 };
}

function nextSort(sort: TopSort): TopSort {
  return TOP_SORTS[(TOP_SORTS.indexOf(sort) + 1) % TOP_SORTS.length] ?? "waiting";
}
