import type { RedisServer } from "quorumlock/testing";

/** The time to live that every contender asks for, in ms: the default of the libraries. */
export const TTL_MS = 10_000;

/** A lock that was granted. */
export interface Grant {
  /** The fencing token, where the contender gives one. */
  readonly fence?: number | undefined;
  release(): Promise<unknown>;
}

/** A contender connected to its servers; disposing it closes its connections. */
export interface Entrant extends AsyncDisposable {
  /** Waits for the lock as long as the contender does by default. */
  acquire(name: string): Promise<Grant>;
}

/** Something that locks names on servers. */
export interface Contender {
  readonly name: string;
  /** The bare protocol on the same client, which it is compared with. */
  readonly baseline?: Contender | undefined;
  connect(servers: readonly RedisServer[]): Promise<Entrant>;
}
