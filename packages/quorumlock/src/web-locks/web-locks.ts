import { LockClosedError, LockTimeoutError } from "../base/errors.ts";
import { ownerOf, tokenSuffix } from "../base/token.ts";
import type { Client } from "../client/client.ts";
import { clientOf } from "../client/client-of.ts";
import type { Lock } from "../lockable.ts";
import type { MutexRedlock } from "../mutex-redlock.ts";
import { pause } from "../patterns/pause.ts";
import { readWrite } from "../primitives/read-write.ts";
import { untilTheftEnds } from "./after-theft.ts";
import { untilEarlierTried } from "./earlier-requests.ts";
import { exception, requestError, stolenLock } from "./exceptions.ts";
import { clientIdOf, readFleet } from "./fleet-state.ts";
import { lockNameFor } from "./lock-names.ts";
import { LockRequest } from "./lock-request.ts";
import { type OpenRequests, openRequestsOf } from "./open-requests.ts";
import { checkQueryOptions } from "./query-options.ts";
import { readArguments, type RequestArguments } from "./request-arguments.ts";
import { seizeLock } from "./seize-lock.ts";
import type { WebLockInfo, WebLockManager, WebLockQueryOptions, WebLockSnapshot } from "./types.ts";
import { type ResolvedWebLocks, resolveWebLocksOptions, type WebLocksOptions } from "./web-locks-options.ts";

/**
 * An object with the methods of `navigator.locks`, whose locks exclude each other in all processes that use the same servers
 * (docs/web-locks.md). It makes no connection of its own, and ends with the client.
 *
 * ```ts
 * const locks = webLocks(redlock);
 * await locks.request("report", { ifAvailable: true }, async (lock) => {
 *   if (lock !== null) await work(lock, lock.signal);
 * });
 * ```
 * @throws TypeError, RangeError for bad options, with the field and the value.
 */
export function webLocks(redlock: MutexRedlock, options: WebLocksOptions = {}): WebLockManager {
  const client = clientOf(redlock);
  return new WebLocks(redlock, client, resolveWebLocksOptions(options, client));
}

class WebLocks implements WebLockManager {
  readonly #redlock: MutexRedlock;
  readonly #client: Client;
  readonly #settings: ResolvedWebLocks;
  readonly #clientId: string;
  readonly #requests: OpenRequests;

  constructor(redlock: MutexRedlock, client: Client, settings: ResolvedWebLocks) {
    this.#redlock = redlock;
    this.#client = client;
    this.#settings = settings;
    this.#clientId = clientIdOf(client);
    this.#requests = openRequestsOf(client);
  }

  async request<T>(...given: readonly unknown[]): Promise<Awaited<T>> {
    this.#checkOpen();
    const args = readArguments<T>(given);
    const { name, mode, signal, steal, callback } = args;
    const request = new LockRequest({ name, mode, prefix: this.#settings.prefix });
    signal?.throwIfAborted();
    this.#requests.begin(request);
    try {
      const lock = await this.#lockFor(request, args);
      if (lock !== null)
        return await request.run(lock, callback, (broken) =>
          this.#release(request, lock, { isStolen: steal, broken }),
        );
      this.#requests.leave(request);
      return await callback(null);
    } finally {
      this.#requests.end(request);
    }
  }

  async query(options: WebLockQueryOptions = {}): Promise<WebLockSnapshot> {
    this.#checkOpen();
    const { prefix } = this.#settings;
    const { pending, held } = this.#requests;
    const nameOf = new Map<string, string>();
    for (const request of [...pending, ...held])
      if (request.prefix === prefix) nameOf.set(request.lockName, request.name);
    for (const name of checkQueryOptions(options)) nameOf.set(lockNameFor(name, prefix), name);
    const fleet = await readFleet(this.#redlock, this.#client, nameOf);
    // An object with another prefix may have requests for the same locks.
    const own = (requests: Iterable<LockRequest>): readonly LockRequest[] =>
      [...requests].filter((request) => request.prefix === prefix || nameOf.has(request.lockName));
    const infoOf = ({ lockName, name, mode }: LockRequest): WebLockInfo => ({
      name: nameOf.get(lockName) ?? name,
      mode,
      clientId: this.#clientId,
    });
    // The servers have answered the requests of earlier calls before, so their locks are held by now.
    return {
      held: [...own(held).map(infoOf), ...fleet.held],
      pending: [...own(pending).map(infoOf), ...fleet.pending],
    };
  }

  /** The lock of a request, or `null` if it is not available. */
  async #lockFor(request: LockRequest, args: RequestArguments<unknown>): Promise<Lock | null> {
    const { signal, steal } = args;
    let lock: Lock | null;
    try {
      lock = await (steal ? this.#stealInTurn(request) : this.#acquireInTurn(request, args));
    } catch (error) {
      throw requestError(this.#client, error);
    }
    if (lock === null) return null;
    const isOurs = this.#requests.grant(request, lock);
    if (isOurs && signal?.aborted !== true) return lock;
    await lock.release().catch(() => undefined);
    signal?.throwIfAborted();
    throw stolenLock(request.name);
  }

  /** Thefts of one lock run one after another, so that the last caller has it in the end. */
  #stealInTurn(request: LockRequest): Promise<Lock> {
    const { waitMs } = this.#settings;
    const theft = this.#requests.theftBefore(request);
    const limits = { waitMs, ifAvailable: false, signal: undefined };
    // The same steps as in `#acquireInTurn`, so that both go on in the order of the calls.
    const stolen =
      theft === undefined
        ? this.#steal(request, waitMs)
        : untilTheftEnds(this.#client, theft, limits).then(({ hasEnded, waitedMs, leftMs }) => {
            // The theft before this one would take the lock from it.
            if (!hasEnded) throw new LockTimeoutError([request.lockName], waitedMs, undefined, []);
            return this.#steal(request, leftMs);
          });
    this.#requests.beginTheft(request, stolen);
    return stolen;
  }

  async #acquireInTurn(request: LockRequest, args: RequestArguments<unknown>): Promise<Lock | null> {
    const { waitMs } = this.#settings;
    const theft = this.#requests.theftBefore(request);
    if (theft === undefined) return this.#acquire(request, args, waitMs);
    const { leftMs } = await untilTheftEnds(this.#client, theft, { ...args, waitMs });
    return this.#acquire(request, args, leftMs);
  }

  #acquire(
    { lockName }: LockRequest,
    { mode, ifAvailable, signal }: RequestArguments<unknown>,
    wait: number,
  ): Promise<Lock | null> {
    const { ttlMs: ttl } = this.#settings;
    const { read, write } = readWrite(this.#client, lockName);
    const lockable = mode === "shared" ? read : write;
    // The lock is held until the callback has ended, however long that takes.
    const options = { ttl, wait, owner: this.#clientId, autoExtend: true };
    if (ifAvailable) return lockable.tryAcquire(options);
    return lockable.acquire({ ...options, signal });
  }

  async #steal(request: LockRequest, waitMs: number): Promise<Lock> {
    const { ttlMs } = this.#settings;
    const former = this.#requests.former(request);
    const learnsHere = (token: string): boolean => this.#learnsHere(token, request);
    const options = { ttlMs, waitMs, tokenSuffix: tokenSuffix(this.#clientId), former, learnsHere };
    await untilEarlierTried(this.#client, this.#requests, request);
    const lock = await seizeLock(this.#client, request.lockName, options);
    this.#requests.onStolen(request, lock);
    return lock;
  }

  /**
   * Whether a holder of the lock learns of a theft in this process: a request that holds it by `onStolen`, and one that is about to hold
   * it by `grant`. What a theft or a lost lock has left on the servers can stand for a holder that does not.
   */
  #learnsHere(token: string, request: LockRequest): boolean {
    if (this.#requests.isHeldBy(token, request)) return true;
    return ownerOf(token) === this.#clientId && this.#client.heldLocks.has([request.lockName], token);
  }

  /**
   * Releases the lock of a request. A stolen lock is kept until the former holders in other processes have learnt of the theft: they
   * could extend a key that is free again. A lock that was not stolen ends at once.
   */
  async #release(
    request: LockRequest,
    lock: Lock,
    { isStolen, broken }: { readonly isStolen: boolean; readonly broken: AbortSignal },
  ): Promise<void> {
    const former = this.#requests.former(request);
    const leftMs = (): number => (isStolen ? former.leftMs : 0);
    try {
      // A late reply to the theft can make the time longer.
      while (leftMs() > 0) await pause(this.#client, [request.lockName], leftMs(), broken);
    } catch {
      // The lock is lost, or the client closes. Then the keys expire by themselves.
    }
    this.#requests.leave(request);
    const released = lock.release().catch(() => undefined);
    // The promise of a request whose lock is broken rejects at once.
    if (!broken.aborted) await released;
  }

  #checkOpen(): void {
    if (!this.#client.isClosed) return;
    const error = new LockClosedError([]);
    throw exception("InvalidStateError", error.message, error);
  }
}
