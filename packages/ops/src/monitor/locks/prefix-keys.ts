/** What each client keeps under its prefix, also one that only looks at locks: the marker of the server, and the notes of its set. */
const OF_ALL_CLIENTS = ["~server", "~members:"] as const;

/** The keys under a prefix on one server, as a scan finds them. They show whether the prefix can be wrong. */
export class PrefixKeys {
  readonly #ofAllClients: readonly string[];
  readonly #idle = new Set<string>();
  #isUsed = false;

  constructor(prefix: string) {
    this.#ofAllClients = OF_ALL_CLIENTS.map((start) => prefix + start);
  }

  /** @param keys under the prefix. SCAN may find a key twice. */
  add(keys: readonly string[]): void {
    for (const key of keys) {
      if (this.#ofAllClients.some((start) => key.startsWith(start))) this.#idle.add(key);
      else this.#isUsed = true;
    }
  }

  /** Whether a client has used the prefix: for a lock, which leaves a fencing counter, or for a report. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /**
   * How many keys of the server are not under the prefix, if no client uses it.
   * @param keyCount how many keys the server had before the scan. A later count can have keys under the prefix that the scan has missed.
   */
  othersOf(keyCount: number): number {
    return Math.max(0, keyCount - this.#idle.size);
  }
}
