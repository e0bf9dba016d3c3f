import { GRACE_MS, MAX_LINE_LENGTH, PLACE_MS } from "./limits.ts";
import { clash, isMode, type Mode } from "./mode.ts";
import type { Store } from "./store.ts";

/** A client in the enforced line of a node. modes-line.lua describes the line. */
export interface Entry {
  readonly ticket: number;
  readonly client: string;
  mode: Mode;
  /** In ms of the store's clock. */
  deadline: number;
  /** When the client was told that it can go; 0 if it was not. */
  named: number;
}

export function readEntries(store: Store, key: string, now: number): Entry[] {
  const entries: Entry[] = [];
  let text: string | undefined;
  try {
    text = store.get(key);
  } catch {
    // A key of another type counts as missing.
  }
  for (const [, ticket, client = "", mode = "", deadline, named] of (text ?? "").matchAll(
    /(\d+) ([a-zA-Z0-9]+) ([A-Z]+) (\d+) (\d+)/g,
  )) {
    if (isMode(mode) && Number(deadline) >= now)
      entries.push({
        ticket: Number(ticket),
        client,
        mode,
        deadline: Number(deadline),
        named: Number(named),
      });
  }
  return entries;
}

export function writeEntries(store: Store, key: string, entries: readonly Entry[], now: number): void {
  if (entries.length === 0) {
    store.delete(key);
    return;
  }
  const texts = entries.map(
    ({ ticket, client, mode, deadline, named }) => `${ticket} ${client} ${mode} ${deadline} ${named}`,
  );
  const last = Math.max(now + 1, ...entries.map(({ deadline }) => deadline));
  store.set(key, texts.join(" "), last - now);
}

/** See `blocker_of` in modes-line.lua. */
export function blockerOf(
  entries: readonly Entry[],
  mode: Mode,
  client: string,
  ticket: number,
  now: number,
): Entry | undefined {
  for (const entry of entries) {
    if (entry.client === client || (ticket > 0 && isBehind(entry, ticket, client))) return undefined;
    if (clash(entry.mode, mode) && !isAbsent(entry, now)) return entry;
  }
  return undefined;
}

/** See `renew_place` in modes-line.lua. */
export function renewPlace(entries: readonly Entry[], client: string, now: number): boolean {
  const entry = entries.find((other) => other.client === client);
  if (entry === undefined) return false;
  entry.deadline = now + PLACE_MS;
  entry.named = 0;
  return true;
}

/** See `take_place` in modes-line.lua. */
export function takePlace(entries: Entry[], client: string, mode: Mode, ticket: number, now: number): void {
  const known = entries.find((entry) => entry.client === client);
  if (known !== undefined) {
    known.mode = mode;
    renewPlace(entries, client, now);
    return;
  }
  if (entries.length >= MAX_LINE_LENGTH) return;
  const behind = entries.findIndex((entry) => isBehind(entry, ticket, client));
  const entry = { ticket, client, mode, deadline: now + PLACE_MS, named: 0 };
  entries.splice(behind < 0 ? entries.length : behind, 0, entry);
}

/** See `leave_place` in modes-line.lua. */
export function leavePlace(entries: Entry[], client: string): boolean {
  const at = entries.findIndex((entry) => entry.client === client);
  if (at >= 0) entries.splice(at, 1);
  return at >= 0;
}

/** See `name_next` in modes-line.lua. */
export function nameNext(
  entries: readonly Entry[],
  isFree: (mode: Mode) => boolean,
  now: number,
): readonly string[] {
  const named: string[] = [];
  const going: Mode[] = [];
  for (const entry of entries) {
    if (isAbsent(entry, now)) continue;
    if (going.some((mode) => clash(mode, entry.mode)) || !isFree(entry.mode)) break;
    if (entry.named === 0) {
      entry.named = now;
      named.push(entry.client);
    }
    going.push(entry.mode);
  }
  return named;
}

function isAbsent({ named }: Entry, now: number): boolean {
  return named > 0 && now - named > GRACE_MS;
}

function isBehind(entry: Entry, ticket: number, client: string): boolean {
  return entry.ticket > ticket || (entry.ticket === ticket && entry.client > client);
}
