/** The latest ids, at most `maxSize`. */
export class RecentIds {
  readonly #maxSize: number;
  readonly #ids = new Set<string>();

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Returns whether the id is new. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > this.#maxSize && oldest !== undefined) this.#ids.delete(oldest);
    return true;
  }
}
