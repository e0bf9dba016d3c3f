import { count } from "./numbers.ts";
import { SERVERS, TTL_MS } from "./options.ts";
import type { Stage } from "./stage.ts";

/** Something that was broken on purpose. */
export interface Fault {
  readonly title: "server paused" | "worker killed" | "server killed";
  /** "127.0.0.1:12345", "pid 4711" */
  readonly who: string;
  /** By what: "SIGSTOP" */
  readonly by: string;
  /** What follows from it, in a few words. */
  readonly meaning: string;
  readonly atMs: number;
}

export interface Strike {
  /** It strikes once this share of the items is sold, at the next read of the stock: somebody then holds the lock. */
  readonly share: number;
  /** @param reader the worker that holds the lock. */
  readonly strike: (reader: number, atMs: number) => Fault;
}

/** What goes wrong in a sale, in order: a server hangs, the worker that holds the lock dies, another server dies. */
export function planStrikes(
  { servers, words }: Stage,
  killWorker: (worker: number) => string,
): readonly Strike[] {
  const [, paused, , killed] = servers;
  if (paused === undefined || killed === undefined) return [];
  return [
    {
      share: 0.2,
      strike: (_, atMs) => {
        paused.pause();
        const meaning = "it hangs and answers nobody";
        return { title: "server paused", who: paused.name, by: words.pause, meaning, atMs };
      },
    },
    {
      share: 0.45,
      strike: (reader, atMs) => {
        const meaning = `its lock ends by ttl, ${count(TTL_MS)} ms`;
        return { title: "worker killed", who: killWorker(reader), by: words.killWorker, meaning, atMs };
      },
    },
    {
      share: 0.7,
      strike: (_, atMs) => {
        killed.kill();
        const meaning = `${SERVERS - 2} of ${SERVERS} are left, a majority`;
        return { title: "server killed", who: killed.name, by: words.killServer, meaning, atMs };
      },
    },
  ];
}
