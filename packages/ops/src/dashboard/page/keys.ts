import type { Dashboard } from "./dashboard.ts";

/** After `g`, the second key must come in this time. */
const SEQUENCE_MS = 1_500;

export const KEYS: readonly (readonly [keys: string, meaning: string])[] = [
  ["/", "Search"],
  ["j  k", "Next row, previous row"],
  ["Enter", "Open the row"],
  ["Esc", "Back"],
  ["s", "Sort"],
  ["f", "Filter"],
  ["p", "Pause, go on"],
  ["t", "Theme"],
  ["g s", "Go to the servers"],
  ["g e", "Go to the events"],
  ["?", "This help"],
];

/** Listens to the keys of the page. No key releases a lock. */
export function listenToKeys(dashboard: Dashboard): void {
  let goAt = 0;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    // The browser closes dialogs and menus itself.
    if (document.querySelector("dialog[open], :popover-open") !== null) return;
    if (event.key === "Escape") {
      escape(dashboard);
      return;
    }
    if (isField(event.target) || !dashboard.preferences.hasLetterKeys) return;
    const isSequence = event.timeStamp - goAt < SEQUENCE_MS && goAt > 0;
    goAt = event.key === "g" ? event.timeStamp : 0;
    const isUsed = isSequence ? goTo(event.key) : act(dashboard, event.key);
    if (isUsed) event.preventDefault();
  });
}

function escape(dashboard: Dashboard): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && isField(focused)) focused.blur();
  else if (dashboard.route.page !== "overview") dashboard.back();
  else if (focused instanceof HTMLElement) focused.blur();
}

function act(dashboard: Dashboard, key: string): boolean {
  switch (key) {
    case "/":
      return focus("#search");
    case "s":
      return focus("#sort");
    case "f":
      return focus("#filter");
    case "j":
    case "k":
      return document.dispatchEvent(new CustomEvent("rowmove", { detail: key === "j" ? 1 : -1 }));
    case "p":
      dashboard.togglePause();
      return true;
    case "t":
      dashboard.nextTheme();
      return true;
    case "?":
      dashboard.showDialog({ dialog: "help" });
      return true;
    default:
      return key === "g";
  }
}

function goTo(key: string): boolean {
  if (key === "s") return focus("#servers");
  return key === "e" && focus("#events");
}

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return element !== null;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, select, textarea, [contenteditable]");
}
