import { type Lockable, Redlock } from "quorumlock";
import {
  type Address,
  type ConnectOptions,
  type Contender,
  type Grant,
  type LockClient,
  PERMITS,
  TTL_MS,
} from "../contender.ts";
import type { RoundCounter } from "../round-counter.ts";
import { connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";
import { quorumlockIoredis } from "./quorumlock-ioredis.ts";
import { countRounds } from "./quorumlock-rounds.ts";

/** Makes the lockable of a name. `shared`: of a reader, if the kind has readers. */
type MakeLockable = (
  redlock: Redlock,
  name: string,
  options: { readonly permits: number; readonly shared: boolean },
) => Lockable;

/** Callers are served in the order in which they came, over all processes. */
export const quorumlockFair = ofKind("quorumlock fair (ioredis)", (redlock, name) => redlock.fair(name));
export const quorumlockWrite = ofKind(
  "quorumlock write (ioredis)",
  (redlock, name) => redlock.readWrite(name).write,
);
export const quorumlockRead = ofKind(
  "quorumlock read (ioredis)",
  (redlock, name) => redlock.readWrite(name).read,
);
/** Leaves of one tree. */
export const quorumlockTree = ofKind("quorumlock tree of depth 3 (ioredis)", (redlock, name) =>
  redlock.hierarchy("bench", "orders", name),
);
/** One permit of a semaphore. */
export const quorumlockPermit = ofKind("quorumlock permit (ioredis)", (redlock, name, { permits }) =>
  redlock.semaphore(name, { permits }),
);
/** Names of one tenant, which may hold many locks. */
export const quorumlockTenant = ofKind("quorumlock tenant (ioredis)", (redlock, name, { permits }) =>
  redlock.tenant("bench", { maxLocks: permits }).mutex(name),
);
/** Both locks of a name, on one client. */
export const quorumlockReadWrite = ofKind("quorumlock read/write (ioredis)", (redlock, name, { shared }) => {
  const { read, write } = redlock.readWrite(name);
  return shared ? read : write;
});

/** A kind of lock of this library, compared with the mutex. */
function ofKind(name: string, makeLockable: MakeLockable): Contender {
  return {
    name,
    kind: "ours",
    baseline: quorumlockIoredis,
    connect: (servers, options) => KindClient.connect(servers, makeLockable, options),
  };
}

class KindClient implements LockClient {
  readonly #redlock: Redlock;
  readonly #makeLockable: MakeLockable;
  readonly #permits: number;
  readonly #counter: RoundCounter | undefined;
  readonly #disconnect: () => void;
  #acquisitions = 0;

  static async connect(
    servers: readonly Address[],
    makeLockable: MakeLockable,
    options: ConnectOptions = {},
  ): Promise<KindClient> {
    const clients = await connectIoredis(servers);
    const counter = options.countsRounds === true ? countRounds(clients) : undefined;
    // As in QuorumlockClient.
    const redlock = new Redlock(clients, {
      ttl: options.ttlMs ?? TTL_MS,
      restartGuard: false,
      autoExtend: false,
    });
    return new KindClient(redlock, makeLockable, options.permits ?? PERMITS, counter, () =>
      disconnectIoredis(clients),
    );
  }

  private constructor(
    redlock: Redlock,
    makeLockable: MakeLockable,
    permits: number,
    counter: RoundCounter | undefined,
    disconnect: () => void,
  ) {
    this.#redlock = redlock;
    this.#makeLockable = makeLockable;
    this.#permits = permits;
    this.#counter = counter;
    this.#disconnect = disconnect;
  }

  acquire(name: string): Promise<Grant> {
    return this.#acquire(name, false);
  }

  acquireShared(name: string): Promise<Grant> {
    return this.#acquire(name, true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#redlock.close();
    this.#disconnect();
  }

  #acquire(name: string, shared: boolean): Promise<Grant> {
    const lockable = this.#makeLockable(this.#redlock, name, { permits: this.#permits, shared });
    return this.#counter === undefined ? lockable.acquire() : this.#acquireCounted(lockable, this.#counter);
  }

  /** Every acquisition has a label of its own, by which its rounds are counted. */
  async #acquireCounted(lockable: Lockable, counter: RoundCounter): Promise<Grant> {
    const owner = `bench:${(this.#acquisitions += 1)}`;
    try {
      const lock = await lockable.acquire({ owner });
      return { fence: lock.fence, rounds: counter.take(owner), release: () => lock.release() };
    } catch (error) {
      counter.take(owner);
      throw error;
    }
  }
}
