import { Redlock } from "quorumlock";
import { type Entrant, type Grant, TTL_MS } from "../contender.ts";

type Clients = ConstructorParameters<typeof Redlock>[0];

export class QuorumlockEntrant implements Entrant {
  readonly #redlock: Redlock;
  readonly #disconnect: () => void;

  /** `disconnect` closes the clients: the library leaves those that it was given open. */
  constructor(clients: Clients, disconnect: () => void) {
    // The servers were only just started for the measurement: they would abstain for a ttl.
    this.#redlock = new Redlock(clients, { ttl: TTL_MS, restartGuard: false });
    this.#disconnect = disconnect;
  }

  acquire(name: string): Promise<Grant> {
    return this.#redlock.acquire(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#redlock.close();
    this.#disconnect();
  }
}
