import type { Redis } from "ioredis";
import type { Address, Contender } from "./contender.ts";
import { connectIoredis, disconnectIoredis } from "./contenders/ioredis-clients.ts";

/** How often each command was called on all servers together, by its name in lower case. */
export type Calls = ReadonlyMap<string, number>;

/** What clients call; what a script calls is counted by servers under its own name, like what a client calls. */
const SCRIPT_CALLS = ["eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "script|load", "script"];
const SUBSCRIBING = ["subscribe", "unsubscribe", "ssubscribe", "sunsubscribe"];
const PUBLISHING = ["publish", "spublish"];

export interface Traffic {
  /** Commands that a contender sent: calls of scripts, and what it sends beside them. */
  readonly commands: number;
  /** Messages published, by scripts or otherwise. */
  readonly published: number;
  /** How often servers read from a socket: several commands may come in one read. */
  readonly reads: number;
}

/** Reads what the servers count. It disturbs them by two commands for each reading. */
export class CommandCounts implements AsyncDisposable {
  readonly #clients: readonly Redis[];

  static async of(servers: readonly Address[]): Promise<CommandCounts> {
    return new CommandCounts(await connectIoredis(servers));
  }

  private constructor(clients: readonly Redis[]) {
    this.#clients = clients;
  }

  /** What `work` makes a contender send. */
  async during<T>(contender: Contender, work: () => Promise<T>): Promise<{ result: T; traffic: Traffic }> {
    const before = await this.#read();
    const result = await work();
    const after = await this.#read();
    const total = (names: readonly string[]): number =>
      names.reduce((count, name) => count + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0);
    const traffic = {
      commands: total([...SCRIPT_CALLS, ...SUBSCRIBING, ...(contender.sends ?? [])]),
      published: total(PUBLISHING),
      // The second reading itself is in it.
      reads: total([READS]) - this.#clients.length,
    };
    return { result, traffic };
  }

  async #read(): Promise<Calls> {
    const calls = new Map<string, number>();
    const add = (name: string, count: number): void => void calls.set(name, (calls.get(name) ?? 0) + count);
    await Promise.all(
      this.#clients.map(async (client) => {
        const text = await client.info("commandstats", "stats");
        for (const [, name = "", count] of text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm))
          add(name, Number(count));
        add(READS, Number(/^total_reads_processed:(\d+)/m.exec(text)?.[1]));
      }),
    );
    return calls;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    disconnectIoredis(this.#clients);
  }
}

const READS = " reads";
