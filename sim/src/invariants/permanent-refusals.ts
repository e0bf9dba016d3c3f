import type { Plan, REFUSAL_ERRORS } from "../plan/plan.ts";

/** The error that no waiting ends, as the library sees it. All others end by themselves. */
const PERMANENT: (typeof REFUSAL_ERRORS)[number] = "NOPERM";

/**
 * When servers refused calls for good. A caller may end its wait early only if so many did since it began that no majority was
 * left, or if they carried out nothing since. It may also use the result of an attempt that a caller before it in the queue had just
 * sent, and a refusal that came just before the connection broke.
 */
export class PermanentRefusals {
  /** By index of the server: when it refused a call for the last time, in real time. */
  readonly #refusedAt = new Map<number, number>();
  /** The servers that have carried out nothing since they refused a call for good. */
  readonly #refusing = new Set<number>();
  /** The smallest number of servers that prevents a majority, for any set of members in the plan. */
  readonly #enough: number;
  /** How long an attempt can take, in ms of real time. */
  readonly #attemptMs: number;
  /** Number of waits that ended early. */
  endedWaits = 0;

  constructor({ clients, changes }: Plan) {
    const sets = [...clients.map(({ members }) => members), ...(changes?.steps ?? []).map(({ to }) => to)];
    this.#attemptMs = Math.max(...clients.map(({ requestTimeoutMs, rate }) => requestTimeoutMs / rate));
    this.#enough = Math.min(...sets.map(({ length }) => Math.ceil(length / 2)));
  }

  onRefused(server: number, error: string, now: number): void {
    if (error !== PERMANENT) return;
    this.#refusedAt.set(server, now);
    this.#refusing.add(server);
  }

  /** The server has carried out a request. */
  onExecuted(server: number): void {
    this.#refusing.delete(server);
  }

  /** Whether an error says that waiting does not help. */
  isEarlyEnd(error: unknown): boolean {
    return error instanceof Error && error.message.includes("waiting does not help");
  }

  /** A wait that began at `since` has ended early. Returns whether it may. */
  canEndEarly(since: number): boolean {
    this.endedWaits += 1;
    const counted = [...this.#refusedAt].filter(
      ([server, at]) => at >= since - 2 * this.#attemptMs || this.#refusing.has(server),
    );
    return counted.length >= this.#enough;
  }
}
