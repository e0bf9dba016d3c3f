import { type Lock, Redlock } from "quorumlock";
import { type LockClient, type Grant, TTL_MS } from "../contender.ts";

type Clients = ConstructorParameters<typeof Redlock>[0];

export class QuorumlockClient implements LockClient {
  readonly #redlock: Redlock;
  readonly #disconnect: () => void;

  /** @param disconnect closes the clients, because the library leaves clients open that it did not create. */
  constructor(clients: Clients, disconnect: () => void, ttlMs: number = TTL_MS) {
    // The restart guard would make the servers abstain for one ttl, because they started moments ago.
    // No lock extends itself, as in the other libraries that are compared.
    this.#redlock = new Redlock(clients, { ttl: ttlMs, restartGuard: false, autoExtend: false });
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
