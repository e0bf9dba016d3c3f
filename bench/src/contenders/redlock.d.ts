/** Its own types are out of reach of modern module resolution. Only what is used here. */
declare module "redlock" {
  import type { Redis } from "ioredis";

  export default class Redlock {
    constructor(clients: Iterable<Redis>);
    acquire(resources: string[], ttlMs: number): Promise<{ release(): Promise<unknown> }>;
  }
}
