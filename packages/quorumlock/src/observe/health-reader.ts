import type { Client } from "../client/client.ts";
import type { Health } from "../client/health.ts";

/**
 * Reads the health of the instances for exporters, with a time limit of its own. If the limit is exceeded, the health of the check
 * before counts, and the check that is under way counts the next time. So a server that hangs delays nothing for longer than the limit.
 */
export class HealthReader {
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #onChecked: (health: Health) => void;
  #latest: Health | undefined;
  #checking: Promise<void> | undefined;
  /** Several metrics read the health in one scrape. */
  #reading: Promise<Health | undefined> | undefined;

  constructor(client: Client, timeoutMs: number, onChecked: (health: Health) => void = () => undefined) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    this.#onChecked = onChecked;
  }

  /** `undefined` if no check has ended yet, or the client is closed, or it is a `MutexRedlock`, which has no checks. Never rejects. */
  read(): Promise<Health | undefined> {
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #read(): Promise<Health | undefined> {
    this.#checking ??= this.#check().finally(() => (this.#checking = undefined));
    const checking = this.#checking;
    await new Promise<void>((resolve) => {
      const timer = this.#client.clock.setTimer(this.#timeoutMs, resolve, true);
      void checking.then(() => {
        timer.cancel();
        resolve();
      });
    });
    return this.#latest;
  }

  async #check(): Promise<void> {
    try {
      this.#latest = await this.#client.monitor?.read();
      if (this.#latest !== undefined) this.#onChecked(this.#latest);
    } catch {
      // The client is closed.
      this.#latest = undefined;
    }
  }
}
