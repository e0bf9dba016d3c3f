import type { Effect } from "./model.ts";
import type { Operation } from "./operation.ts";

/** An operation that is known to have happened, at some moment from `start` to `end`. */
export interface Fact {
  readonly operation: Operation;
  readonly effect: Effect;
  readonly lease: Lease;
  readonly start: number;
  readonly end: number;
}

/** One acquisition and all that belongs to it. */
export interface Lease {
  /** Unlike any other of the resource. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly operations: Operation[];
  /** The acquire that nobody heard of: it is supposed where what is known to have happened needs it. */
  supposed: { readonly effect: Effect; readonly start: number } | undefined;
  /** From when on the lease may have ended without anybody being told; Infinity where that cannot be. */
  endsFrom: number;
}

/** What is known of one resource. */
export interface Facts {
  /** In the order in which they were asked for. */
  readonly facts: readonly Fact[];
  readonly leases: ReadonlyMap<string, Lease>;
}

/**
 * Sorts out which operation belongs to which acquisition, and what is certain. What may or may not have happened is
 * kept as bounds of its lease rather than as operations of their own: an end that nobody was told of may wait until
 * another's grant needs it, and a grant that nobody heard of until its holder is seen to hold. Either can be put off like
 * that in any order that is allowed, so no order is missed, and thousands of old uncertainties cost nothing.
 */
export function factsOf(operations: readonly Operation[]): Facts {
  const desk = new LeaseDesk();
  const facts: Fact[] = [];
  const sorted = operations.toSorted((a, b) => a.invokedAt - b.invokedAt);
  for (const operation of sorted) {
    // Who got a minority of the votes was refused while it was free: a refused acquire or extend tells nothing.
    if (operation.outcome === "refused" && operation.kind !== "release") continue;
    const lease = operation.kind === "acquire" ? desk.open(operation) : desk.leaseOf(operation);
    lease.operations.push(operation);
    if (isFact(operation)) facts.push(factOf(operation, lease));
    else if (operation.kind === "acquire") {
      lease.supposed = { effect: effectOf(operation, lease), start: operation.invokedAt };
    }
  }
  for (const lease of desk.leases.values()) lease.endsFrom = endOf(lease.operations);
  // A lease never ends by itself before its holder stops relying on it, whoever says so.
  const clamped = facts.map((fact) =>
    fact.effect.kind === "expire"
      ? { ...fact, start: Math.max(fact.start, reliedUntil(fact.lease.operations) ?? -Infinity) }
      : fact,
  );
  return { facts: clamped.toSorted((a, b) => a.start - b.start), leases: desk.leases };
}

function isFact({ outcome, completedAt }: Operation): boolean {
  return outcome === "ok" && completedAt !== undefined;
}

function factOf(operation: Operation, lease: Lease): Fact {
  const { invokedAt: start, completedAt: end = Infinity } = operation;
  return { operation, lease, effect: effectOf(operation, lease), start, end };
}

function effectOf(operation: Operation, { name }: Lease): Effect {
  const { kind, fence, mode = "write" } = operation;
  return { kind, holder: name, fence, mode, known: isFact(operation) };
}

/** Until when the holder relies on it: what it was told last. */
export function reliedUntil(operations: readonly Operation[]): number | undefined {
  let last: Operation | undefined;
  for (const operation of operations) {
    if (operation.heldUntil === undefined || !isFact(operation)) continue;
    if (operation.kind !== "acquire" && operation.kind !== "extend") continue;
    if (last === undefined || operation.completedAt! >= last.completedAt!) last = operation;
  }
  return last?.heldUntil;
}

function endOf(operations: readonly Operation[]): number {
  const told = operations.some(
    (operation) => isFact(operation) && (operation.kind === "release" || operation.kind === "expire"),
  );
  // Known to have held it until then, it cannot have ended before; and it needs no other end.
  if (told) return Infinity;
  const relied = reliedUntil(operations);
  const granted = operations.some((operation) => operation.kind === "acquire" && isFact(operation));
  // Nobody relies on a grant that was not heard of, nor on a lease that nobody gave a length unless it was extended.
  let from = relied ?? (granted ? Infinity : -Infinity);
  for (const { kind, invokedAt } of operations) {
    // Whoever asks for a release relies on the lease no longer, whatever the answer.
    if (kind === "release") from = Math.min(from, invokedAt);
    if (kind === "expire") from = Math.min(from, Math.max(invokedAt, relied ?? invokedAt));
  }
  return from;
}

/** Hands each operation to its lease. */
class LeaseDesk {
  readonly leases = new Map<string, Lease>();
  readonly #byToken = new Map<string, Lease>();
  readonly #byProcess = new Map<string, Lease>();

  /** A token or process that acquires again begins another lease. */
  open({ process, token }: Operation): Lease {
    const known = this.#known(token, process);
    const begun = known?.operations.some(({ kind }) => kind === "acquire") ?? true;
    // What was entered before its acquire, though asked for at the same moment, belongs to it all the same.
    const lease = known === undefined || begun ? this.#add(token, process) : known;
    if (token !== undefined) this.#byToken.set(token, lease);
    this.#byProcess.set(process, lease);
    return lease;
  }

  leaseOf({ process, token }: Operation): Lease {
    const known = this.#known(token, process);
    if (known !== undefined) return known;
    const lease = this.#add(token, process);
    if (token === undefined) this.#byProcess.set(process, lease);
    else this.#byToken.set(token, lease);
    return lease;
  }

  #known(token: string | undefined, process: string): Lease | undefined {
    return token === undefined ? this.#byProcess.get(process) : this.#byToken.get(token);
  }

  #add(token: string | undefined, process: string): Lease {
    const title = token === undefined ? `process ${process}` : `token ${token}`;
    const lease: Lease = {
      name: `${title} ${this.leases.size}`,
      title,
      operations: [],
      supposed: undefined,
      endsFrom: Infinity,
    };
    this.leases.set(lease.name, lease);
    return lease;
  }
}
