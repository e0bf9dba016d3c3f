import { GRACE_MS, MAX_LINE_LENGTH, PLACE_MS } from "./limits.ts";
import type { KnownTickets } from "./kind.ts";
import type { Store } from "./store.ts";

/** The enforced line of a name, as read at one moment. enforced-line.lua describes the line and its text. */
export interface Line<Demand extends string = string> {
  /** No waiter is dead or absent before this moment. */
  check: number;
  /** When the last place expires. */
  last: number;
  /** The largest ticket. */
  ticket: number;
  /** The first one is next. */
  readonly entries: Entry<Demand>[];
}

/** A waiter in line. */
export interface Entry<Demand extends string = string> {
  /** The ticket of the place, less the lead that a priority gives. The smallest score is first. */
  readonly score: number;
  /** A client, or a client, a dot and a number. */
  readonly waiter: string;
  /** `undefined` if the kind of lock does not know it. Then the waiter is absent. */
  demand: Demand | undefined;
  /** In ms of the store's clock. */
  deadline: number;
  /** When the waiter was told that it can go; 0 if it was not, −1 if it was granted everything here. */
  named: number;
  /** 0 if it has none or has only proposed one. */
  readonly ticket: number;
  /** Whether it keeps nobody out, because it was named and has not come in time. */
  isAbsent: boolean;
  /** Its text, if it is as it was read. */
  text: string | undefined;
}

/** What `nameNext` has found. */
export interface Next<Demand extends string = string> {
  /** The waiters that were not named before. */
  readonly named: readonly NamedWaiter<Demand>[];
  /** Whether any waiter can go. */
  readonly canGo: boolean;
  /** The waiter that goes if they do not come. */
  readonly deputy: string | undefined;
}

export const NOBODY_NEXT: Next<never> = { named: [], canGo: false, deputy: undefined };

interface NamedWaiter<Demand extends string> {
  readonly waiter: string;
  readonly demand: Demand;
}

/** See `read_entries` in enforced-line.lua. */
export function readLine<Demand extends string>(
  store: Store,
  key: string,
  now: number,
  isDemand: (text: string) => text is Demand,
): Line<Demand> {
  let text: string | undefined;
  try {
    text = store.get(key);
  } catch {
    // A key of another type counts as missing.
  }
  const header = /^(\d+) (\d+) (\d+);/.exec(text ?? "");
  if (text === undefined || header === null) return { check: Infinity, last: 0, ticket: 0, entries: [] };
  const [check = 0, last = 0, ticket = 0] = header.slice(1).map(Number);
  const entries = [...text.matchAll(/;([^;]+)/g)].map(([, each = ""]) => parse(each, isDemand));
  const line = { check, last, ticket, entries };
  if (now >= check) checkAll(line, now);
  return line;
}

function parse<Demand extends string>(
  text: string,
  isDemand: (text: string) => text is Demand,
): Entry<Demand> {
  const parts = /^(-?\d+) ([a-zA-Z0-9.]+) ([a-zA-Z0-9]+) (\d+) (-?\d+) (\d+)$/.exec(text);
  const [, score, waiter = "", demand = "", deadline, named, ticket] = parts ?? [];
  if (!isDemand(demand))
    return {
      score: 0,
      waiter: "",
      demand: undefined,
      deadline: 0,
      named: 0,
      ticket: 0,
      isAbsent: true,
      text,
    };
  return {
    score: Number(score),
    waiter,
    demand,
    deadline: Number(deadline),
    named: Number(named),
    ticket: Number(ticket),
    isAbsent: false,
    text,
  };
}

function checkInTime(line: Line, { deadline, named }: Entry): void {
  line.check = Math.min(line.check, deadline + 1);
  if (named > 0) line.check = Math.min(line.check, named + GRACE_MS + 1);
}

/** See `check_all` in enforced-line.lua. */
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

/** See `write_entries` in enforced-line.lua. */
export function writeLine(store: Store, key: string, line: Line, now: number): void {
  const { check, last, ticket, entries } = line;
  if (entries.length === 0) {
    store.delete(key);
    return;
  }
  const texts = entries.map(
    (entry) =>
      entry.text ??
      `${entry.score} ${entry.waiter} ${entry.demand ?? ""} ${entry.deadline} ${entry.named} ${entry.ticket}`,
  );
  store.set(key, [`${check} ${last} ${ticket}`, ...texts].join(";"), Math.max(1, last - now));
}

/** See `blocker_of` in enforced-line.lua. */
export function blockerOf<Demand extends string>(
  { entries }: Line<Demand>,
  waiter: string,
  score: number | undefined,
  blocks: (demand: Demand) => boolean,
): { readonly blocker: Entry<Demand> | undefined; readonly hasMore: boolean } {
  let blocker: Entry<Demand> | undefined;
  for (const entry of entries) {
    if (entry.waiter === waiter || (score !== undefined && isBehind(entry, score, waiter))) break;
    if (entry.isAbsent || entry.demand === undefined || !blocks(entry.demand)) continue;
    if (blocker !== undefined) return { blocker, hasMore: true };
    blocker = entry;
  }
  return { blocker, hasMore: false };
}

/** See `renew_place` in enforced-line.lua. Returns the index. */
export function renewPlace(line: Line, waiter: string, now: number): number | undefined {
  const at = waiter === "" ? -1 : line.entries.findIndex((other) => other.waiter === waiter);
  const entry = line.entries[at];
  if (entry === undefined) return undefined;
  entry.deadline = now + PLACE_MS;
  entry.named = 0;
  entry.isAbsent = false;
  entry.text = undefined;
  line.last = Math.max(line.last, entry.deadline);
  return at;
}

/** See `serve_place` in enforced-line.lua. */
export function servePlace(line: Line, waiter: string, now: number): boolean {
  const at = renewPlace(line, waiter, now);
  const entry = at === undefined ? undefined : line.entries[at];
  if (entry === undefined) return false;
  entry.named = Math.max(1, now - GRACE_MS - 1);
  entry.isAbsent = true;
  checkInTime(line, entry);
  return true;
}

/** What a waiter takes its place with. */
export interface Asker<Demand extends string> {
  readonly waiter: string;
  readonly demand: Demand;
  /** 0 if it has none, below 0 if it proposes one. */
  readonly ticket: number;
  /** The latest ticket that the store knows. */
  readonly latest: number;
  /** How much the priority of the waiter lowers its score. */
  readonly lead: number;
}

/** See `accepted` in enforced-line.lua. */
export function accepted(ticket: number, known: number): number {
  if (ticket >= 0) return ticket;
  return -ticket > known && -ticket <= known + PLACE_MS ? -ticket : 0;
}

/** See `tickets_text` in enforced-line.lua. */
export function ticketsText(known: number, now: number): string {
  return known === now ? String(now) : `${known} ${now}`;
}

/** Reads what `ticketsText` wrote. */
export function readTickets(text: string | number | undefined): KnownTickets {
  const [latest = 0, now = latest] = String(text ?? 0)
    .split(" ")
    .map(Number);
  return { latest, now, accepts: (ticket) => accepted(-ticket, latest) > 0 };
}

/** See `take_place` in enforced-line.lua. Returns the index. */
export function takePlace<Demand extends string>(
  line: Line<Demand>,
  asker: Asker<Demand>,
  now: number,
): number {
  const { waiter, demand, ticket, latest, lead } = asker;
  const { entries } = line;
  const known = renewPlace(line, waiter, now);
  if (known !== undefined && entries[known]!.ticket >= ticket) {
    entries[known]!.demand = demand;
    return known;
  }
  if (known !== undefined) entries.splice(known, 1);
  const place = accepted(ticket, latest) || latest + 1;
  const score = place - lead;
  const at = entries.findLastIndex((entry) => !isBehind(entry, score, waiter)) + 1;
  const deadline = now + PLACE_MS;
  const entry = {
    score,
    waiter,
    demand,
    deadline,
    named: 0,
    ticket: Math.max(ticket, 0),
    isAbsent: false,
    text: undefined,
  };
  entries.splice(at, 0, entry);
  checkInTime(line, entry);
  line.last = Math.max(line.last, deadline);
  line.ticket = Math.max(line.ticket, place);
  if (entries.length > MAX_LINE_LENGTH) entries.pop();
  return at;
}

/** See `leave_place` in enforced-line.lua. */
export function leavePlace({ entries }: Line, waiter: string): boolean {
  const at = entries.findIndex((entry) => entry.waiter === waiter);
  if (at >= 0) entries.splice(at, 1);
  return at >= 0;
}

/** See `name_next` in enforced-line.lua. */
export function nameNext<Demand extends string>(
  line: Line<Demand>,
  canGo: (demand: Demand) => boolean,
  now: number,
): Next<Demand> {
  const named: NamedWaiter<Demand>[] = [];
  const clients = new Set<string>();
  let isOver = false;
  for (const entry of line.entries) {
    const { waiter, demand } = entry;
    if (entry.isAbsent || demand === undefined) continue;
    isOver ||= !canGo(demand);
    if (isOver) {
      if (clients.size === 0) break;
      if (!clients.has(clientOf(waiter))) return { named, canGo: true, deputy: waiter };
      continue;
    }
    if (entry.named <= 0) {
      entry.named = now;
      entry.text = undefined;
      checkInTime(line, entry);
      named.push({ waiter, demand });
    }
    clients.add(clientOf(waiter));
  }
  return { named, canGo: clients.size > 0, deputy: undefined };
}

/** See `wake_message` in enforced-line.lua. */
export function wakeMessage(texts: readonly string[], deputy: string | undefined): string {
  return [...texts, ...(deputy === undefined ? [] : [`~${deputy}`])].join(" ");
}

export function isBehind(entry: Entry, score: number, waiter: string): boolean {
  return entry.score > score || (entry.score === score && entry.waiter > waiter);
}
