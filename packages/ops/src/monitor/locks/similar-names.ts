import { performance } from "node:perf_hooks";

const MAX_DISTANCE = 2;
const MAX_RESULTS = 3;
const MAX_LENGTH = 100;
/** A search in 100,000 names must not hold up other replies. */
const MAX_TIME_MS = 20;

/** Names that differ from `name` by at most two letters, the nearest first. Stops after 20 ms. */
export function similarNames(name: string, known: Iterable<string>): readonly string[] {
  if (name.length > MAX_LENGTH) return [];
  const end = performance.now() + MAX_TIME_MS;
  const found: { name: string; distance: number }[] = [];
  for (const each of known) {
    if (performance.now() > end) break;
    if (each === name || Math.abs(each.length - name.length) > MAX_DISTANCE) continue;
    const distance = editDistance(name, each);
    if (distance <= MAX_DISTANCE) found.push({ name: each, distance });
  }
  return found
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_RESULTS)
    .map((each) => each.name);
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
