import type { Operation } from "@quorumlock/sim/history";

interface Entry {
  readonly kind: Operation["kind"];
  readonly token: string;
  readonly fence: number | undefined;
  readonly mode: Operation["mode"];
  readonly permits: number;
  readonly start: number;
  readonly end: number;
  /** Whether it may not have happened. */
  readonly optional: boolean;
}

/** Whether a correct lock can do this in this order. */
export type Rule = (order: readonly Entry[]) => boolean;

/**
 * Whether the operations have an order that keeps the rule. Tries all orders of all subsets, without the optimizations of
 * the checker.
 *
 * For a few operations of one resource. Each acquisition must have its own token.
 */
export function hasOrder(history: readonly Operation[], rule: Rule): boolean {
  return canExtend([], entriesOf(history), rule);
}

function canExtend(order: readonly Entry[], rest: readonly Entry[], rule: Rule): boolean {
  if (!rule(order)) return false;
  if (rest.every(({ optional }) => optional)) return true;
  return rest.some((next) => {
    const others = rest.filter((other) => other !== next);
    // An operation that ended before this one started must come first, if it happened.
    const isTooLate = others.some((other) => !other.optional && other.end < next.start);
    return !isTooLate && canExtend([...order, next], others, rule);
  });
}

export const fencedRule: Rule = (order) => {
  const known = order.flatMap(({ kind, fence, optional }) =>
    kind === "acquire" && !optional ? [fence ?? -1] : [],
  );
  const isIncreasing = known.every((fence, index) => fence > (known[index - 1] ?? -1));
  return isIncreasing && keepsHolders(order, (holders) => holders.length < 1);
};

export const twoPermits: Rule = (order) =>
  keepsHolders(
    order,
    (holders, { permits }) => holders.reduce((sum, holder) => sum + holder.permits, permits) <= 2,
  );

/** The pairs of modes that can be held at the same time, with the letters in the order of the alphabet. */
const COMPATIBLE = ["read read", "IX IX", "IS IS", "IS IX", "IS read"];

const areCompatible = (one: Entry, other: Entry): boolean =>
  COMPATIBLE.includes(`${one.mode} ${other.mode}`) || COMPATIBLE.includes(`${other.mode} ${one.mode}`);

export const readWriteRule: Rule = (order) =>
  keepsHolders(
    order,
    (holders, entry) => holders.every((holder) => areCompatible(holder, entry)),
    (holder, { mode }) => ({ ...holder, mode }),
  );

/** Compares each grant with all before it. A conversion to a shared mode is no grant: its holder keeps the token. */
export const fencedReadWriteRule: Rule = (order) => {
  const grants = order.filter(
    ({ kind, mode }) => kind === "acquire" || (kind === "convert" && mode === "write"),
  );
  const isOrdered = grants.every((grant, index) => {
    const { fence, mode, optional } = grant;
    if (fence === undefined) return optional;
    return grants.slice(0, index).every((earlier) => {
      if (earlier.fence === undefined || areCompatible(earlier, grant)) return true;
      return mode === "write" ? fence > earlier.fence : fence >= earlier.fence;
    });
  });
  return isOrdered && readWriteRule(order);
};

type Admits = (holders: readonly Entry[], acquire: Entry) => boolean;
type Convert = (holder: Entry, convert: Entry) => Entry;

function keepsHolders(
  order: readonly Entry[],
  admits: Admits,
  convert: Convert = (holder) => holder,
): boolean {
  let holders: readonly Entry[] = [];
  for (const entry of order) {
    const holds = holders.some(({ token }) => token === entry.token);
    if (entry.kind === "acquire") {
      if (holds || !admits(holders, entry)) return false;
      holders = holders.concat(entry);
    } else {
      if (!holds) return false;
      if (entry.kind === "extend") continue;
      const own = holders.find(({ token }) => token === entry.token);
      holders = holders.filter(({ token }) => token !== entry.token);
      if (entry.kind !== "convert" || own === undefined) continue;
      const converted = convert(own, entry);
      if (converted !== own && !admits(holders, converted)) return false;
      holders = holders.concat(converted);
    }
  }
  return true;
}

function entriesOf(history: readonly Operation[]): readonly Entry[] {
  const entries = history.flatMap((operation): readonly Entry[] => {
    const {
      kind,
      token = "",
      fence,
      invokedAt,
      completedAt = Infinity,
      outcome,
      mode,
      permits = 1,
    } = operation;
    if (outcome === "refused") return [];
    const optional = outcome === "unknown";
    const end = optional ? Infinity : completedAt;
    return [{ kind, token, fence, mode, permits, start: invokedAt, end, optional }];
  });
  return [...entries, ...leaseEnds(history)];
}

/** The expiry of each lease: at any time after the end that its holder learned last. */
function leaseEnds(history: readonly Operation[]): readonly Entry[] {
  const tokens = new Set(history.map(({ token }) => token!));
  return [...tokens].flatMap((token): readonly Entry[] => {
    const confirmed = history
      .filter((operation) => operation.token === token && operation.outcome === "ok")
      .filter(({ kind }) => kind === "acquire" || kind === "extend" || kind === "convert")
      .toSorted((a, b) => a.completedAt! - b.completedAt! || a.invokedAt - b.invokedAt);
    const start = confirmed.findLast(({ heldUntil }) => heldUntil !== undefined)?.heldUntil;
    const isNeverConfirmed = !history.some(
      (one) => one.token === token && one.kind === "acquire" && one.outcome === "ok",
    );
    const from = start ?? (isNeverConfirmed ? -Infinity : Infinity);
    if (from === Infinity) return [];
    const expire = { kind: "expire", token, fence: undefined, mode: undefined, permits: 1 } as const;
    return [{ ...expire, start: from, end: Infinity, optional: true }];
  });
}
