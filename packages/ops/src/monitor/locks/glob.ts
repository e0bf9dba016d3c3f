/** Makes SCAN and KEYS patterns of a text that stands for itself. */
export function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]]/g, String.raw`\$&`);
}

/** The steps of one search in all names. Usual searches in 100,000 names take a few millions. */
const MAX_STEPS = 20_000_000;
const STAR = "*".charCodeAt(0);
const QUESTION_MARK = "?".charCodeAt(0);

/** A search with `*` or `?` needs more than the steps that one search may take. */
export class SearchLimitError extends Error {
  override readonly name = "SearchLimitError";
}

/**
 * Makes the filter of one search. With `*` or `?` the whole name must match; any other text must be a part of the name.
 *
 * The steps for one name are at most the product of its length and that of the pattern. 100,000 names of 1,024 characters could need
 * 13 thousand million steps with 128 characters. So all names together have a budget.
 *
 * The filter throws SearchLimitError if the budget is used up.
 * @param maxSteps the budget. One step compares one character.
 */
export function nameFilter(pattern: string, maxSteps = MAX_STEPS): (name: string) => boolean {
  if (pattern === "") return () => true;
  if (!/[*?]/.test(pattern)) return (name) => name.includes(pattern);
  const budget: StepBudget = { stepsLeft: maxSteps };
  return (name) => matchesGlob(name, pattern, budget);
}

interface StepBudget {
  stepsLeft: number;
}

/** `*` is any text, `?` is one character. Goes back to the latest star only. */
function matchesGlob(name: string, pattern: string, budget: StepBudget): boolean {
  let [at, place] = [0, 0];
  let [starPlace, starAt] = [-1, 0];
  while (at < name.length) {
    budget.stepsLeft -= 1;
    if (budget.stepsLeft < 0)
      throw new SearchLimitError("`pattern` takes too long for the names of all locks. Use fewer * and ?.");
    // NaN after the end of the pattern.
    const wanted = pattern.charCodeAt(place);
    if (wanted === STAR) {
      starPlace = place;
      starAt = at;
      place += 1;
    } else if (wanted === QUESTION_MARK || wanted === name.charCodeAt(at)) {
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
