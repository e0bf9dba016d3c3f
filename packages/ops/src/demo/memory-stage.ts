import { MemoryInstance, Redlock } from "quorumlock";
import { REQUEST_TIMEOUT_MS, SERVERS, TTL_MS } from "./options.ts";
import { sellLocked, sellUnlocked, type Till } from "./sell.ts";
import type { Counter, Crew, Server, Stage, Worker } from "./stage.ts";

/** Stand-ins inside this process: instances in memory for the servers, asynchronous functions for the workers. */
export function memoryStage(): Stage {
  const instances = Array.from(
    { length: SERVERS },
    (_, index) => new MemoryInstance({ label: `memory-${index + 1}` }),
  );
  return {
    servers: instances.map((instance) => new MemoryServer(instance)),
    words: { pause: "pause()", killServer: "kill()", killWorker: "abandoned" },
    hire: (workers, locked, counter) => hire(workers, locked ? instances : [], counter),
    async [Symbol.asyncDispose]() {
      // What still waits for a paused instance is told that it is gone.
      for (const instance of instances) instance.kill();
    },
  };
}

class MemoryServer implements Server {
  readonly #instance: MemoryInstance;
  state: Server["state"] = "up";

  constructor(instance: MemoryInstance) {
    this.#instance = instance;
  }

  get name(): string {
    return this.#instance.label;
  }

  pause(): void {
    this.state = "paused";
    this.#instance.pause();
  }

  kill(): void {
    this.state = "killed";
    this.#instance.kill();
  }
}

/**
 * A worker that is an asynchronous function. Killed, it stays for ever in the middle of what it does and never releases its
 * lock, which nobody extends either: locks do not extend themselves here, as nobody could stop that from outside.
 */
class MemoryWorker implements Worker {
  readonly name: string;
  readonly #index: number;
  readonly #counter: Counter;
  readonly #redlock: Redlock | undefined;
  readonly #end: () => void;
  readonly #ended: Promise<void>;
  state: Worker["state"] = "at work";

  constructor(index: number, instances: readonly MemoryInstance[], counter: Counter) {
    this.name = `worker ${index + 1}`;
    this.#index = index;
    this.#counter = counter;
    this.#redlock =
      instances.length === 0
        ? undefined
        : new Redlock(instances, { ttl: TTL_MS, requestTimeout: REQUEST_TIMEOUT_MS, owner: this.name });
    let end!: () => void;
    this.#ended = new Promise((resolve) => (end = resolve));
    this.#end = end;
  }

  /** Resolves when it found nothing left, or was killed. */
  async sell(): Promise<void> {
    const selling =
      this.#redlock === undefined ? sellUnlocked(this.#till) : sellLocked(this.#till, this.#redlock, false);
    await Promise.race([selling, this.#ended]);
  }

  kill(): void {
    this.state = "killed";
    this.#end();
  }

  async stop(): Promise<void> {
    this.kill();
    await this.#redlock?.close();
  }

  readonly #till: Till = {
    read: async (fence) => {
      const stock = this.#alive(() => this.#counter.read(this.#index, fence));
      return stock ?? new Promise(() => undefined);
    },
    write: async (stock) => this.#alive(() => this.#counter.write(this.#index, stock)),
    leave: async () => this.#alive(() => this.#counter.leave(this.#index)),
  };

  /** Does something, unless it is dead: then it gets no answer. */
  #alive<T>(action: () => T): T | Promise<never> {
    return this.state === "killed" ? new Promise(() => undefined) : action();
  }
}

function hire(count: number, instances: readonly MemoryInstance[], counter: Counter): Crew {
  const workers = Array.from({ length: count }, (_, index) => new MemoryWorker(index, instances, counter));
  return {
    workers,
    ready: () => Promise.resolve(),
    kill: (worker) => workers[worker]?.kill(),
    sell: async () => {
      await Promise.all(workers.map((worker) => worker.sell()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
