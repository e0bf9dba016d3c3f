import { clash, isExclusive, type Mode, MODES } from "../mode.ts";
import type { Effect, Model } from "../model.ts";

/** By mode: the largest fencing token of a grant so far; −1 if there was none. */
export type LargestFences = Readonly<Record<Mode, number>>;

const NO_FENCES: LargestFences = { IS: -1, IX: -1, S: -1, SIX: -1, X: -1 };

/**
 * Checks fencing tokens only. A writer has a larger token than every reader and writer before it. A reader has at least the token of
 * every writer before it. In the same way, all modes that clash are compared. Leases may overlap.
 */
export const readWriteFences: Model<LargestFences> = {
  name: "fence order of a read/write lock",
  initial: NO_FENCES,
  step(largest, effect) {
    return isNewGrant(effect) ? withGrant(largest, effect) : largest;
  },
  key: (largest) => MODES.map((mode) => largest[mode]).join(" "),
  holders: () => [],
  never: readWriteFenceProblem,
};

/** Whether the effect has a fencing token of its own. A conversion to a shared mode keeps the token. */
export function isNewGrant({ kind, mode }: Effect): boolean {
  return kind === "acquire" || (kind === "convert" && isExclusive(mode));
}

/** Returns the largest tokens after a grant; `undefined` if its token is not allowed, or missing although it is known. */
export function withGrant(
  largest: LargestFences,
  { mode, fence, known }: Pick<Effect, "mode" | "fence" | "known">,
): LargestFences | undefined {
  if (fence === undefined) return known ? undefined : largest;
  const above = largestClashing(largest, mode);
  if (isExclusive(mode) ? fence <= above : fence < above) return undefined;
  return { ...largest, [mode]: Math.max(largest[mode], fence) };
}

/** The largest tokens only grow, so a token that is too small stays impossible. */
export function readWriteFenceProblem(largest: LargestFences, effect: Effect): string | undefined {
  const { fence, mode, known } = effect;
  if (!known || !isNewGrant(effect) || withGrant(largest, effect) !== undefined) return undefined;
  if (fence === undefined) return "without a fencing token";
  return `with fencing token ${fence} after fencing token ${largestClashing(largest, mode)}`;
}

function largestClashing(largest: LargestFences, mode: Mode): number {
  return Math.max(...MODES.map((other) => (clash(mode, other) ? largest[other] : -1)));
}
