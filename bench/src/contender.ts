import type { RedisServer } from "quorumlock/testing";

/** The time to live that every contender asks for unless a scenario is about another one, in ms: the default of the libraries. */
export const TTL_MS = 10_000;

/** Where a server is. */
export type Address = Pick<RedisServer, "port" | "url">;

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
  /** The key on the servers under which `name` is locked. The name itself unless it says otherwise. */
  keyOf?(name: string): string;
  /**
   * Acquires, and keeps the lock for as long as the process lives, by whatever the contender has for that. What the
   * returned value refers to is part of its cost. Absent where it does not extend locks by itself.
   */
  hold?(name: string): Promise<unknown>;
}

interface ConnectOptions {
  /** @default TTL_MS */
  readonly ttlMs?: number | undefined;
}

/** Something that locks names on servers. */
export interface Contender {
  readonly name: string;
  /**
   * - `bare`: the commands of the protocol and nothing else, to compare with
   * - `floor`: what can be had at all, below what a client library allows
   * - `ours`
   * - `peer`: another library
   */
  readonly kind: "bare" | "floor" | "ours" | "peer";
  /** The bare protocol on the same client, which it is compared with. */
  readonly baseline?: Contender | undefined;
  /**
   * Commands that it sends by themselves, besides calls of scripts: servers count those that a script makes the same way.
   */
  readonly sends?: readonly string[] | undefined;
  connect(servers: readonly Address[], options?: ConnectOptions): Promise<Entrant>;
}
