import { processWide } from "../base/process-wide.ts";
import type { Clock } from "../base/clock.ts";
import type { Client } from "../client/client.ts";
import { FormerHolders } from "./former-holders.ts";
import type { Lock } from "../lockable.ts";
import type { LockRequest } from "./lock-request.ts";

/** What the requests of one lock have in common. */
interface SameLock {
  /** How many requests of it have not ended. */
  count: number;
  /** The fencing token of the latest theft. */
  stolenFence: number;
  /** The former holders of the lock, from thefts of this client. */
  readonly former: FormerHolders;
  /** Ends when the latest theft is granted, or has failed. Set from the first theft on. */
  theft: Promise<void> | undefined;
}

/** The requests of one client that have not ended. */
export class OpenRequests {
  /** In the order of the calls. */
  readonly pending = new Set<LockRequest>();
  /** In the order in which they were granted. */
  readonly held = new Set<LockRequest>();
  readonly #locks = new Map<string, SameLock>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(request: LockRequest): void {
    this.pending.add(request);
    this.#lockOf(request).count += 1;
  }

  /** The requests for the same lock that wait since before this one. */
  pendingBefore(request: LockRequest): readonly LockRequest[] {
    const all = [...this.pending];
    return all.slice(0, all.indexOf(request)).filter(({ lockName }) => lockName === request.lockName);
  }

  /** Moves a request to those that hold their lock. Returns `false` if the lock was stolen after it was granted. */
  grant(request: LockRequest, { token, fence }: Lock): boolean {
    this.pending.delete(request);
    request.onDecided();
    const { stolenFence, former } = this.#lockOf(request);
    if (fence < stolenFence) {
      former.delete(token);
      return false;
    }
    request.token = token;
    this.held.add(request);
    return true;
  }

  /** Whether a request for the same lock holds it with this token, so that `onStolen` ends it. */
  isHeldBy(token: string, { lockName }: LockRequest): boolean {
    return [...this.held].some((holder) => holder.token === token && holder.lockName === lockName);
  }

  /** Ends when all thefts of the lock so far are granted or have failed. `undefined` if there was none. */
  theftBefore(request: LockRequest): Promise<void> | undefined {
    return this.#lockOf(request).theft;
  }

  /** The request is a theft. Later requests wait for this theft and for all thefts before it. */
  beginTheft(request: LockRequest, stolen: Promise<unknown>): void {
    const lock = this.#lockOf(request);
    const ended = stolen.then(ignore, ignore);
    lock.theft = lock.theft === undefined ? ended : Promise.all([lock.theft, ended]).then(ignore);
  }

  /** The lock was stolen. Ends the requests that held it. The one that stole it is not granted yet. */
  onStolen(request: LockRequest, { fence }: Lock): void {
    const lock = this.#lockOf(request);
    lock.stolenFence = Math.max(lock.stolenFence, fence);
    for (const holder of this.held) {
      if (holder.lockName !== request.lockName) continue;
      this.held.delete(holder);
      if (holder.token !== undefined) lock.former.delete(holder.token);
      holder.onStolen();
    }
  }

  /** See `SameLock`. */
  former(request: LockRequest): FormerHolders {
    return this.#lockOf(request).former;
  }

  /** The request does not wait for the lock, and does not hold it any more. */
  leave(request: LockRequest): void {
    this.pending.delete(request);
    this.held.delete(request);
    request.onDecided();
  }

  /** The promise of the request is about to settle. */
  end(request: LockRequest): void {
    this.leave(request);
    const lock = this.#lockOf(request);
    lock.count -= 1;
    if (lock.count === 0) this.#locks.delete(request.lockName);
  }

  #lockOf({ lockName }: LockRequest): SameLock {
    const known = this.#locks.get(lockName);
    if (known !== undefined) return known;
    const former = new FormerHolders(this.#clock);
    const lock: SameLock = { count: 0, stolenFence: 0, former, theft: undefined };
    this.#locks.set(lockName, lock);
    return lock;
  }
}

const ignore = (): void => undefined;

const openRequests = processWide("webLocks", () => new WeakMap<Client, OpenRequests>());

/** The requests of a client. All objects that `webLocks` makes for one client share them, so a theft by one object ends the requests of all that hold the lock. */
export function openRequestsOf(client: Client): OpenRequests {
  const requests = openRequests.get(client) ?? new OpenRequests(client.clock);
  openRequests.set(client, requests);
  return requests;
}
