import { randomUUID } from "node:crypto";
import { type Contender, type LockClient, type Grant, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { FENCED_LOCKS, PLAIN_LOCKS, type Program, SocketServer } from "./socket-server.ts";

/**
 * Sockets and a script written by hand: one script call per server and tick, with tokens but without fencing or notifications. It
 * is the fastest lock that Node.js over TCP allows.
 */
export const sockets: Contender = byHand("sockets by hand", PLAIN_LOCKS);

/** The same, but the servers do as much as for quorumlock. The difference to quorumlock is the code of the libraries. */
export const fencedSockets: Contender = byHand("sockets by hand, fenced", FENCED_LOCKS);

function byHand(name: string, program: Program): Contender {
  return {
    name,
    kind: "floor",
    baseline: bareIoredis,
    async connect(servers, { ttlMs = TTL_MS } = {}) {
      return new SocketClient(
        await Promise.all(servers.map(({ port }) => SocketServer.connect(port, program))),
        ttlMs,
      );
    },
  };
}

class SocketClient implements LockClient {
  readonly #servers: readonly SocketServer[];
  readonly #ttl: string;
  /** Random part of all tokens. A new random value per token would cost more; quorumlock draws them in bulk. */
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

/** One operation on all servers. It is decided as soon as a majority agrees or disagrees. A ttl of 0 releases. */
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
    for (const server of servers) server.send(key, token, ttl, this);
  }

  onReply(hasEffect: boolean): void {
    if (hasEffect && (this.#missing -= 1) === 0) this.#resolve(true);
    if (!hasEffect && (this.#spare -= 1) < 0) this.#resolve(false);
  }

  onError(error: Error): void {
    this.#reject(error);
  }
}
