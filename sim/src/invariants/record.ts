import type { Operation } from "../history/index.ts";
import type { Time } from "../world/time.ts";
import type { Attempt, ExtensionAttempt, Grant, ReleaseEnd } from "./referee.ts";

/** The history of a run as the callers saw it, for the history checker: in real time. */
export class Record {
  readonly operations: Operation[] = [];
  readonly #time: Time;
  /** Where the first operation of each release stands. */
  readonly #releases = new Map<Grant, number>();

  constructor(time: Time) {
    this.#time = time;
  }

  granted(grant: Grant): void {
    const { askedAt, grantedAt, lock } = grant;
    const { token, fence } = lock;
    const times = { invokedAt: askedAt, completedAt: grantedAt, heldUntil: this.#heldUntil(grant) };
    this.#add(grant, { kind: "acquire", outcome: "ok", token, fence, ...times });
  }

  refused(attempt: Attempt): void {
    const times = { invokedAt: attempt.askedAt, completedAt: this.#time.now };
    this.#add(attempt, { kind: "acquire", outcome: "refused", ...times });
  }

  failed(attempt: Attempt): void {
    this.refused(attempt);
  }

  /** Until it is answered, a shorter lease that is asked for may be the one that stands. */
  asksForMore({ grant, askedAt, sureMs }: ExtensionAttempt): void {
    const shorter = askedAt + sureMs / grant.host.clock.rate;
    if (shorter < this.#heldUntil(grant)) this.#mayEnd(grant, shorter);
  }

  extended({ grant, askedAt }: ExtensionAttempt): void {
    const times = { invokedAt: askedAt, completedAt: this.#time.now, heldUntil: this.#heldUntil(grant) };
    this.#add(grant, { kind: "extend", outcome: "ok", token: grant.lock.token, ...times });
  }

  notExtended({ grant, askedAt }: ExtensionAttempt): void {
    const times = { invokedAt: askedAt, completedAt: this.#time.now };
    this.#add(grant, { kind: "extend", outcome: "refused", token: grant.lock.token, ...times });
  }

  /** The client lets go of it from now on, and may take it back from the servers. */
  lost(grant: Grant): void {
    this.#mayEnd(grant, this.#time.now);
  }

  /** From now on it may be free: who asks for its release may die before hearing of it. */
  releases(grant: Grant): void {
    this.#releases.set(grant, this.operations.length);
    this.lost(grant);
  }

  released(grant: Grant, end: ReleaseEnd): void {
    const first = this.#releases.get(grant);
    if (first === undefined || end === "unconfirmed" || end === "untold") return;
    grant.names.forEach((_, index) => {
      const asked = this.operations[first + index]!;
      const outcome = end === "held" ? "ok" : "refused";
      this.operations[first + index] = { ...asked, outcome, completedAt: this.#time.now };
    });
  }

  #mayEnd(grant: Grant, invokedAt: number): void {
    this.#add(grant, { kind: "release", outcome: "unknown", token: grant.lock.token, invokedAt });
  }

  /** The moment of real time at which the holder's own clock ends the lease. */
  #heldUntil({ host, lock }: Grant): number {
    return this.#time.now + host.watch(() => lock.remaining()) / host.clock.rate;
  }

  #add({ client, worker, names }: Attempt, operation: Omit<Operation, "process" | "resource">): void {
    for (const resource of names)
      this.operations.push({ process: `${client}/${worker}`, resource, ...operation });
  }
}
