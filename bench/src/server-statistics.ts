import type { Redis } from "ioredis";
import type { Address, Contender } from "./contender.ts";
import { connectIoredis, disconnectIoredis } from "./contenders/ioredis-clients.ts";

/** Commands that call scripts. Servers also count the commands inside a script, under their own names. */
const SCRIPT_CALLS = ["eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "script|load", "script"];
const SUBSCRIBING = ["subscribe", "unsubscribe", "ssubscribe", "sunsubscribe"];
const PUBLISHING = ["publish", "spublish"];

/** What a contender made the servers do. All figures are sums over the servers. */
export interface ServerWork {
  /** Commands that the contender sent: script calls, subscriptions, and the commands in `Contender.sends`. */
  readonly commands: number;
  /** Messages that were published, by scripts or directly. */
  readonly published: number;
  /** How often servers read from a socket. One read may contain several commands. */
  readonly reads: number;
  /** Execution time of the sent commands as the servers count it, in ms. It excludes reading, parsing and writing. */
  readonly commandMs: number;
  /** CPU time of the servers' main threads, in ms. */
  readonly cpuMs: number;
}

interface Reading {
  readonly calls: ReadonlyMap<string, number>;
  readonly micros: ReadonlyMap<string, number>;
  readonly reads: number;
  readonly cpuMs: number;
}

/** Reads the servers' statistics, with one INFO command per server and reading. */
export class ServerStatistics implements AsyncDisposable {
  readonly #clients: readonly Redis[];

  static async connect(servers: readonly Address[]): Promise<ServerStatistics> {
    return new ServerStatistics(await connectIoredis(servers));
  }

  private constructor(clients: readonly Redis[]) {
    this.#clients = clients;
  }

  /** What the servers did for `contender` during `work`. */
  async measure<T>(contender: Contender, work: () => Promise<T>): Promise<{ result: T; server: ServerWork }> {
    const before = await this.#read();
    const result = await work();
    const after = await this.#read();
    const difference = (key: "calls" | "micros", names: readonly string[]): number =>
      names.reduce((sum, name) => sum + (after[key].get(name) ?? 0) - (before[key].get(name) ?? 0), 0);
    const sent = [...SCRIPT_CALLS, ...SUBSCRIBING, ...(contender.sends ?? [])];
    const server = {
      commands: difference("calls", sent),
      published: difference("calls", PUBLISHING),
      // The second reading is one of the reads.
      reads: after.reads - before.reads - this.#clients.length,
      commandMs: difference("micros", sent) / 1_000,
      cpuMs: after.cpuMs - before.cpuMs,
    };
    return { result, server };
  }

  async #read(): Promise<Reading> {
    const infos = await Promise.all(
      this.#clients.map((client) => client.info("commandstats", "stats", "cpu")),
    );
    const calls = new Map<string, number>();
    const micros = new Map<string, number>();
    let reads = 0;
    let cpuMs = 0;
    for (const info of infos) {
      for (const [, name = "", count, time] of info.matchAll(/^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm)) {
        calls.set(name, (calls.get(name) ?? 0) + Number(count));
        micros.set(name, (micros.get(name) ?? 0) + Number(time));
      }
      reads += Number(/^total_reads_processed:(\d+)/m.exec(info)?.[1]);
      for (const [, seconds] of info.matchAll(/^used_cpu_(?:sys|user)_main_thread:([\d.]+)/gm))
        cpuMs += Number(seconds) * 1_000;
    }
    return { calls, micros, reads, cpuMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    disconnectIoredis(this.#clients);
  }
}
