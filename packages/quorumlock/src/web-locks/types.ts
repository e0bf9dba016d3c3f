/** `exclusive`: one holder. `shared`: any number of holders, and no exclusive one. */
export type WebLockMode = "exclusive" | "shared";

/** A held lock, as the callback of a request gets it. It has the members of the standard's `Lock`, and two more. */
export interface WebLock {
  /** The name of the request. */
  readonly name: string;
  /** The mode of the request. */
  readonly mode: WebLockMode;
  /**
   * Aborts when the lock is lost or stolen, with the exception with which the request rejects: an `AbortError`. It does not abort at the
   * end of the callback. Not in the standard.
   */
  readonly signal: AbortSignal;
  /** The fencing token, as that of every lock of this library (docs/guarantees.md). Not in the standard. */
  readonly fence: number;
}

/** The options of a request: those of the standard, and no others. */
export interface WebLockOptions {
  /** Whether others can hold the name in the same mode at the same time. @default "exclusive" */
  readonly mode?: WebLockMode | undefined;
  /**
   * Whether the request is granted at once or not at all. If not, the callback gets `null`.
   * @default false
   */
  readonly ifAvailable?: boolean | undefined;
  /**
   * Whether the lock is taken from all present holders, before all that wait. The requests of the former holders reject with an
   * `AbortError`: in this process at once, in others at their next extension, which is within a third of their ttl. Their callbacks
   * go on meanwhile. The lock is released when the callback has ended and the former holders in other processes must know.
   * @default false
   */
  readonly steal?: boolean | undefined;
  /**
   * Ends the request while it waits. Then the request rejects with the reason of the signal. A granted lock is not ended.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Called when the lock is granted. The lock is held until the promise that it returns has settled.
 * @param lock `null` only if the request has the option `ifAvailable` and the lock was not available.
 */
export type WebLockCallback<T> = (lock: WebLock | null) => T;

/** A lock that is held or waited for. */
export interface WebLockInfo {
  /** The name of the request. Of a request in another process: the name by which this process would ask for the same lock. */
  readonly name: string;
  /** The mode. Missing for requests that wait in other processes, because the instances report only who waits. */
  readonly mode?: WebLockMode;
  /**
   * Who holds it or waits: the owner label of the client, `#` and 8 characters that no other client has. Of a client that holds none of
   * the names in the result: only these characters. Of a lock that is no web lock: its owner label, or `""` if it has none.
   */
  readonly clientId: string;
}

/** The result of `query`. */
export interface WebLockSnapshot {
  /** Those of this process in the order in which they were granted, then those of others. */
  readonly held: WebLockInfo[];
  /** Those of this process in the order of the calls, then the clients that wait in other processes, each once for a name. */
  readonly pending: WebLockInfo[];
}

/** Options of `query`. The standard has none. */
export interface WebLockQueryOptions {
  /** Names to look at besides those that this process holds or waits for. At most 1,000. @default [] */
  readonly names?: readonly string[] | undefined;
}

/** An object with the methods of `navigator.locks`. It can be used wherever the DOM type `LockManager` is expected. */
export interface WebLockManager {
  /**
   * Requests a lock, calls the callback under it, and releases it when the promise that the callback returns has settled.
   * @param name any text that does not begin with `-`.
   * @returns what the callback returns, after the release.
   * @throws TypeError if an argument is missing or has a wrong type, or an option is not known.
   * @throws DOMException `NotSupportedError` for a name that begins with `-` or is too long, for `steal` with `ifAvailable` or with the
   * mode `"shared"`, and for `signal` with either of `steal` and `ifAvailable`.
   * @throws the reason of `signal`, if it aborts before the lock is granted. By default that is a DOMException `AbortError`.
   * @throws DOMException `AbortError` if the lock was stolen or lost before the callback ended, or the client closes during the wait.
   * @throws DOMException `TimeoutError` after the option `wait` of `webLocks`. `InvalidStateError` if the client is closed.
   * `SecurityError` if a majority of the instances refuses this client, for example because of a wrong password.
   * @throws QuorumError if too few instances answer: with `ifAvailable` at once, otherwise after `wait`. LockKindError if the name is
   * that of a semaphore.
   */
  request<T>(name: string, callback: WebLockCallback<T>): Promise<Awaited<T>>;
  request<T>(name: string, options: WebLockOptions, callback: WebLockCallback<T>): Promise<Awaited<T>>;
  /**
   * Reads which locks are held and waited for: all of this process, and those of other processes with the same names.
   * @throws QuorumError if no quorum of the instances answered. Without a name to look at, no instance is asked.
   * @throws DOMException `InvalidStateError` if the client is closed, `NotSupportedError` for a name that `request` would refuse.
   * @throws TypeError for bad options.
   */
  query(options?: WebLockQueryOptions): Promise<WebLockSnapshot>;
}
