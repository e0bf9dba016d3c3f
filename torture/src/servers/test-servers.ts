import { join } from "node:path";
import { type RedisServer, startRedisServer } from "quorumlock/testing";
import type { Storage } from "../faults/phases.ts";
import { ServerClock } from "../faults/server-clock.ts";
import { Snapshot } from "./snapshot.ts";

/** One server, with the handles that faults need. */
export interface TestServer {
  readonly server: RedisServer;
  /** True if the server writes every change to an append-only file before it answers. */
  readonly isDurable: boolean;
  /** Moves the server's wall clock. `undefined` if this run cannot do that. */
  readonly clock: ServerClock | undefined;
  /** Takes snapshots, and restarts the server from them. `undefined` if the server has an append-only file. */
  readonly snapshot: Snapshot | undefined;
}

export interface TestServersOptions {
  /** Number of servers of each kind. */
  readonly count: number;
  /** Whether to start servers that keep their data in memory only. */
  readonly needsMemory: boolean;
  /** Whether to start servers with an append-only file. */
  readonly needsDurable: boolean;
  /** Path of the compiled clock shim. `undefined` if no server clock has to move. */
  readonly clockShim: string | undefined;
  /** Directory for the snapshots, and for the files that control the server clocks. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

const DURABLE = ["--appendonly", "yes", "--appendfsync", "always"];

/** The servers of all phases. Phases share them, because a server takes long to start. */
export class TestServers implements AsyncDisposable {
  readonly #memory: readonly TestServer[];
  readonly #durable: readonly TestServer[];

  private constructor(memory: readonly TestServer[], durable: readonly TestServer[]) {
    this.#memory = memory;
    this.#durable = durable;
  }

  /** @throws Error if a server does not start. The servers that did start are stopped first. */
  static async start(options: TestServersOptions): Promise<TestServers> {
    const { count, needsMemory, needsDurable, clockShim, directory, signal } = options;
    const memory = Array.from({ length: needsMemory ? count : 0 }, async (_, index) => {
      const clock =
        clockShim === undefined ? undefined : new ServerClock(clockShim, join(directory, `clock-${index}`));
      const snapshot = new Snapshot(join(directory, `server-${index}`));
      const server = await startRedisServer({ args: snapshot.args, env: clock?.env, signal });
      return { server, isDurable: false, clock, snapshot };
    });
    const durable = Array.from({ length: needsDurable ? count : 0 }, async () => {
      const server = await startRedisServer({ args: DURABLE, signal });
      return { server, isDurable: true, clock: undefined, snapshot: undefined };
    });
    const results = await Promise.allSettled([...memory, ...durable]);
    const started = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const servers = new TestServers(
      started.filter(({ isDurable }) => !isDurable),
      started.filter(({ isDurable }) => isDurable),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed === undefined) return servers;
    await servers[Symbol.asyncDispose]();
    throw failed.reason;
  }

  /** The servers of a phase, in the order in which each client gets them. */
  forStorage(storage: Storage): readonly TestServer[] {
    if (storage === "memory") return this.#memory;
    if (storage === "durable") return this.#durable;
    return this.#memory.map((server, index) => (index % 2 === 1 ? this.#durable[index] : server) ?? server);
  }

  /** Ends all faults: resumes or restarts every server, and sets every clock to the right time. */
  async heal(): Promise<void> {
    const all = [...this.#memory, ...this.#durable];
    for (const { server, clock } of all) {
      clock?.setOffset(0);
      server.resume();
    }
    const stopped = all.filter(({ server }) => !server.isRunning);
    await Promise.all(stopped.map(({ server }) => server.restart()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#memory, ...this.#durable].map(async ({ server, clock }) => {
        await server.stop();
        clock?.[Symbol.dispose]();
      }),
    );
  }
}
