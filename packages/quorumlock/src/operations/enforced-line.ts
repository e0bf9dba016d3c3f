import { GRACE_MS, MAX_LINE_LENGTH, PLACE_MS } from "./limits.ts";
import type { Store } from "./store.ts";

/** A client in the enforced line of a name. enforced-line.lua describes the line. */
export interface Entry<Demand extends string = string> {
  readonly ticket: number;
  readonly client: string;
  demand: Demand;
  /** In ms of the store's clock. */
  deadline: number;
  /** When the client was told that it can go; 0 if it was not. */
  named: number;
}

/** See `read_entries` in enforced-line.lua. */
export function readEntries<Demand extends string>(
  store: Store,
  key: string,
  now: number,
  isDemand: (text: string) => text is Demand,
): Entry<Demand>[] {
  const entries: Entry<Demand>[] = [];
  let text: string | undefined;
  try {
    text = store.get(key);
  } catch {
    // A key of another type counts as missing.
  }
  for (const [, ticket, client = "", demand = "", deadline, named] of (text ?? "").matchAll(
    /(\d+) ([a-zA-Z0-9]+) ([a-zA-Z0-9]+) (\d+) (\d+)/g,
  )) {
    if (isDemand(demand) && Number(deadline) >= now)
      entries.push({
        ticket: Number(ticket),
        client,
        demand,
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
    ({ ticket, client, demand, deadline, named }) => `${ticket} ${client} ${demand} ${deadline} ${named}`,
  );
  const last = Math.max(now + 1, ...entries.map(({ deadline }) => deadline));
  store.set(key, texts.join(" "), last - now);
}

/** See `blocker_of` in enforced-line.lua. */
export function blockerOf<Demand extends string>(
  entries: readonly Entry<Demand>[],
  client: string,
  ticket: number,
  now: number,
  blocks: (demand: Demand) => boolean,
): Entry<Demand> | undefined {
  for (const entry of entries) {
    if (entry.client === client || (ticket > 0 && isBehind(entry, ticket, client))) return undefined;
    if (!isAbsent(entry, now) && blocks(entry.demand)) return entry;
  }
  return undefined;
}

/** See `renew_place` in enforced-line.lua. */
export function renewPlace(entries: readonly Entry[], client: string, now: number): boolean {
  const entry = entries.find((other) => other.client === client);
  if (entry === undefined) return false;
  entry.deadline = now + PLACE_MS;
  entry.named = 0;
  return true;
}

/** See `serve_place` in enforced-line.lua. */
export function servePlace(entries: readonly Entry[], client: string, now: number): boolean {
  const hasPlace = renewPlace(entries, client, now);
  for (const entry of entries) if (entry.client === client) entry.named = Math.max(1, now - GRACE_MS - 1);
  return hasPlace;
}

/** See `take_place` in enforced-line.lua. */
export function takePlace<Demand extends string>(
  entries: Entry<Demand>[],
  client: string,
  demand: Demand,
  ticket: number,
  now: number,
): void {
  const known = entries.find((entry) => entry.client === client);
  if (known !== undefined) {
    known.demand = demand;
    renewPlace(entries, client, now);
    return;
  }
  if (entries.length >= MAX_LINE_LENGTH) return;
  const behind = entries.findIndex((entry) => isBehind(entry, ticket, client));
  const entry = { ticket, client, demand, deadline: now + PLACE_MS, named: 0 };
  entries.splice(behind < 0 ? entries.length : behind, 0, entry);
}

/** See `leave_place` in enforced-line.lua. */
export function leavePlace(entries: Entry[], client: string): boolean {
  const at = entries.findIndex((entry) => entry.client === client);
  if (at >= 0) entries.splice(at, 1);
  return at >= 0;
}

/** See `name_next` in enforced-line.lua. */
export function nameNext<Demand extends string>(
  entries: readonly Entry<Demand>[],
  canGo: (demand: Demand) => boolean,
  now: number,
): readonly Entry<Demand>[] {
  const named: Entry<Demand>[] = [];
  for (const entry of entries) {
    if (isAbsent(entry, now)) continue;
    if (!canGo(entry.demand)) break;
    if (entry.named === 0) {
      entry.named = now;
      named.push(entry);
    }
  }
  return named;
}

function isAbsent({ named }: Entry, now: number): boolean {
  return named > 0 && now - named > GRACE_MS;
}

function isBehind(entry: Entry, ticket: number, client: string): boolean {
  return entry.ticket > ticket || (entry.ticket === ticket && entry.client > client);
}
