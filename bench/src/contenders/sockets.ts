import { randomUUID } from "node:crypto";
import { type Contender, type Entrant, type Grant, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { EVERYTHING_ON, LOCKS_ONLY, type Program, SocketServer } from "./socket-server.ts";

/**
 * Sockets and a script written by hand for this one purpose: one call for each server and tick, decided at the quorum, with
 * tokens and nothing else. What can be had at all where Node.js talks to servers over TCP.
 */
export const sockets: Contender = byHand("sockets by hand", LOCKS_ONLY);

/** The same, and the servers do all that quorumlock has them do: what is left for a library to lose is its own code. */
export const fullSockets: Contender = byHand("sockets by hand, fenced", EVERYTHING_ON);

function byHand(name: string, program: Program): Contender {
  return {
    name,
    kind: "floor",
    baseline: bareIoredis,
    async connect(servers, { ttlMs = TTL_MS } = {}) {
      return new SocketEntrant(
        await Promise.all(servers.map(({ port }) => SocketServer.connect(port, program))),
        ttlMs,
      );
    },
  };
}

class SocketEntrant implements Entrant {
  readonly #servers: readonly SocketServer[];
  readonly #ttl: string;
  /** Random part of all tokens: drawing one for each is what a pool saves, too. */
  readonly #seed = randomUUID();
  #count = 0;

  constructor(servers: readonly SocketServer[], ttlMs: number) {
    this.#servers = servers;
    this.#ttl = String(ttlMs);
  }

  async acquire(name: string): Promise<Grant> {
    const token = `${this.#seed}${(this.#count += 1)}`;
    const granted = await new Vote(this.#servers, name, token, this.#ttl).outcome;
    if (!granted) throw new Error("the lock is not free");
    return { release: () => new Vote(this.#servers, name, token, "0").outcome };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close();
  }
}

/** One operation on all servers, decided as soon as it can be. A ttl of 0 releases. */
class Vote {
  readonly outcome: Promise<boolean>;
  #resolve: (granted: boolean) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #missing: number;
  #spare: number;

  constructor(servers: readonly SocketServer[], key: string, token: string, ttl: string) {
    this.#missing = Math.floor(servers.length / 2) + 1;
    this.#spare = servers.length - this.#missing;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    for (const server of servers) server.ask(key, token, ttl, this);
  }

  answer(yes: boolean): void {
    if (yes && (this.#missing -= 1) === 0) this.#resolve(true);
    if (!yes && (this.#spare -= 1) < 0) this.#resolve(false);
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}
