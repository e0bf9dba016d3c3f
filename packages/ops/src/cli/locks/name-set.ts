import { createHash } from "node:crypto";

/**
 * Names that were seen, as hashes of 52 bits, so that a long name takes no more memory than a short one. Two of a million names have the
 * same hash with a probability of 1 to 9,000.
 */
export class NameSet {
  readonly #hashes = new Set<number>();

  get size(): number {
    return this.#hashes.size;
  }

  /** Adds a name. Returns whether it was new. */
  add(name: string): boolean {
    const before = this.#hashes.size;
    const digest = createHash("sha1").update(name).digest();
    this.#hashes.add(digest.readUInt32BE(0) * 2 ** 20 + (digest.readUInt32BE(4) >>> 12));
    return this.#hashes.size > before;
  }
}
