import { GRACE_MS, MAX_LINE_LENGTH, PLACE_MS } from "./limits.ts";
import { clash, isMode, type Mode } from "./mode.ts";
import type { Store } from "./store.ts";

/** The enforced line of a node, as read at one moment. modes-line.lua describes the line and its text. */
export interface Line {
  /** No waiter is dead or absent before this moment. */
  check: number;
  /** When the last place expires. */
  last: number;
  /** The largest ticket. */
  ticket: number;
  /** The first one is next. */
  readonly entries: Entry[];
}

/** A waiter in line. */
export interface Entry {
  /** The ticket, less the lead that a priority gives. The smallest score is first. */
  readonly score: number;
  /** A client, or a client, a dot and a number. */
  readonly waiter: string;
  mode: Mode;
  /** In ms of the store's clock. */
  deadline: number;
  /** When the waiter was told that it can go; 0 if it was not, −1 if it was granted everything here. */
  named: number;
  readonly ticket: number;
  /** Whether it keeps nobody out, because it was named and has not come in time. */
  isAbsent: boolean;
  /** Its text, if it is as it was read. */
  text: string | undefined;
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

/** See `read_entries` in modes-line.lua. */
export function readLine(store: Store, key: string, now: number): Line {
  let text: string | undefined;
  try {
    text = store.get(key);
  } catch {
    // A key of another type counts as missing.
  }
  const header = /^(\d+) (\d+) (\d+);/.exec(text ?? "");
  if (text === undefined || header === null) return { check: Infinity, last: 0, ticket: 0, entries: [] };
  const [check = 0, last = 0, ticket = 0] = header.slice(1).map(Number);
  const entries = [...text.matchAll(/;([^;]+)/g)].map(([, each = ""]) => parse(each));
  const line = { check, last, ticket, entries };
  if (now >= check) checkAll(line, now);
  return line;
}

function parse(text: string): Entry {
  const parts = /^(-?\d+) ([a-zA-Z0-9.]+) ([A-Z]+) (\d+) (-?\d+) (\d+)$/.exec(text);
  const [, score, waiter = "", mode = "", deadline, named, ticket] = parts ?? [];
  const isKnown = isMode(mode);
  return {
    score: isKnown ? Number(score) : 0,
    waiter: isKnown ? waiter : "",
    mode: isKnown ? mode : "X",
    deadline: isKnown ? Number(deadline) : 0,
    named: isKnown ? Number(named) : 0,
    ticket: isKnown ? Number(ticket) : 0,
    isAbsent: !isKnown,
    text,
  };
}

function checkInTime(line: Line, { deadline, named }: Entry): void {
  line.check = Math.min(line.check, deadline + 1);
  if (named > 0) line.check = Math.min(line.check, named + GRACE_MS + 1);
}

/** See `check_all` in modes-line.lua. */
function checkAll(line: Line, now: number): void {
  const alive = line.entries.filter(({ deadline }) => deadline >= now);
  line.entries.splice(0, Infinity, ...alive);
  line.check = Infinity;
  const silent = new Map<string, number>();
  for (const entry of alive) {
    checkInTime(line, entry);
    if (entry.named <= 0 || now - entry.named <= GRACE_MS) continue;
    const client = clientOf(entry.waiter);
    silent.set(client, Math.max(silent.get(client) ?? 0, entry.named));
    entry.isAbsent = true;
  }
  for (const { waiter, deadline } of alive) {
    const since = silent.get(clientOf(waiter));
    if (since !== undefined && deadline - PLACE_MS > since) silent.delete(clientOf(waiter));
  }
  for (const entry of alive) if (silent.has(clientOf(entry.waiter))) entry.isAbsent = true;
}

function clientOf(waiter: string): string {
  return /^[a-zA-Z0-9]+/.exec(waiter)?.[0] ?? "";
}

/** See `write_entries` in modes-line.lua. */
export function writeLine(store: Store, key: string, line: Line, now: number): void {
  const { check, last, ticket, entries } = line;
  if (entries.length === 0) {
    store.delete(key);
    return;
  }
  const texts = entries.map(
    (entry) =>
      entry.text ??
      `${entry.score} ${entry.waiter} ${entry.mode} ${entry.deadline} ${entry.named} ${entry.ticket}`,
  );
  store.set(key, [`${check} ${last} ${ticket}`, ...texts].join(";"), Math.max(1, last - now));
}

/** See `blocker_of` in modes-line.lua. */
export function blockerOf(
  { entries }: Line,
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
export function renewPlace(line: Line, waiter: string, now: number): number | undefined {
  const at = waiter === "" ? -1 : line.entries.findIndex((other) => other.waiter === waiter);
  const entry = line.entries[at];
  if (entry === undefined) return undefined;
  entry.deadline = now + PLACE_MS;
  entry.named = 0;
  entry.text = undefined;
  line.last = Math.max(line.last, entry.deadline);
  return at;
}

/** What a waiter takes its place with. */
export interface Asker {
  readonly waiter: string;
  readonly mode: Mode;
  /** 0 if it has none. */
  readonly ticket: number;
  /** The latest ticket that the store knows. */
  readonly latest: number;
  /** How much the priority of the waiter lowers its score. */
  readonly lead: number;
}

/** See `take_place` in modes-line.lua. Returns the index. */
export function takePlace(line: Line, asker: Asker, now: number): number {
  const { waiter, mode, latest, lead } = asker;
  const { entries } = line;
  const known = renewPlace(line, waiter, now);
  if (known !== undefined && entries[known]!.ticket >= asker.ticket) {
    entries[known]!.mode = mode;
    return known;
  }
  if (known !== undefined) entries.splice(known, 1);
  const ticket = asker.ticket === 0 ? latest + 1 : asker.ticket;
  const score = ticket - lead;
  const at = entries.findLastIndex((entry) => !isBehind(entry, score, waiter)) + 1;
  const deadline = now + PLACE_MS;
  const entry: Entry = { score, waiter, mode, deadline, named: 0, ticket, isAbsent: false, text: undefined };
  entries.splice(at, 0, entry);
  checkInTime(line, entry);
  line.last = Math.max(line.last, deadline);
  line.ticket = Math.max(line.ticket, ticket);
  if (entries.length > MAX_LINE_LENGTH) entries.pop();
  return at;
}

/** See `leave_place` in modes-line.lua. */
export function leavePlace({ entries }: Line, waiter: string): boolean {
  const at = entries.findIndex((entry) => entry.waiter === waiter);
  if (at >= 0) entries.splice(at, 1);
  return at >= 0;
}

/** See `name_next` in modes-line.lua. */
export function nameNext(line: Line, isFree: (mode: Mode) => boolean, now: number): Next {
  const named: string[] = [];
  const going: Mode[] = [];
  const clients = new Set<string>();
  let isOver = false;
  for (const entry of line.entries) {
    if (entry.isAbsent) continue;
    isOver ||= going.some((mode) => clash(mode, entry.mode)) || !isFree(entry.mode);
    if (isOver) {
      if (clients.size === 0) break;
      if (!clients.has(clientOf(entry.waiter))) return { named, canGo: true, deputy: entry.waiter };
      continue;
    }
    if (entry.named <= 0) {
      entry.named = now;
      entry.text = undefined;
      checkInTime(line, entry);
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
