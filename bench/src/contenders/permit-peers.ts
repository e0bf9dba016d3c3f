import { Semaphore as LocalSemaphore } from "async-mutex";
import { RedlockSemaphore, Semaphore } from "redis-semaphore";
import { type Contender, PERMITS, TTL_MS } from "../contender.ts";
import { RoundCounter } from "../round-counter.ts";
import { connectIoredis, disconnectIoredis, observeCommands } from "./ioredis-clients.ts";

/** Its semaphore with its default options: it retries every 10 ms for 10 s, and extends every permit. */
export const redisSemaphorePermit: Contender = {
  name: "redis-semaphore, permit",
  kind: "peer",
  sends: ["zrem"],
  async connect(servers, { ttlMs = TTL_MS, permits = PERMITS, countsRounds = false } = {}) {
    const clients = [...(await connectIoredis(servers))];
    const [first] = clients;
    const counter = new RoundCounter();
    let commands = 0;
    if (countsRounds && first !== undefined)
      observeCommands(first, ({ args }) => {
        const label = args.find((arg) => typeof arg === "string" && arg.startsWith("bench:permit:"));
        // A refused attempt on several servers is withdrawn, which is one more round.
        if (typeof label === "string") counter.record(label, String((commands += 1)));
      });
    let acquisitions = 0;
    return {
      async acquire(name) {
        const identifier = `bench:permit:${process.pid}:${(acquisitions += 1)}`;
        // Without this handler a lost lock throws an error that no caller can catch.
        const options = { identifier, lockTimeout: ttlMs, onLockLost: () => undefined };
        const semaphore =
          clients.length === 1
            ? new Semaphore(clients[0]!, name, permits, options)
            : new RedlockSemaphore(clients, name, permits, options);
        try {
          await semaphore.acquire();
        } catch (error) {
          counter.take(identifier);
          throw error;
        }
        const rounds = counter.take(identifier);
        return {
          rounds: countsRounds ? rounds : undefined,
          async release() {
            await semaphore.release();
            counter.take(identifier);
          },
        };
      },
      async [Symbol.asyncDispose]() {
        disconnectIoredis(clients);
      },
    };
  },
};

/** A semaphore inside one process. It is the least that serving waiters in order costs, and limits no other process. */
export const asyncMutexPermit: Contender = {
  name: "async-mutex, permit, one process",
  kind: "peer",
  isLocal: true,
  async connect(_servers, { permits = PERMITS } = {}) {
    const semaphores = new Map<string, LocalSemaphore>();
    return {
      async acquire(name) {
        let semaphore = semaphores.get(name);
        if (semaphore === undefined) semaphores.set(name, (semaphore = new LocalSemaphore(permits)));
        const [, release] = await semaphore.acquire();
        return {
          rounds: 0,
          async release() {
            release();
            if (semaphore.getValue() === permits) semaphores.delete(name);
          },
        };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
};
