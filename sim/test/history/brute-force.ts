import type { Operation } from "@quorumlock/sim/history";

interface Entry {
  readonly kind: Operation["kind"];
  readonly token: string;
  readonly fence: number | undefined;
  readonly reads: boolean;
  readonly start: number;
  readonly end: number;
  /** Whether it may also never have happened. */
  readonly optional: boolean;
}

/** Whether these, in this order, are what a correct lock does. */
export type Rule = (order: readonly Entry[]) => boolean;

/**
 * Whether any order of any choice of what may have happened keeps the rule: tries all of them, without any of the
 * checker's short cuts. For a handful of operations, of one resource, each acquisition with a token of its own.
 */
export function hasOrder(history: readonly Operation[], rule: Rule): boolean {
  return extendable([], entriesOf(history), rule);
}

function extendable(order: readonly Entry[], left: readonly Entry[], rule: Rule): boolean {
  if (!rule(order)) return false;
  if (left.every(({ optional }) => optional)) return true;
  return left.some((next) => {
    const others = left.filter((other) => other !== next);
    // What was over before it began had to come first, if it happened at all.
    const tooLate = others.some((other) => !other.optional && other.end < next.start);
    return !tooLate && extendable([...order, next], others, rule);
  });
}

export const fencedRule: Rule = (order) => {
  const known = order.flatMap(({ kind, fence, optional }) =>
    kind === "acquire" && !optional ? [fence ?? -1] : [],
  );
  const growing = known.every((fence, index) => fence > (known[index - 1] ?? -1));
  return growing && keepsHolders(order, (holders) => holders.length < 1);
};

export const twoPermits: Rule = (order) => keepsHolders(order, (holders) => holders.length < 2);

export const readWriteRule: Rule = (order) =>
  keepsHolders(order, (holders, { reads }) => holders.every((holder) => holder.reads && reads));

type Admits = (holders: readonly Entry[], acquire: Entry) => boolean;

function keepsHolders(order: readonly Entry[], admits: Admits): boolean {
  let holders: readonly Entry[] = [];
  for (const entry of order) {
    const holds = holders.some(({ token }) => token === entry.token);
    if (entry.kind === "acquire") {
      if (holds || !admits(holders, entry)) return false;
      holders = holders.concat(entry);
    } else {
      if (!holds) return false;
      if (entry.kind !== "extend") holders = holders.filter(({ token }) => token !== entry.token);
    }
  }
  return true;
}

function entriesOf(history: readonly Operation[]): readonly Entry[] {
  const entries = history.flatMap((operation): readonly Entry[] => {
    const { kind, token = "", fence, invokedAt, completedAt = Infinity, outcome, mode } = operation;
    if (outcome === "refused") return [];
    const optional = outcome === "unknown";
    const reads = mode === "read";
    return [
      { kind, token, fence, reads, start: invokedAt, end: optional ? Infinity : completedAt, optional },
    ];
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
      .toSorted((a, b) => a.completedAt! - b.completedAt! || a.invokedAt - b.invokedAt);
    const start = told.findLast(({ heldUntil }) => heldUntil !== undefined)?.heldUntil;
    const neverTold = !history.some(
      (one) => one.token === token && one.kind === "acquire" && one.outcome === "ok",
    );
    const from = start ?? (neverTold ? -Infinity : Infinity);
    if (from === Infinity) return [];
    return [
      { kind: "expire", token, fence: undefined, reads: false, start: from, end: Infinity, optional: true },
    ];
  });
}
