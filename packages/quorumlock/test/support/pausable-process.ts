import { type Clock, MemoryInstance } from "../../src/index.ts";
import type { Subscription, SubscriptionListener } from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";

/** A process that can be paused: its timers, replies and messages arrive when it continues. One that never does has died. */
export class PausableProcess {
  #held: (() => void)[] | undefined;

  pause(): void {
    this.#held ??= [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const callback of held) callback();
  }

  deliver(callback: () => void): void {
    if (this.#held === undefined) callback();
    else this.#held.push(callback);
  }

  /** Its view of a clock. */
  clock(clock: Clock): Clock {
    return {
      monotonic: () => clock.monotonic(),
      wall: () => clock.wall(),
      setTimer: (delayMs, callback, keepAlive) =>
        clock.setTimer(delayMs, () => this.deliver(callback), keepAlive),
      nextTick: (callback) => clock.nextTick(callback),
      afterIo: (callback) => clock.afterIo(callback),
      random: () => clock.random(),
      randomToken: () => clock.randomToken(),
    };
  }

  /** Its connection to a server. */
  connect(server: MemoryInstance): MemoryInstance {
    return new PausableConnection(server, this);
  }
}

class PausableConnection extends MemoryInstance {
  readonly #server: MemoryInstance;
  readonly #process: PausableProcess;

  constructor(server: MemoryInstance, process: PausableProcess) {
    super({ label: server.label });
    this.#server = server;
    this.#process = process;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = await this.#server.run(requests);
    await new Promise<void>((resolve) => this.#process.deliver(resolve));
    return replies;
  }

  override openSubscription(listener: SubscriptionListener): Subscription {
    return this.#server.openSubscription({
      onMessage: (channel, message) => this.#process.deliver(() => listener.onMessage(channel, message)),
      onRestored: () => listener.onRestored(),
      onLost: (error) => listener.onLost(error),
    });
  }
}
