import type { Environment } from "./environment.ts";
import { formatSeconds } from "./numbers.ts";
import { SERVERS, TTL_MS } from "./options.ts";

/** A fault that was injected. */
export interface Fault {
  readonly title: "server paused" | "worker killed" | "server killed";
  /** "127.0.0.1:12345", or "pid 4711". */
  readonly target: string;
  /** "SIGSTOP", or the method of an in-memory instance. */
  readonly method: string;
  /** What the fault causes, in a few words. */
  readonly effect: string;
  /** Time since the start of the sale, in ms. */
  readonly atMs: number;
}

export interface PlannedFault {
  /** The fault happens at the next read after this share of the items is sold. At a read, a worker holds the lock. */
  readonly soldShare: number;
  /** @param reader the worker that holds the lock. */
  readonly inject: (reader: number, atMs: number) => Fault;
}

/**
 * Plans the faults of a sale, in order: a server hangs, the holder of the lock is killed, another server is killed.
 * @param killWorker kills a worker and returns its name.
 */
export function planFaults(
  { servers, methods }: Environment,
  killWorker: (worker: number) => string,
): readonly PlannedFault[] {
  const [, serverToPause, , serverToKill] = servers;
  if (serverToPause === undefined || serverToKill === undefined) return [];
  return [
    {
      soldShare: 0.2,
      inject: (_, atMs) => {
        serverToPause.pause();
        const effect = "it does not answer";
        return {
          title: "server paused",
          target: serverToPause.name,
          method: methods.pauseServer,
          effect,
          atMs,
        };
      },
    },
    {
      soldShare: 0.45,
      inject: (reader, atMs) => {
        const effect = `its lock expires within ${formatSeconds(TTL_MS)}`;
        const target = killWorker(reader);
        return { title: "worker killed", target, method: methods.killWorker, effect, atMs };
      },
    },
    {
      soldShare: 0.7,
      inject: (_, atMs) => {
        serverToKill.kill();
        const effect = `${SERVERS - 2} of ${SERVERS} are a majority`;
        return {
          title: "server killed",
          target: serverToKill.name,
          method: methods.killServer,
          effect,
          atMs,
        };
      },
    },
  ];
}
