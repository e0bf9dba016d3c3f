/** Its own types are out of reach of modern module resolution. Only what is used here. */
declare module "redlock" {
  import type { Redis } from "ioredis";

  export default class Redlock {
    constructor(clients: Iterable<Redis>);
    acquire(resources: string[], ttlMs: number): Promise<{ release(): Promise<unknown> }>;
    using<T>(resources: string[], ttlMs: number, routine: () => Promise<T>): Promise<T>;
  }
}

/** The published package has no types. Only what is used here. */
declare module "redlock-v4" {
  import type { Redis } from "ioredis";

  export default class Redlock4 {
    constructor(clients: readonly Redis[]);
    lock(resource: string, ttlMs: number): Promise<{ unlock(): Promise<unknown> }>;
    on(event: "clientError", listener: (error: Error) => void): this;
  }
}
