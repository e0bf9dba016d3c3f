import { QuorumError } from "quorumlock";
import type { HealthPlan, Plan } from "../plan/plan.ts";
import type { Attempt } from "./grant.ts";

/** Time for the request of a check after the outage, in ms of real time: a message takes up to 60 ms in each direction. */
const CHECK_MS = 150;

/** During this time clients that use a set for the first time can get in each other's way. */
const FIRST_USE_MS = 500;
const CUT_SHORT = /did not answer before the round ended|has not answered yet/;

/**
 * Whether acquisitions and health checks notice what happens to the servers:
 *
 * - If the faults leave a majority alone, no acquisition finds too few servers, and no check finds that a quorum is lost.
 * - After an outage of the majority, a lock is granted, and the checks of each client find the quorum, within one interval.
 */
export class Outages {
  readonly #plan: HealthPlan | undefined;
  /** The faults hit at most so many servers, the first ones, if they leave a majority alone. */
  readonly #minority: number;
  /** By index of the client: the rate of its clock. */
  readonly #rates: readonly number[];
  /** The clients whose latest check found no quorum. */
  readonly #lost = new Set<number>();
  #hasGranted = false;

  constructor({ health, clients, servers }: Pick<Plan, "health" | "clients" | "servers">) {
    this.#minority = Math.floor((servers.length - 1) / 2);
    this.#plan = health;
    this.#rates = clients.map(({ rate }) => rate);
  }

  /** An acquisition failed. Returns what is wrong with that. */
  onFailed({ client, names, startedAt }: Attempt, error: unknown): string | undefined {
    if (this.#plan?.keepsQuorum !== true || !(error instanceof QuorumError)) return undefined;
    // A wait of few ms can end in the middle of a round. The servers that work would have answered.
    const isCutShort = error.failures.some(
      ({ instance, error: { message } }) =>
        CUT_SHORT.test(message) && Number(instance.split("-")[1]) >= this.#minority,
    );
    if (startedAt < FIRST_USE_MS || isCutShort) return undefined;
    return `client ${client} found too few servers for ${names.join(", ")}, but a majority works: ${error.message}`;
  }

  /** A check of a client found that the quorum is lost, or is there again. */
  onQuorum(client: number, hasQuorum: boolean, now: number): string | undefined {
    if (!hasQuorum) {
      this.#lost.add(client);
      return this.#plan?.keepsQuorum === true
        ? `client ${client} takes the quorum for lost, but a majority works`
        : undefined;
    }
    this.#lost.delete(client);
    return this.#isLate(client, now)
      ? `client ${client} found the quorum ${this.#sinceEnd(now)} ms after the outage`
      : undefined;
  }

  onGrant({ client, startedAt }: Attempt, now: number): string | undefined {
    const until = this.#plan?.outageUntil;
    if (until === undefined || now < until) return undefined;
    const isFirst = !this.#hasGranted;
    this.#hasGranted = true;
    if (!this.#isLate(client, now)) return undefined;
    if (this.#lost.has(client)) return `client ${client} takes the quorum for lost after the outage`;
    // The grant to a caller that came later says nothing.
    return isFirst && startedAt < until
      ? `the first lock was granted ${this.#sinceEnd(now)} ms after the outage`
      : undefined;
  }

  #isLate(client: number, now: number): boolean {
    const { outageUntil, intervalMs } = this.#plan ?? {};
    if (outageUntil === undefined || intervalMs === undefined || now < outageUntil) return false;
    return now > outageUntil + intervalMs / (this.#rates[client] ?? 1) + CHECK_MS;
  }

  #sinceEnd(now: number): string {
    return (now - (this.#plan?.outageUntil ?? 0)).toFixed(0);
  }
}
