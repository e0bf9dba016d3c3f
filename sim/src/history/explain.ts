import { type Fact, type Lease, reliedUntil } from "./leases.ts";
import type { Model } from "./model.ts";
import type { Operation } from "./operation.ts";
import type { DeadEnd } from "./search.ts";

export interface Explanation {
  readonly reason: string;
  /** The operations that the reason is about, by start. */
  readonly operations: readonly Operation[];
}

/** A longer list would hide the problem. */
const MAX_OPERATIONS = 12;

/** Explains a dead end of the search: which operation had to come next, and why it could not. */
export function explain<State>(
  model: Model<State>,
  leases: ReadonlyMap<string, Lease>,
  { state, stuck, pending, latest }: DeadEnd<State>,
): Explanation {
  const holders = model.holders(state).flatMap((name) => leases.get(name) ?? []);
  const never = model.never?.(state, stuck.effect);
  const others = holders.filter((holder) => holder !== stuck.lease);
  const reason = never === undefined ? reasonFor(stuck, holders, others) : `${claimOf(stuck)} ${never}`;
  const near = [
    stuck.operation,
    ...others.flatMap(({ operations }) => operations.slice(0, 1)),
    ...others.flatMap(({ operations }) => operations.slice(1).slice(-2)),
    ...latest.map(({ operation }) => operation).toReversed(),
    ...stuck.lease.operations,
    ...pending.map(({ operation }) => operation),
  ];
  const operations = [...new Set(near)].slice(0, MAX_OPERATIONS);
  return { reason, operations: operations.toSorted((a, b) => a.invokedAt - b.invokedAt) };
}

function reasonFor(stuck: Fact, holders: readonly Lease[], others: readonly Lease[]): string {
  const { kind } = stuck.effect;
  if (kind === "acquire") {
    if (others.length === 0) return `${claimOf(stuck)} although it already held the lock`;
    return `${claimOf(stuck)} while ${others.map((holder) => evidenceOf(holder, stuck.end)).join(" and ")}`;
  }
  if (kind === "convert" && holders.includes(stuck.lease) && others.length > 0)
    return `${claimOf(stuck)} while ${others.map((holder) => evidenceOf(holder, stuck.end)).join(" and ")}`;
  if (holders.includes(stuck.lease)) {
    const relied = reliedUntil(stuck.lease.operations);
    return kind === "expire" && relied !== undefined
      ? `${claimOf(stuck)} although it held the lock until ${rounded(relied)}`
      : `${claimOf(stuck)} with a fencing token that does not match its grant`;
  }
  const wasAcquired = stuck.lease.operations.some((operation) => operation.kind === "acquire");
  const titles = others.map(({ title }) => title).join(" and ");
  const holder = titles === "" ? "the lock was free" : `${titles} held the lock`;
  return `${claimOf(stuck)} although it ${wasAcquired ? "no longer held the lock" : "had never acquired the lock"}: ${holder}`;
}

/** What the history says about the operation. */
function claimOf({ operation, effect, lease, end }: Fact): string {
  const start = operation.invokedAt;
  const when = start === end ? `at ${rounded(end)}` : `between ${rounded(start)} and ${rounded(end)}`;
  if (effect.kind === "acquire") return `${lease.title} was granted ${when}`;
  if (effect.kind === "convert") return `${lease.title} was converted to ${effect.mode} ${when}`;
  if (effect.kind === "extend") return `${lease.title} was extended ${when}`;
  if (effect.kind === "release") return `the release of ${lease.title} succeeded ${when}`;
  return `the lease of ${lease.title} expired ${when}`;
}

/** Why the other lease is known to be held at that time. */
function evidenceOf({ title, operations, endsFrom }: Lease, at: number): string {
  const release = operations.find(({ kind, outcome }) => kind === "release" && outcome === "ok");
  const until = reliedUntil(operations.filter(({ invokedAt }) => invokedAt <= at));
  if (release !== undefined && release.invokedAt > at && (until === undefined || until > at)) {
    return `${title} held the lock until its release at ${rounded(release.invokedAt)}`;
  }
  if (until !== undefined && until > at) return `${title} held the lock until ${rounded(until)}`;
  const later = operations.find(({ kind, outcome, invokedAt }) => {
    return outcome === "ok" && kind !== "acquire" && invokedAt > at;
  });
  if (later !== undefined) {
    return `${title} held the lock, because its ${later.kind} at ${rounded(later.completedAt ?? later.invokedAt)} succeeded`;
  }
  return endsFrom === Infinity
    ? `${title} held the lock without an end`
    : `${title} held the lock until ${rounded(endsFrom)}`;
}

function rounded(time: number): string {
  return String(Math.round(time * 1000) / 1000);
}
