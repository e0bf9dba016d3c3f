import type { RedisServer } from "quorumlock/testing";

/** The time to live of all locks, in ms. A scenario may choose another one. */
export const TTL_MS = 10_000;
/** The number of permits of a semaphore. A scenario may choose another one. */
export const PERMITS = 100;

/** The address of a server. */
export type Address = Pick<RedisServer, "port" | "url">;

/** A lock that was granted. */
export interface Grant {
  /** The fencing token, if the contender has fencing tokens. */
  readonly fence?: number | undefined;
  /** Rounds of requests that the acquisition needed, if the contender counts them. */
  readonly rounds?: number | undefined;
  release(): Promise<unknown>;
}

/** A contender that is connected to its servers. Disposing of it closes the connections. */
export interface LockClient extends AsyncDisposable {
  /** Waits for the lock as long as the contender is configured to wait. */
  acquire(name: string): Promise<Grant>;
  /** Acquires the lock beside others that do the same. Only a read/write lock has it. */
  acquireShared?(name: string): Promise<Grant>;
  /** The key that locks `name` on the servers. Without this method it is the name itself. */
  keyOf?(name: string): string;
  /**
   * Acquires the lock and extends it automatically until the process ends. Memory that the result refers to counts as
   * the lock's cost. A contender without automatic extension has no such method.
   */
  hold?(name: string): Promise<unknown>;
}

export interface ConnectOptions {
  /** @default TTL_MS */
  readonly ttlMs?: number | undefined;
  /** The number of permits of each name, for semaphores. @default PERMITS */
  readonly permits?: number | undefined;
  /** Whether grants have `rounds`, if the contender can count them. It costs time. @default false */
  readonly countsRounds?: boolean | undefined;
}

/** Something that locks names on servers: this library, another library, or bare commands. */
export interface Contender {
  readonly name: string;
  /**
   * - `bare`: the protocol's two commands on a client, to compare with
   * - `floor`: code written by hand without a client library, as the lower bound of what a lock costs
   * - `ours`: this library
   * - `peer`: another library
   */
  readonly kind: "bare" | "floor" | "ours" | "peer";
  /** True for a library with the options that make it fastest, instead of its defaults. */
  readonly isTuned?: boolean | undefined;
  /** True for a lock inside one process. It needs no servers, and all callers must be in one process. */
  readonly isLocal?: boolean | undefined;
  /** The bare commands on the same client, which this contender is compared with. */
  readonly baseline?: Contender | undefined;
  /**
   * Commands that the contender sends besides script calls. They must be listed because servers count the commands inside
   * scripts in the same statistics.
   */
  readonly sends?: readonly string[] | undefined;
  connect(servers: readonly Address[], options?: ConnectOptions): Promise<LockClient>;
}
