import type { Contender, LockClient, Grant } from "../contender.ts";

/**
 * A contender behind a first-in-first-out queue in this process. It is the least that serving waiters in order costs.
 *
 * @param overlap sends the next acquisition without waiting for the release before it. That is only correct if both use the
 *   same connection to each server, which keeps their order.
 */
export function behindLocalQueue(name: string, contender: Contender, { overlap = false } = {}): Contender {
  return {
    ...contender,
    name,
    async connect(servers, options) {
      return new QueueingClient(await contender.connect(servers, options), overlap);
    },
  };
}

class QueueingClient implements LockClient {
  readonly #lockClient: LockClient;
  readonly #overlap: boolean;
  /** Waiters of each locked name, in order. */
  readonly #queues = new Map<string, (() => void)[]>();

  constructor(lockClient: LockClient, overlap: boolean) {
    this.#lockClient = lockClient;
    this.#overlap = overlap;
  }

  async acquire(name: string): Promise<Grant> {
    const queue = this.#queues.get(name);
    if (queue === undefined) this.#queues.set(name, []);
    else await new Promise<void>((resolve) => queue.push(resolve));
    const grant = await this.#lockClient.acquire(name);
    return { fence: grant.fence, release: () => this.#release(name, grant) };
  }

  async #release(name: string, grant: Grant): Promise<void> {
    const released = grant.release();
    if (!this.#overlap) await released;
    const next = this.#queues.get(name)?.shift();
    if (next === undefined) this.#queues.delete(name);
    else next();
    await released;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#lockClient[Symbol.asyncDispose]();
  }
}
