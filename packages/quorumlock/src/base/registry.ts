/** An entry of a `Registry`. Only the registry writes the index. */
export interface RegistryEntry {
  /** −1 while the entry is not in a registry. */
  registryIndex: number;
}

/**
 * Objects that come and go at a high rate, in no order. A `Set` would cost more: V8 keeps the tables that a `Set` has outgrown,
 * with everything in them, until the next full garbage collection.
 */
export class Registry<Entry extends RegistryEntry> implements Iterable<Entry> {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    if (entry.registryIndex >= 0) return;
    entry.registryIndex = this.#entries.length;
    this.#entries.push(entry);
  }

  /** Returns whether the entry was in the registry. */
  delete(entry: Entry): boolean {
    const index = entry.registryIndex;
    if (index < 0) return false;
    const last = this.#entries.pop()!;
    if (last !== entry) {
      this.#entries[index] = last;
      last.registryIndex = index;
    }
    entry.registryIndex = -1;
    return true;
  }

  /** Iterates over a copy, so that entries can be added and deleted meanwhile. */
  [Symbol.iterator](): Iterator<Entry> {
    return this.#entries.slice()[Symbol.iterator]();
  }
}
