/** The package's own types cannot be resolved by current module resolution. Only the members that are used here. */
declare module "redlock" {
  import type { Redis } from "ioredis";

  interface RetrySettings {
    readonly retryCount?: number;
    readonly retryDelay?: number;
    readonly retryJitter?: number;
  }

  export default class Redlock {
    constructor(clients: Iterable<Redis>, settings?: RetrySettings);
    acquire(resources: string[], ttlMs: number): Promise<{ release(): Promise<unknown> }>;
    using<T>(resources: string[], ttlMs: number, routine: () => Promise<T>): Promise<T>;
  }
}

/** The published package has no types. Only the members that are used here. */
declare module "redlock-v4" {
  import type { Redis } from "ioredis";

  interface RetrySettings {
    readonly retryCount?: number;
    readonly retryDelay?: number;
    readonly retryJitter?: number;
  }

  export default class Redlock4 {
    constructor(clients: readonly Redis[], settings?: RetrySettings);
    lock(resource: string, ttlMs: number): Promise<{ unlock(): Promise<unknown> }>;
    on(event: "clientError", listener: (error: Error) => void): this;
  }
}
