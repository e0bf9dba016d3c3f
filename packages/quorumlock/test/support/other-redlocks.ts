import type { Redis } from "ioredis";
import Redlock5 from "redlock";
import Redlock4 from "redlock4";

/** A published client of another library. `lock` rejects if another holder has the name. */
export interface OtherClient {
  lock(name: string): Promise<{ unlock(): Promise<unknown> }>;
}

/** The published versions of `redlock`. */
export const otherRedlocks: readonly {
  readonly name: string;
  readonly make: (sources: Redis[]) => OtherClient;
}[] = [
  {
    name: "redlock 4",
    make: (sources) => {
      const other = new Redlock4(sources, { retryCount: 0 });
      return { lock: (name) => other.lock(name, 5_000) };
    },
  },
  {
    name: "redlock 5",
    make: (sources) => {
      // Its types are of another version of ioredis.
      const other = new Redlock5(sources as never[], { retryCount: 0 });
      return {
        lock: async (name) => {
          const held = await other.acquire([name], 5_000);
          return { unlock: () => held.release() };
        },
      };
    },
  },
];
