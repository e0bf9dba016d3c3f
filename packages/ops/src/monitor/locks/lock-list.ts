import { performance } from "node:perf_hooks";
import { type LockHealth, type LockRow, type LocksPage, SCHEMA, type ServerView } from "../api.ts";
import { formatCount } from "../format/format-numbers.ts";
import type { KeyScan } from "./key-scan.ts";
import type { LockEntry } from "./lock-entry.ts";
import type { LockIndex } from "./lock-index.ts";
import { LOCK_ORDERS, type LockSort, type OrderedLock, rankOf, TROUBLE } from "./lock-order.ts";
import { figuresOf, type LostLock, lostRow, type RowContext, rowOf } from "./lock-rows.ts";
import { nameFilter } from "./glob.ts";
import { keptMs, SortedLists, type TimedList } from "./sorted-lists.ts";

/** What a page of the list shows. */
export interface LockQuery {
  readonly pattern: string;
  readonly sort: LockSort;
  readonly health: LockHealth | undefined;
  readonly offset: number;
  readonly limit: number;
}

export const DEFAULT_QUERY: LockQuery = {
  pattern: "",
  sort: "blocked",
  health: undefined,
  offset: 0,
  limit: 200,
};
export const MAX_LIMIT = 1_000;

interface Ranked extends OrderedLock {
  readonly entry: LockEntry | undefined;
  readonly lost: LostLock | undefined;
}

interface SortedList extends TimedList {
  readonly rows: readonly Ranked[];
  /** Whether every name was known. */
  readonly isComplete: boolean;
}

/** The counts of the tiles. */
export interface LockTotals {
  readonly held: number;
  readonly short: number;
  /** Clients in line. */
  readonly waiting: number;
  readonly oldestWaitMs: number | undefined;
}

export interface LockListOptions {
  readonly index: LockIndex;
  readonly scan: KeyScan;
  readonly prefix: string;
  readonly context: () => RowContext;
  readonly lost: () => readonly LostLock[];
  readonly servers: () => readonly ServerView[];
}

/** Sorts the locks and cuts pages out of them. The sorted lists are kept for a moment, so many browsers cost little more than one. */
export class LockList {
  readonly #options: LockListOptions;
  readonly #sorted = new SortedLists<SortedList>();
  #totals: LockTotals = { held: 0, short: 0, waiting: 0, oldestWaitMs: undefined };
  #totalsAt = -Infinity;
  #totalsTookMs = 0;

  constructor(options: LockListOptions) {
    this.#options = options;
  }

  get totals(): LockTotals {
    const startedAt = performance.now();
    if (startedAt - this.#totalsAt < keptMs(this.#totalsTookMs)) return this.#totals;
    const { index } = this.#options;
    const context = this.#options.context();
    let [held, short, waiting] = [0, 0, 0];
    let oldestWaitMs: number | undefined;
    for (const entry of index.entries()) {
      const { health } = figuresOf(entry, context);
      if (health !== "minority" && health !== "uncertain") held += 1;
      if (health === "short" || health === "not-extended") short += 1;
      const waits = context.blocked(entry.name);
      waiting += Math.max(entry.line.length, waits?.callers ?? 0);
      if (waits !== undefined && waits.callers > 0)
        oldestWaitMs = Math.max(oldestWaitMs ?? 0, Math.round(waits.oldestWaitMs));
    }
    this.#totals = { held, short, waiting, oldestWaitMs };
    this.#totalsAt = performance.now();
    this.#totalsTookMs = this.#totalsAt - startedAt;
    return this.#totals;
  }

  /**
   * One page. The names on it are kept fresh for a while.
   * @throws SearchLimitError if the pattern takes too long for all names.
   */
  page(query: LockQuery): LocksPage {
    const { index, scan } = this.#options;
    const { rows: sorted, isComplete } = this.#sort(query);
    const { offset, limit } = query;
    const context = this.#options.context();
    const shown = sorted.slice(offset, offset + limit);
    index.keepFresh(shown.map(({ name }) => name));
    const locks = shown.flatMap((ranked) => this.#row(ranked, context) ?? []);
    const { held, short } = this.totals;
    return {
      schema: SCHEMA,
      total: sorted.length,
      held,
      short,
      offset,
      locks,
      complete: isComplete,
      progress: scan.progress,
      scannedAt: scan.scannedAt,
      unanswered: this.#options
        .servers()
        .flatMap(({ label, state }) => (state === "no-answer" || state === "refused" ? [label] : [])),
      truncated: index.isTruncated,
      hint: sorted.length === 0 && query.pattern === "" ? this.#hint(isComplete) : undefined,
    };
  }

  #hint(isComplete: boolean): string | undefined {
    const { scan, prefix } = this.#options;
    const { otherKeys } = scan;
    if (!isComplete || otherKeys === 0) return undefined;
    return `The servers hold ${formatCount(otherKeys)} keys, none under “${prefix}”. Is \`prefix\` right?`;
  }

  /** A name can be released or taken since the list was sorted. */
  #row({ name, entry, lost }: Ranked, context: RowContext): LockRow | undefined {
    if (lost !== undefined) return lostRow(lost, this.#options.servers().length, context.classOf);
    const present = this.#options.index.get(name) ?? entry;
    return present === undefined ? undefined : rowOf(present, context);
  }

  #sort({ pattern, sort, health }: LockQuery): SortedList {
    const key = JSON.stringify([pattern, sort, health]);
    const startedAt = performance.now();
    const known = this.#sorted.find(key, startedAt);
    if (known !== undefined) return known;
    const rows = this.#rank(nameFilter(pattern), health).toSorted(LOCK_ORDERS[sort]);
    const madeAt = performance.now();
    const { scan, index } = this.#options;
    const isComplete = scan.isComplete && index.isRead && !index.isTruncated;
    const list: SortedList = { rows, isComplete, madeAt, tookMs: madeAt - startedAt };
    this.#sorted.keep(key, list);
    return list;
  }

  #rank(matches: (name: string) => boolean, health: LockHealth | undefined): Ranked[] {
    const { index, lost } = this.#options;
    const context = this.#options.context();
    const rows: Ranked[] = [];
    for (const entry of index.entries()) {
      if (!matches(entry.name)) continue;
      const figures = figuresOf(entry, context);
      if (health !== undefined && figures.health !== health) continue;
      const waits = context.blocked(entry.name);
      const { remainingMs, ageMs } = figures;
      rows.push({
        entry,
        lost: undefined,
        name: entry.name,
        rank: rankOf(figures.health, waits?.deadlock),
        blocked: waits?.blocked ?? 0,
        remainingMs,
        ageMs,
      });
    }
    for (const each of lost()) {
      const isHeld = index.get(each.name) !== undefined;
      if (isHeld || !matches(each.name) || (health !== undefined && health !== "lost")) continue;
      rows.push({
        entry: undefined,
        lost: each,
        name: each.name,
        rank: TROUBLE.lost,
        blocked: 0,
        remainingMs: undefined,
        ageMs: undefined,
      });
    }
    return rows;
  }
}
