import type { Contender, Entrant, Grant } from "../contender.ts";

/**
 * A contender behind a queue in this process: what serving waiters in order costs at least.
 *
 * @param together ask for the next grant without waiting for the end of the release before it, which is right only where
 *   both travel in order on one connection to each server.
 */
export function behindLocalQueue(name: string, contender: Contender, { together = false } = {}): Contender {
  return {
    ...contender,
    name,
    async connect(servers, options) {
      return new QueueingEntrant(await contender.connect(servers, options), together);
    },
  };
}

class QueueingEntrant implements Entrant {
  readonly #entrant: Entrant;
  readonly #together: boolean;
  /** Who waits for a name that is taken. */
  readonly #queues = new Map<string, (() => void)[]>();

  constructor(entrant: Entrant, together: boolean) {
    this.#entrant = entrant;
    this.#together = together;
  }

  async acquire(name: string): Promise<Grant> {
    const queue = this.#queues.get(name);
    if (queue === undefined) this.#queues.set(name, []);
    else await new Promise<void>((resolve) => queue.push(resolve));
    const grant = await this.#entrant.acquire(name);
    return { fence: grant.fence, release: () => this.#release(name, grant) };
  }

  async #release(name: string, grant: Grant): Promise<void> {
    const released = grant.release();
    if (!this.#together) await released;
    const next = this.#queues.get(name)?.shift();
    if (next === undefined) this.#queues.delete(name);
    else next();
    await released;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#entrant[Symbol.asyncDispose]();
  }
}
