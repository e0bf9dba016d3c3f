import { MemoryInstance } from "../../src/index.ts";
import type { ConnectionListener, Subscription, SubscriptionListener } from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { turns } from "./timing.ts";

/** One client's way to a shared in-memory server: so many turns of the event loop there, and as many back. */
export class Detour extends MemoryInstance {
  readonly #target: MemoryInstance;
  readonly #turns: number;

  constructor(target: MemoryInstance, latencyTurns: number) {
    super({ label: target.label });
    this.#target = target;
    this.#turns = latencyTurns;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    await turns(this.#turns);
    const replies = await this.#target.run(requests);
    await turns(this.#turns);
    return replies;
  }

  override observe(listener: ConnectionListener): () => void {
    return this.#target.observe(listener);
  }

  override listen(listener: SubscriptionListener): Subscription {
    return this.#target.listen(listener);
  }
}
