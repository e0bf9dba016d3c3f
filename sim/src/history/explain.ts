import { type Fact, type Lease, reliedUntil } from "./leases.ts";
import type { Model } from "./model.ts";
import type { Operation } from "./operation.ts";
import type { DeadEnd } from "./search.ts";

export interface Explanation {
  readonly reason: string;
  /** What it is about, by the time it was asked for. */
  readonly operations: readonly Operation[];
}

/** More than these would not help anybody to see the point. */
const MOST_OPERATIONS = 12;

/** Says in words why there is no order: what had to come next and could not, and who stood in its way. */
export function explain<State>(
  model: Model<State>,
  leases: ReadonlyMap<string, Lease>,
  { state, stuck: blamed, pending, latest }: DeadEnd<State>,
): Explanation {
  const holders = model.holders(state).flatMap((name) => leases.get(name) ?? []);
  const never = model.never?.(state, blamed.effect);
  const others = holders.filter((holder) => holder !== blamed.lease);
  const reason = never === undefined ? why(blamed, holders, others) : `${deed(blamed)} ${never}`;
  const near = [
    blamed.operation,
    ...others.flatMap(({ operations }) => operations.slice(0, 1)),
    ...others.flatMap(({ operations }) => operations.slice(1).slice(-2)),
    ...latest.map(({ operation }) => operation).toReversed(),
    ...blamed.lease.operations,
    ...pending.map(({ operation }) => operation),
  ];
  const operations = [...new Set(near)].slice(0, MOST_OPERATIONS);
  return { reason, operations: operations.toSorted((a, b) => a.invokedAt - b.invokedAt) };
}

function why(blamed: Fact, holders: readonly Lease[], others: readonly Lease[]): string {
  const { kind } = blamed.effect;
  if (kind === "acquire") {
    if (others.length === 0) return `${deed(blamed)} although it held it already`;
    return `${deed(blamed)} while ${others.map((holder) => grip(holder, blamed.end)).join(" and ")}`;
  }
  if (holders.includes(blamed.lease)) {
    const relied = reliedUntil(blamed.lease.operations);
    return kind === "expire" && relied !== undefined
      ? `${deed(blamed)} although it surely held it until ${shown(relied)}`
      : `${deed(blamed)} although nothing like it can be true of what it held`;
  }
  const before = blamed.lease.operations.some((operation) => operation.kind === "acquire");
  const titles = others.map(({ title }) => title).join(" and ");
  const held = `${titles === "" ? "nobody" : titles} held it then`;
  return `${deed(blamed)} although ${before ? "it held it no more" : "it had never been granted"}: ${held}`;
}

/** What is claimed to have happened. */
function deed({ operation, effect, lease, end }: Fact): string {
  const start = operation.invokedAt;
  const when = start === end ? `at ${shown(end)}` : `between ${shown(start)} and ${shown(end)}`;
  if (effect.kind === "acquire") return `${lease.title} was granted ${when}`;
  if (effect.kind === "extend") return `${lease.title} was extended ${when}`;
  if (effect.kind === "release") return `the release of ${lease.title} succeeded ${when}`;
  return `the lease of ${lease.title} ended by itself ${when}`;
}

/** Why somebody else is believed to have held it at that time. */
function grip({ title, operations, endsFrom }: Lease, at: number): string {
  const release = operations.find(({ kind, outcome }) => kind === "release" && outcome === "ok");
  const until = reliedUntil(operations.filter(({ invokedAt }) => invokedAt <= at));
  if (release !== undefined && release.invokedAt > at && (until === undefined || until > at)) {
    return `${title} surely held it until ${shown(release.invokedAt)}, when its release was asked for`;
  }
  if (until !== undefined && until > at) return `${title} surely held it until ${shown(until)}`;
  const later = operations.find(({ kind, outcome, invokedAt }) => {
    return outcome === "ok" && kind !== "acquire" && invokedAt > at;
  });
  if (later !== undefined) {
    return `${title} held it, which is why its ${later.kind} at ${shown(later.completedAt ?? later.invokedAt)} succeeded`;
  }
  return endsFrom === Infinity
    ? `${title} held it and nothing ended that`
    : `${title} held it until ${shown(endsFrom)}`;
}

function shown(time: number): string {
  return String(Math.round(time * 1000) / 1000);
}
