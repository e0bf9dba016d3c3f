import { clash, isYes, modesOperations, ownerOf, type Reply, type Request } from "../library.ts";
import { tokenOf } from "../world/requests.ts";
import type { Attempt, Grant } from "./grant.ts";

/** A waiter, and what servers know about it. */
interface Waiter {
  readonly attempt: Attempt;
  /** The servers that have it in line. */
  readonly servers: Set<number>;
  /** When it was in line on a quorum. */
  settledAt: number;
  overtaken: number;
}

/**
 * Counts how often a waiter that stood in line on a quorum was overtaken by a caller that came later and whose mode clashes with its
 * own (protocol §8). Only callers for the same names are compared: a waiter for several nodes stands in the line of one of them. Plain
 * locks have no place.
 */
export class Order {
  /** By owner label. Each worker has one of its own, and waits for one lock at a time. */
  readonly #waiters = new Map<string, Waiter>();
  readonly #neededBy: (client: number) => number;
  /** The largest number for one waiter. */
  most = 0;

  /** `neededBy`: the number of servers that are a quorum for a client. */
  constructor(neededBy: (client: number) => number) {
    this.#neededBy = neededBy;
  }

  add(attempt: Attempt): void {
    if (attempt.hasPlace)
      this.#waiters.set(ownerLabel(attempt), {
        attempt,
        servers: new Set(),
        settledAt: Infinity,
        overtaken: 0,
      });
  }

  remove(attempt: Attempt): void {
    this.#waiters.delete(ownerLabel(attempt));
  }

  /** A server executed a request. */
  onExecuted(server: number, request: Request, reply: Reply, now: number): void {
    const [, , client, ticket] = request.args;
    // The servers agree on the place only if the request has a ticket.
    const hasPlace = request.operation === modesOperations.acquire && client !== "" && Number(ticket) > 0;
    if (!hasPlace || isYes(reply)) return;
    const waiter = this.#waiters.get(ownerOf(tokenOf(request)) ?? "");
    if (waiter === undefined) return;
    waiter.servers.add(server);
    if (waiter.servers.size >= this.#neededBy(waiter.attempt.client))
      waiter.settledAt = Math.min(waiter.settledAt, now);
  }

  onGrant(grant: Grant): void {
    if (!grant.hasPlace) return;
    for (const waiter of this.#waiters.values()) {
      const { attempt, settledAt } = waiter;
      if (grant.startedAt < settledAt || !areRivals(grant, attempt)) continue;
      waiter.overtaken += 1;
      this.most = Math.max(this.most, waiter.overtaken);
    }
  }
}

function ownerLabel({ client, worker }: Attempt): string {
  return `${client}/${worker}`;
}

function areRivals(one: Attempt, other: Attempt): boolean {
  return (
    one.names.join(" ") === other.names.join(" ") &&
    one.modes.some((mode, index) => clash(mode, other.modes[index] ?? "X"))
  );
}
