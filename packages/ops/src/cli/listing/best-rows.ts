/** Keeps the first `limit` of many rows in an order, and never more than twice as many. */
export class BestRows<Row> {
  readonly #limit: number;
  readonly #order: (a: Row, b: Row) => number;
  #rows: Row[] = [];
  /** The last row that can still be among the first ones. */
  #last: Row | undefined;

  constructor(limit: number, order: (a: Row, b: Row) => number) {
    this.#limit = limit;
    this.#order = order;
  }

  add(row: Row): void {
    if (this.#last !== undefined && this.#order(row, this.#last) > 0) return;
    this.#rows.push(row);
    if (this.#rows.length >= 2 * this.#limit) this.#cut();
  }

  /** The rows in order. */
  get rows(): readonly Row[] {
    this.#cut();
    return this.#rows;
  }

  #cut(): void {
    this.#rows = this.#rows.toSorted(this.#order).slice(0, this.#limit);
    if (this.#rows.length === this.#limit) this.#last = this.#rows.at(-1);
  }
}
