import type { Operation } from "@quorumlock/sim/history";

interface Entry {
  readonly kind: Operation["kind"];
  readonly token: string;
  readonly fence: number | undefined;
  readonly start: number;
  readonly end: number;
  /** Whether it may also never have happened. */
  readonly optional: boolean;
}

/**
 * Whether any order of any choice of what may have happened is that of a fenced mutex: tries all of them, without any of
 * the checker's short cuts. For a handful of operations, of one resource, each acquisition with a token of its own.
 */
export function hasOrder(history: readonly Operation[]): boolean {
  return extendable([], entriesOf(history));
}

function extendable(order: readonly Entry[], left: readonly Entry[]): boolean {
  if (!allowed(order)) return false;
  if (left.every(({ optional }) => optional)) return true;
  return left.some((next) => {
    const others = left.filter((other) => other !== next);
    // What was over before it began had to come first, if it happened at all.
    const tooLate = others.some((other) => !other.optional && other.end < next.start);
    return !tooLate && extendable([...order, next], others);
  });
}

function allowed(order: readonly Entry[]): boolean {
  let holder: string | undefined;
  let last = -1;
  for (const { kind, token, fence, optional } of order) {
    if (kind === "acquire") {
      if (holder !== undefined || (!optional && (fence === undefined || fence <= last))) return false;
      holder = token;
      last = fence ?? last;
    } else {
      if (holder !== token) return false;
      if (kind !== "extend") holder = undefined;
    }
  }
  return true;
}

function entriesOf(history: readonly Operation[]): readonly Entry[] {
  const entries = history.flatMap((operation): readonly Entry[] => {
    const { kind, token = "", fence, invokedAt, completedAt = Infinity, outcome } = operation;
    if (outcome === "refused") return [];
    const optional = outcome === "unknown";
    return [{ kind, token, fence, start: invokedAt, end: optional ? Infinity : completedAt, optional }];
  });
  return [...entries, ...leaseEnds(history)];
}

/** A lease that was granted or extended for sure ends by itself some time after its holder was told that it would. */
function leaseEnds(history: readonly Operation[]): readonly Entry[] {
  const tokens = new Set(history.map(({ token }) => token!));
  return [...tokens].flatMap((token): readonly Entry[] => {
    const told = history
      .filter((operation) => operation.token === token && operation.outcome === "ok")
      .filter(({ kind }) => kind === "acquire" || kind === "extend")
      .toSorted((a, b) => a.completedAt! - b.completedAt!);
    const start = told.findLast(({ heldUntil }) => heldUntil !== undefined)?.heldUntil;
    const neverTold = !history.some(
      (one) => one.token === token && one.kind === "acquire" && one.outcome === "ok",
    );
    const from = start ?? (neverTold ? -Infinity : Infinity);
    if (from === Infinity) return [];
    return [{ kind: "expire", token, fence: undefined, start: from, end: Infinity, optional: true }];
  });
}
