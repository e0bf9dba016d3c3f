import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type LockClient, type Grant, TTL_MS } from "../contender.ts";

/** Deletes a key that still contains the token. KEYS: the lock; ARGV: the token. Returns the number of deleted keys. */
export const COMPARE_AND_DELETE = `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0`;
export const COMPARE_AND_DELETE_SHA = createHash("sha1").update(COMPARE_AND_DELETE).digest("hex");

/** The two commands of the protocol on one server. Each resolves to the server's reply. */
export interface BareServer {
  /** `SET key token NX PX ttlMs`: "OK" or null. */
  set(key: string, token: string, ttlMs: number): Promise<unknown>;
  /** 1 or 0. */
  compareAndDelete(key: string, token: string): Promise<unknown>;
  close(): void;
}

/** A refused attempt is withdrawn and repeated after a random pause between these limits. */
const MIN_PAUSE_MS = 1;
const MAX_PAUSE_MS = 6;
const WAIT_MS = 10_000;

/**
 * The minimum that a lock on a majority needs: one command to each server, and no wait for the slowest server. It has no
 * fencing, no check of the validity and no notifications. It is a baseline for measurements, not a safe lock.
 */
export class BareProtocol implements LockClient {
  readonly #servers: readonly BareServer[];
  readonly #ttlMs: number;

  constructor(servers: readonly BareServer[], ttlMs: number = TTL_MS) {
    this.#servers = servers;
    this.#ttlMs = ttlMs;
  }

  async acquire(name: string): Promise<Grant> {
    const token = randomUUID();
    if (await this.#attempt(name, token)) return new BareGrant(this.#servers, name, token);
    const endsAt = performance.now() + WAIT_MS;
    while (performance.now() < endsAt) {
      await this.#withdraw(name, token);
      await sleep(MIN_PAUSE_MS + Math.random() * (MAX_PAUSE_MS - MIN_PAUSE_MS));
      if (await this.#attempt(name, token)) return new BareGrant(this.#servers, name, token);
    }
    throw new Error(`the lock was not free within ${WAIT_MS} ms`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close();
  }

  #attempt(name: string, token: string): Promise<boolean> {
    return quorum(
      this.#servers.map((server) => server.set(name, token, this.#ttlMs)),
      "OK",
    );
  }

  async #withdraw(name: string, token: string): Promise<void> {
    await quorum(
      this.#servers.map((server) => server.compareAndDelete(name, token)),
      1,
    );
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

  release(): Promise<boolean> {
    return quorum(
      this.#servers.map((server) => server.compareAndDelete(this.#name, this.#token)),
      1,
    );
  }
}

/** Resolves to true as soon as a majority replied `yes`, and to false as soon as that is impossible. */
function quorum(replies: readonly Promise<unknown>[], yes: unknown): Promise<boolean> {
  const needed = Math.floor(replies.length / 2) + 1;
  return new Promise((resolve, reject) => {
    let granted = 0;
    let refused = 0;
    for (const reply of replies) {
      reply.then(
        (value) => {
          if (value === yes) {
            granted += 1;
            if (granted === needed) resolve(true);
          } else {
            refused += 1;
            if (refused > replies.length - needed) resolve(false);
          }
        },
        // A failed server ends the measurement, because its figures could not be compared.
        reject,
      );
    }
  });
}
