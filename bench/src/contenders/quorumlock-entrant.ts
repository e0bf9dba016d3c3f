import { type Lock, Redlock } from "quorumlock";
import { type Entrant, type Grant, TTL_MS } from "../contender.ts";

type Clients = ConstructorParameters<typeof Redlock>[0];

export class QuorumlockEntrant implements Entrant {
  readonly #redlock: Redlock;
  readonly #disconnect: () => void;

  /** `disconnect` closes the clients: the library leaves those that it was given open. */
  constructor(clients: Clients, disconnect: () => void, ttlMs: number = TTL_MS) {
    // The servers were only just started for the measurement: they would abstain for a ttl.
    this.#redlock = new Redlock(clients, { ttl: ttlMs, restartGuard: false });
    this.#disconnect = disconnect;
  }

  acquire(name: string): Promise<Grant> {
    return this.#redlock.acquire(name);
  }

  hold(name: string): Promise<Lock> {
    return this.#redlock.acquire(name, { autoExtend: true });
  }

  keyOf(name: string): string {
    return `lock:${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#redlock.close();
    this.#disconnect();
  }
}
