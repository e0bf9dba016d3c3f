import { MemoryInstance } from "../../src/index.ts";
import type { Subscription, SubscriptionListener } from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The relative amount by which a message may be faster or slower. */
const JITTER = 0.3;

/** The connection of one process to a shared in-memory server. Messages take time, but they keep their order. */
export class DistantInstance extends MemoryInstance {
  readonly #server: MemoryInstance;
  readonly #clock: VirtualClock;
  readonly #oneWayMs: number;
  #lastThere = 0;
  #lastBack = 0;

  constructor(server: MemoryInstance, clock: VirtualClock, oneWayMs: number) {
    super({ label: server.label, clock });
    this.#server = server;
    this.#clock = clock;
    this.#oneWayMs = oneWayMs;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    await this.waitUntil((this.#lastThere = Math.max(this.#lastThere, this.arrivalTime)));
    const replies = await this.#server.run(requests);
    await this.waitUntil((this.#lastBack = Math.max(this.#lastBack, this.arrivalTime)));
    return replies;
  }

  override openSubscription(listener: SubscriptionListener): Subscription {
    return this.#server.openSubscription({
      onMessage: (channel, message) =>
        void this.waitUntil(this.arrivalTime).then(() => listener.onMessage(channel, message)),
      onRestored: () => listener.onRestored(),
      onLost: (error) => listener.onLost(error),
    });
  }

  get arrivalTime(): number {
    return this.#clock.monotonic() + this.#oneWayMs * (1 + JITTER * (2 * this.#clock.random() - 1));
  }

  waitUntil(at: number): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimer(at - this.#clock.monotonic(), resolve, false));
  }
}
