import { createHash, randomUUID } from "node:crypto";
import { type Entrant, type Grant, TTL_MS } from "../contender.ts";

/** Deletes a key that still holds the token. KEYS: the lock; ARGV: the token. Returns how many keys went. */
export const COMPARE_AND_DELETE = `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0`;
export const COMPARE_AND_DELETE_SHA = createHash("sha1").update(COMPARE_AND_DELETE).digest("hex");

/** The two commands of the protocol on one server. Each resolves to what the server replied. */
export interface BareServer {
  /** `SET key token NX PX ttlMs`: "OK" or null. */
  set(key: string, token: string, ttlMs: number): Promise<unknown>;
  /** 1 or 0. */
  compareAndDelete(key: string, token: string): Promise<unknown>;
  close(): void;
}

/**
 * As little as a lock on a majority can do: a command to each server and no wait for the slowest. No fencing, no expiry
 * watched, no waiting, nothing undone where it fails: it is the floor to measure from, not to lock with.
 */
export class BareProtocol implements Entrant {
  readonly #servers: readonly BareServer[];

  constructor(servers: readonly BareServer[]) {
    this.#servers = servers;
  }

  async acquire(name: string): Promise<Grant> {
    const token = randomUUID();
    await quorum(
      this.#servers.map((server) => server.set(name, token, TTL_MS)),
      "OK",
    );
    return new BareGrant(this.#servers, name, token);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close();
  }
}

class BareGrant implements Grant {
  readonly #servers: readonly BareServer[];
  readonly #name: string;
  readonly #token: string;

  constructor(servers: readonly BareServer[], name: string, token: string) {
    this.#servers = servers;
    this.#name = name;
    this.#token = token;
  }

  release(): Promise<void> {
    return quorum(
      this.#servers.map((server) => server.compareAndDelete(this.#name, this.#token)),
      1,
    );
  }
}

/** Resolves as soon as a majority replied `yes`, rejects as soon as that can no longer be. */
function quorum(replies: readonly Promise<unknown>[], yes: unknown): Promise<void> {
  const needed = Math.floor(replies.length / 2) + 1;
  return new Promise((resolve, reject) => {
    let granted = 0;
    let refused = 0;
    for (const reply of replies) {
      reply.then(
        (value) => {
          if (value === yes) {
            granted += 1;
            if (granted === needed) resolve();
          } else {
            refused += 1;
            if (refused > replies.length - needed) reject(new Error("the lock is not free"));
          }
        },
        // A server that fails ends the measurement: there is nothing to compare any more.
        reject,
      );
    }
  });
}
