/** Makes SCAN and KEYS patterns of a text that stands for itself. */
export function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]]/g, String.raw`\$&`);
}

/**
 * Makes the filter of a search. With `*` or `?` the whole name must match; any other text must be a part of the name. The time is at
 * most the product of both lengths, so no pattern stops the monitor.
 */
export function nameFilter(pattern: string): (name: string) => boolean {
  if (pattern === "") return () => true;
  if (!/[*?]/.test(pattern)) return (name) => name.includes(pattern);
  return (name) => matchesGlob(name, pattern);
}

/** `*` is any text, `?` is one character. Goes back to the latest star only. */
function matchesGlob(name: string, pattern: string): boolean {
  let [at, place] = [0, 0];
  let [starPlace, starAt] = [-1, 0];
  while (at < name.length) {
    if (pattern[place] === "*") {
      starPlace = place;
      starAt = at;
      place += 1;
    } else if (place < pattern.length && (pattern[place] === "?" || pattern[place] === name[at])) {
      place += 1;
      at += 1;
    } else if (starPlace >= 0) {
      starAt += 1;
      at = starAt;
      place = starPlace + 1;
    } else return false;
  }
  while (pattern[place] === "*") place += 1;
  return place === pattern.length;
}
