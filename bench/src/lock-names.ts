/**
 * Which names the cycles of a scenario lock:
 * - `new`: a name that no cycle used before, like `order:42`. Most names of a real service are new.
 * - `same`: the same few names again and again, so that keys and counters exist already
 */
export const NAME_KINDS = ["new", "same"] as const;
export type NameKind = (typeof NAME_KINDS)[number];

let created = 0;

/** Names for the cycles of one caller. */
export class LockNames {
  readonly #prefix: string;
  readonly #kind: NameKind;
  readonly #same: readonly string[];
  #next = 0;

  /** @param sameCount how many names a caller repeats if the kind is `same`. */
  constructor(prefix: string, kind: NameKind, sameCount: number) {
    this.#prefix = prefix;
    this.#kind = kind;
    this.#same = kind === "same" ? Array.from({ length: sameCount }, (_, index) => `${prefix}:${index}`) : [];
  }

  /** The name for the next cycle. A new name contains the process id, because child processes make names too. */
  next(): string {
    if (this.#kind === "new") return `${this.#prefix}:${process.pid}:${(created += 1)}`;
    const name = this.#same[this.#next] ?? this.#prefix;
    this.#next = (this.#next + 1) % this.#same.length;
    return name;
  }
}
