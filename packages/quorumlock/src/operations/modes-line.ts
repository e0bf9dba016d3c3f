import { GRACE_MS, MAX_LINE_LENGTH, PLACE_MS } from "./limits.ts";
import { clash, isMode, type Mode } from "./mode.ts";
import type { Store } from "./store.ts";

/** A waiter in the enforced line of a node. modes-line.lua describes the line. */
export interface Entry {
  /** The ticket, less the lead that a priority gives. The smallest score is first. */
  readonly score: number;
  /** A client, or a client, a dot and a number. */
  readonly waiter: string;
  mode: Mode;
  /** In ms of the store's clock. */
  deadline: number;
  /** When the waiter was told that it can go; 0 if it was not. */
  named: number;
  readonly ticket: number;
  /** Whether it keeps nobody out, because it was named and has not come in time. */
  isAbsent: boolean;
}

/** What `nameNext` has found. */
export interface Next {
  /** The waiters that were not named before. */
  readonly named: readonly string[];
  /** Whether any waiter can go. */
  readonly canGo: boolean;
  /** The waiter that goes if they do not come. */
  readonly deputy: string | undefined;
}

export function readEntries(store: Store, key: string, now: number): Entry[] {
  const entries: Entry[] = [];
  let text: string | undefined;
  try {
    text = store.get(key);
  } catch {
    // A key of another type counts as missing.
  }
  for (const [, score, waiter = "", mode = "", deadline, named, ticket] of (text ?? "").matchAll(
    /(-?\d+) ([a-zA-Z0-9.]+) ([A-Z]+) (\d+) (\d+) (\d+)/g,
  )) {
    if (isMode(mode) && Number(deadline) >= now)
      entries.push({
        score: Number(score),
        waiter,
        mode,
        deadline: Number(deadline),
        named: Number(named),
        ticket: Number(ticket),
        isAbsent: false,
      });
  }
  markAbsent(entries, now);
  return entries;
}

/** See `mark_absent` in modes-line.lua. */
function markAbsent(entries: readonly Entry[], now: number): void {
  const silent = new Map<string, number>();
  for (const entry of entries) {
    if (entry.named <= 0 || now - entry.named <= GRACE_MS) continue;
    const client = clientOf(entry.waiter);
    silent.set(client, Math.max(silent.get(client) ?? 0, entry.named));
    entry.isAbsent = true;
  }
  if (silent.size === 0) return;
  for (const { waiter, deadline } of entries) {
    const since = silent.get(clientOf(waiter));
    if (since !== undefined && deadline - PLACE_MS > since) silent.delete(clientOf(waiter));
  }
  for (const entry of entries) if (silent.has(clientOf(entry.waiter))) entry.isAbsent = true;
}

function clientOf(waiter: string): string {
  return /^[a-zA-Z0-9]+/.exec(waiter)?.[0] ?? "";
}

export function writeEntries(store: Store, key: string, entries: readonly Entry[], now: number): void {
  if (entries.length === 0) {
    store.delete(key);
    return;
  }
  const texts = entries.map(
    ({ score, waiter, mode, deadline, named, ticket }) =>
      `${score} ${waiter} ${mode} ${deadline} ${named} ${ticket}`,
  );
  const last = Math.max(now + 1, ...entries.map(({ deadline }) => deadline));
  store.set(key, texts.join(" "), last - now);
}

/** See `blocker_of` in modes-line.lua. */
export function blockerOf(
  entries: readonly Entry[],
  mode: Mode,
  waiter: string,
  score: number | undefined,
): { readonly blocker: Entry | undefined; readonly hasMore: boolean } {
  let blocker: Entry | undefined;
  for (const entry of entries) {
    if (entry.waiter === waiter || (score !== undefined && isBehind(entry, score, waiter))) break;
    if (!clash(entry.mode, mode) || entry.isAbsent) continue;
    if (blocker !== undefined) return { blocker, hasMore: true };
    blocker = entry;
  }
  return { blocker, hasMore: false };
}

/** See `renew_place` in modes-line.lua. Returns the index. */
export function renewPlace(entries: readonly Entry[], waiter: string, now: number): number | undefined {
  const at = entries.findIndex((other) => other.waiter === waiter);
  const entry = entries[at];
  if (entry === undefined) return undefined;
  entry.deadline = now + PLACE_MS;
  entry.named = 0;
  return at;
}

/** What a waiter takes its place with. */
export interface Asker {
  readonly waiter: string;
  readonly mode: Mode;
  readonly ticket: number;
  /** How much the priority of the waiter lowers its score. */
  readonly lead: number;
}

/** See `take_place` in modes-line.lua. Returns the index. */
export function takePlace(entries: Entry[], { waiter, mode, ticket, lead }: Asker, now: number): number {
  const known = renewPlace(entries, waiter, now);
  if (known !== undefined) {
    entries[known]!.mode = mode;
    return known;
  }
  const score = ticket - lead;
  const behind = entries.findIndex((entry) => isBehind(entry, score, waiter));
  const at = behind < 0 ? entries.length : behind;
  entries.splice(at, 0, { score, waiter, mode, deadline: now + PLACE_MS, named: 0, ticket, isAbsent: false });
  if (entries.length > MAX_LINE_LENGTH) entries.pop();
  return at;
}

/** See `leave_place` in modes-line.lua. */
export function leavePlace(entries: Entry[], waiter: string): boolean {
  const at = entries.findIndex((entry) => entry.waiter === waiter);
  if (at >= 0) entries.splice(at, 1);
  return at >= 0;
}

/** See `name_next` in modes-line.lua. */
export function nameNext(entries: readonly Entry[], isFree: (mode: Mode) => boolean, now: number): Next {
  const named: string[] = [];
  const going: Mode[] = [];
  const clients = new Set<string>();
  let isOver = false;
  for (const entry of entries) {
    if (entry.isAbsent) continue;
    isOver ||= going.some((mode) => clash(mode, entry.mode)) || !isFree(entry.mode);
    if (isOver) {
      if (clients.size === 0) break;
      if (!clients.has(clientOf(entry.waiter))) return { named, canGo: true, deputy: entry.waiter };
      continue;
    }
    if (entry.named === 0) {
      entry.named = now;
      named.push(entry.waiter);
    }
    clients.add(clientOf(entry.waiter));
    going.push(entry.mode);
  }
  return { named, canGo: clients.size > 0, deputy: undefined };
}

export function isBehind(entry: Entry, score: number, waiter: string): boolean {
  return entry.score > score || (entry.score === score && entry.waiter > waiter);
}
