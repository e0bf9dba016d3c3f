import { MemoryInstance, Redlock } from "quorumlock";
import type { Environment, Server, Store, Worker, Workers } from "./environment.ts";
import { REQUEST_TIMEOUT_MS, SERVERS, TTL_MS } from "./options.ts";
import { sellWithLock, sellWithoutLock, type StoreClient } from "./sell-items.ts";

/** Runs in this process: servers are in-memory instances, and workers are asynchronous functions. */
export function createMemoryEnvironment(): Environment {
  const instances = Array.from(
    { length: SERVERS },
    (_, index) => new MemoryInstance({ label: `memory-${index + 1}` }),
  );
  return {
    servers: instances.map((instance) => new MemoryServer(instance)),
    methods: { pauseServer: "pause()", killServer: "kill()", killWorker: "stopped" },
    startWorkers: (count, isLocked, store) => startWorkers(count, isLocked ? instances : [], store),
    async [Symbol.asyncDispose]() {
      // Requests to a paused instance fail only when the instance is killed.
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
 * A worker that is an asynchronous function. A killed worker never continues, and does not release its lock. Automatic
 * extension is off, because the kill cannot stop the extensions of the lock client.
 */
class MemoryWorker implements Worker {
  readonly name: string;
  readonly #index: number;
  readonly #store: Store;
  readonly #redlock: Redlock | undefined;
  readonly #resolveKilled: () => void;
  readonly #killed: Promise<void>;
  state: Worker["state"] = "at work";

  constructor(index: number, instances: readonly MemoryInstance[], store: Store) {
    this.name = `worker ${index + 1}`;
    this.#index = index;
    this.#store = store;
    this.#redlock =
      instances.length === 0
        ? undefined
        : new Redlock(instances, { ttl: TTL_MS, requestTimeout: REQUEST_TIMEOUT_MS, owner: this.name });
    let resolveKilled!: () => void;
    this.#killed = new Promise((resolve) => (resolveKilled = resolve));
    this.#resolveKilled = resolveKilled;
  }

  /** Resolves when no items are left, or when the worker is killed. */
  async sell(): Promise<void> {
    const selling =
      this.#redlock === undefined
        ? sellWithoutLock(this.#client)
        : sellWithLock(this.#client, this.#redlock, false);
    await Promise.race([selling, this.#killed]);
  }

  kill(): void {
    this.state = "killed";
    this.#resolveKilled();
  }

  async stop(): Promise<void> {
    this.kill();
    await this.#redlock?.close();
  }

  readonly #client: StoreClient = {
    read: async (fence) => {
      const stock = await this.#unlessKilled(() => this.#store.read(this.#index, fence));
      return stock ?? new Promise(() => undefined);
    },
    write: async (stock) => this.#unlessKilled(() => this.#store.write(this.#index, stock)),
    leave: async () => this.#unlessKilled(() => this.#store.leave(this.#index)),
  };

  /** Runs the action. If the worker is killed, returns a promise that never settles. */
  #unlessKilled<T>(action: () => T): T | Promise<never> {
    return this.state === "killed" ? new Promise(() => undefined) : action();
  }
}

function startWorkers(count: number, instances: readonly MemoryInstance[], store: Store): Workers {
  const all = Array.from({ length: count }, (_, index) => new MemoryWorker(index, instances, store));
  return {
    all,
    ready: () => Promise.resolve(),
    kill: (worker) => all[worker]?.kill(),
    sell: async () => {
      await Promise.all(all.map((worker) => worker.sell()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((worker) => worker.stop()));
    },
  };
}
