import type { Mode } from "./mode.ts";
import type { Effect } from "./model.ts";
import type { Operation } from "./operation.ts";

/** An operation that happened at some moment from `start` to `end`. */
export interface Fact {
  readonly operation: Operation;
  readonly effect: Effect;
  readonly lease: Lease;
  readonly start: number;
  readonly end: number;
  /** Whether it is not known to have happened. Then it may also be left out. */
  readonly isOptional: boolean;
}

/** One acquisition and all operations that belong to it. */
export interface Lease {
  /** Unique for the resource. */
  readonly name: string;
  /** The name in messages. */
  readonly title: string;
  readonly operations: Operation[];
  /** An acquire without a reply. The search assumes that it succeeded if a fact of this lease needs that. */
  assumed: { readonly effect: Effect; readonly start: number } | undefined;
  /** From when on the lease may have expired without an operation; `Infinity` if it cannot. */
  endsFrom: number;
}

/** What is known about one resource. */
export interface Facts {
  /** By start. */
  readonly facts: readonly Fact[];
  readonly leases: ReadonlyMap<string, Lease>;
}

/**
 * Assigns each operation to its lease, and separates facts from operations that may or may not have happened.
 *
 * An uncertain operation becomes a bound of its lease. An expiry can wait until the grant of another lease needs it. A
 * grant without a reply can wait until a fact of its lease needs it. Every allowed order stays allowed if they wait, so
 * the search misses no order, and old uncertain operations cost nothing. An uncertain conversion is different: other leases and
 * its own one can need it. So it is an optional fact.
 */
export function factsOf(operations: readonly Operation[]): Facts {
  const table = new LeaseTable();
  const facts: Fact[] = [];
  const sorted = operations.toSorted((a, b) => a.invokedAt - b.invokedAt);
  for (const operation of sorted) {
    // Votes can be split, so an acquire or extend may be refused while the lock is free. It proves nothing.
    if (operation.outcome === "refused" && operation.kind !== "release") continue;
    const lease = operation.kind === "acquire" ? table.open(operation) : table.leaseOf(operation);
    lease.operations.push(operation);
    if (isFact(operation) || operation.kind === "convert") facts.push(factOf(operation, lease));
    else if (operation.kind === "acquire") {
      lease.assumed = { effect: effectOf(operation, lease), start: operation.invokedAt };
    }
  }
  for (const lease of table.leases.values()) lease.endsFrom = endOf(lease.operations);
  // A lease never expires while its holder relies on it.
  const clamped = facts.map((fact) =>
    fact.effect.kind === "expire"
      ? { ...fact, start: Math.max(fact.start, reliedUntil(fact.lease.operations) ?? -Infinity) }
      : fact,
  );
  return { facts: clamped.toSorted((a, b) => a.start - b.start), leases: table.leases };
}

function isFact({ outcome, completedAt }: Operation): boolean {
  return outcome === "ok" && completedAt !== undefined;
}

function factOf(operation: Operation, lease: Lease): Fact {
  const isOptional = !isFact(operation);
  const { invokedAt: start, completedAt = Infinity } = operation;
  const end = isOptional ? Infinity : completedAt;
  return { operation, lease, effect: effectOf(operation, lease), start, end, isOptional };
}

function effectOf(operation: Operation, { name }: Lease): Effect {
  const { kind, fence, permits = 1 } = operation;
  return { kind, holder: name, fence, mode: modeOf(operation), permits, known: isFact(operation) };
}

function modeOf({ mode = "write" }: Operation): Mode {
  if (mode === "read") return "S";
  return mode === "write" ? "X" : mode;
}

/** Until when the holder relies on the lease, by its last confirmed acquire, extend or convert. */
export function reliedUntil(operations: readonly Operation[]): number | undefined {
  let last: Operation | undefined;
  for (const operation of operations) {
    if (operation.heldUntil === undefined || !isFact(operation)) continue;
    if (operation.kind === "release" || operation.kind === "expire") continue;
    if (last === undefined || operation.completedAt! >= last.completedAt!) last = operation;
  }
  return last?.heldUntil;
}

function endOf(operations: readonly Operation[]): number {
  const hasKnownEnd = operations.some(
    (operation) => isFact(operation) && (operation.kind === "release" || operation.kind === "expire"),
  );
  // The lease was held until its known end, so it cannot have expired before.
  if (hasKnownEnd) return Infinity;
  const relied = reliedUntil(operations);
  const isGranted = operations.some((operation) => operation.kind === "acquire" && isFact(operation));
  // A grant without a reply has no holder that relies on it. A grant without `heldUntil` does not expire.
  let from = relied ?? (isGranted ? Infinity : -Infinity);
  for (const { kind, invokedAt } of operations) {
    // A caller that releases no longer relies on the lease, whatever the outcome.
    if (kind === "release") from = Math.min(from, invokedAt);
    if (kind === "expire") from = Math.min(from, Math.max(invokedAt, relied ?? invokedAt));
  }
  return from;
}

/** Finds the lease of each operation. */
class LeaseTable {
  readonly leases = new Map<string, Lease>();
  readonly #byToken = new Map<string, Lease>();
  readonly #byProcess = new Map<string, Lease>();

  /** The lease of an acquire. A token or process that acquires again gets a new lease. */
  open({ process, token }: Operation): Lease {
    const known = this.#find(token, process);
    const isAcquired = known?.operations.some(({ kind }) => kind === "acquire") ?? true;
    // An operation that started at the same moment can stand before its acquire. It belongs to the same lease.
    const lease = known === undefined || isAcquired ? this.#add(token, process) : known;
    if (token !== undefined) this.#byToken.set(token, lease);
    this.#byProcess.set(process, lease);
    return lease;
  }

  leaseOf({ process, token }: Operation): Lease {
    const known = this.#find(token, process);
    if (known !== undefined) return known;
    const lease = this.#add(token, process);
    if (token === undefined) this.#byProcess.set(process, lease);
    else this.#byToken.set(token, lease);
    return lease;
  }

  #find(token: string | undefined, process: string): Lease | undefined {
    return token === undefined ? this.#byProcess.get(process) : this.#byToken.get(token);
  }

  #add(token: string | undefined, process: string): Lease {
    const title = token === undefined ? `process ${process}` : `token ${token}`;
    const lease: Lease = {
      name: `${title} ${this.leases.size}`,
      title,
      operations: [],
      assumed: undefined,
      endsFrom: Infinity,
    };
    this.leases.set(lease.name, lease);
    return lease;
  }
}
