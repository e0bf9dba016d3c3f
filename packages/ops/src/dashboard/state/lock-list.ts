import type { LockRow, LocksPage } from "../../monitor/api.ts";
import { isSameQuery, type ListQuery, PAGE_SIZE } from "../connection/messages.ts";
import { movedCount } from "./moved-count.ts";

/** One row as it is shown. */
export interface ShownRow {
  readonly row: LockRow;
  readonly receivedAt: number;
  /** It is not in the list any more, and keeps its place only because the order is held. */
  readonly isGone: boolean;
}

/** Pages farther from the view than that are forgotten. */
const MAX_PAGES = 6;

/**
 * The list of locks: the pages that were read, and the order in which the rows are shown.
 *
 * While the pointer or the focus is in the list, the order is held: a row that moves away under the pointer would let the operator
 * open another lock. The values in the rows still change.
 */
export class LockList {
  #query: ListQuery;
  #about: Omit<LocksPage, "locks"> | undefined;
  #aboutReceivedAt = 0;
  readonly #pages = new Map<number, { readonly locks: readonly LockRow[]; readonly receivedAt: number }>();
  /** The names in the order that is held, by their index. */
  #held: Map<number, string> | undefined;
  /** The last values of the rows that are held. */
  readonly #heldRows = new Map<string, ShownRow>();
  #heldTotal = 0;
  #isHoldWanted = false;

  constructor(query: ListQuery) {
    this.#query = query;
  }

  get query(): ListQuery {
    return this.#query;
  }

  /** What the monitor says about the whole list. `undefined` until the first page has come. */
  get about(): Omit<LocksPage, "locks"> | undefined {
    return this.#about;
  }

  get aboutReceivedAt(): number {
    return this.#aboutReceivedAt;
  }

  /** How many rows the list has. */
  get total(): number {
    return this.#held === undefined ? (this.#about?.total ?? 0) : this.#heldTotal;
  }

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  setQuery(query: ListQuery): void {
    if (isSameQuery(query, this.#query)) return;
    this.#query = query;
    this.#about = undefined;
    this.#pages.clear();
    this.#dropOrder();
  }

  accept(query: ListQuery, page: LocksPage, receivedAt: number): void {
    if (!isSameQuery(query, this.#query)) return;
    const { locks, ...about } = page;
    this.#about = about;
    this.#aboutReceivedAt = receivedAt;
    this.#pages.delete(page.offset);
    this.#pages.set(page.offset, { locks, receivedAt });
    for (const offset of this.#pages.keys()) {
      if (this.#pages.size > MAX_PAGES || offset >= page.total) this.#pages.delete(offset);
    }
    if (this.#held !== undefined) this.#keepPlaces(page, receivedAt);
    else if (this.#isHoldWanted) this.#holdOrder();
  }

  /** Holds the order that is shown now. Without rows, the order of the first rows that come. */
  hold(): void {
    this.#isHoldWanted = true;
    if (this.#held === undefined && this.#pages.size > 0) this.#holdOrder();
  }

  /** Shows the newest order from now on. */
  release(): void {
    this.#isHoldWanted = false;
    this.#dropOrder();
  }

  /** Shows the newest order once, and holds that one. */
  show(): void {
    this.#dropOrder();
    if (this.#isHoldWanted) this.#holdOrder();
  }

  /** The row at this place. `undefined` if its page was not read yet. */
  at(index: number): ShownRow | undefined {
    if (this.#held !== undefined) {
      const name = this.#held.get(index);
      return name === undefined ? undefined : this.#heldRows.get(name);
    }
    const offset = Math.floor(index / PAGE_SIZE) * PAGE_SIZE;
    const page = this.#pages.get(offset);
    const row = page?.locks[index - offset];
    if (page === undefined || row === undefined) return undefined;
    return { row, receivedAt: page.receivedAt, isGone: false };
  }

  /** How many rows would come, go or move if the newest order were shown. */
  get changes(): number {
    if (this.#held === undefined) return 0;
    const held = [...this.#held.entries()].toSorted(([a], [b]) => a - b).map(([, name]) => name);
    const newest = [...this.#pages.entries()]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([, { locks }]) => locks.map(({ name }) => name));
    return movedCount(held, newest);
  }

  #holdOrder(): void {
    this.#heldTotal = this.total;
    this.#held = new Map();
    for (const [offset, page] of this.#pages) this.#holdPage(offset, page.locks, page.receivedAt);
  }

  #dropOrder(): void {
    this.#held = undefined;
    this.#heldRows.clear();
  }

  #holdPage(offset: number, locks: readonly LockRow[], receivedAt: number): void {
    for (const [index, row] of locks.entries()) {
      // A row can come twice if it moved to another page in between.
      if (this.#heldRows.has(row.name)) continue;
      this.#held?.set(offset + index, row.name);
      this.#heldRows.set(row.name, { row, receivedAt, isGone: false });
    }
  }

  #keepPlaces(page: LocksPage, receivedAt: number): void {
    const isNewPage = !this.#held?.has(page.offset);
    for (const row of page.locks) {
      if (this.#heldRows.has(row.name)) this.#heldRows.set(row.name, { row, receivedAt, isGone: false });
    }
    if (isNewPage) this.#holdPage(page.offset, page.locks, receivedAt);
    // If one page has the whole list, and every name was read, a row that is missing is free.
    if (page.total > PAGE_SIZE || !page.complete) return;
    const names = new Set(page.locks.map(({ name }) => name));
    for (const [name, shown] of this.#heldRows) {
      if (!names.has(name) && !shown.isGone) this.#heldRows.set(name, { ...shown, isGone: true });
    }
  }
}
