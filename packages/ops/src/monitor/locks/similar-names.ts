import { performance } from "node:perf_hooks";

const MAX_DISTANCE = 2;
const MAX_RESULTS = 3;
const MAX_KEPT = 100;
const MAX_LENGTH = 100;
/** A search in 100,000 names must not hold up other replies. */
const MAX_TIME_MS = 20;

/** Collects names that differ from one by at most two letters. */
export class SimilarNames {
  readonly #name: string;
  #found: { readonly name: string; readonly distance: number }[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  add(other: string): void {
    const name = this.#name;
    if (other === name || name.length > MAX_LENGTH) return;
    if (Math.abs(other.length - name.length) > MAX_DISTANCE) return;
    const distance = editDistance(name, other);
    if (distance > MAX_DISTANCE) return;
    this.#found.push({ name: other, distance });
    if (this.#found.length > 2 * MAX_KEPT) this.#found = this.#sorted.slice(0, MAX_KEPT);
  }

  /** At most 3, the nearest first. */
  get names(): readonly string[] {
    return this.#sorted.slice(0, MAX_RESULTS).map(({ name }) => name);
  }

  get #sorted(): { readonly name: string; readonly distance: number }[] {
    return this.#found.toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  }
}

/** Names that differ from `name` by at most two letters, the nearest first. Stops after 20 ms. */
export function similarNames(name: string, known: Iterable<string>): readonly string[] {
  const similar = new SimilarNames(name);
  const end = performance.now() + MAX_TIME_MS;
  for (const each of known) {
    if (performance.now() > end) break;
    similar.add(each);
  }
  return similar.names;
}

/** How many letters must be added, removed or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > MAX_DISTANCE) return MAX_DISTANCE + 1;
    row = next;
  }
  return row.at(-1) ?? 0;
}
