import { join } from "node:path";
import { type RedisServer, startRedisServer } from "quorumlock/testing";
import type { Custodian } from "./custodian.ts";
import type { Storage } from "./faults/kinds.ts";
import { ServerClock } from "./faults/server-clock.ts";

/** One server, and what is done to it. */
export interface Member {
  readonly server: RedisServer;
  /** Whether it also keeps everything in a file, written before each answer. */
  readonly durable: boolean;
  /** Where its clock can be bent. */
  readonly clock: ServerClock | undefined;
}

export interface FleetOptions {
  readonly servers: number;
  readonly inMemory: boolean;
  readonly inFile: boolean;
  /** What bends clocks, compiled. */
  readonly shim: string | undefined;
  readonly signal: AbortSignal;
}

const DURABLE = ["--appendonly", "yes", "--appendfsync", "always"];

/** The servers of all phases: as many in memory, and as many with a file, as a phase may need. */
export class Fleet implements AsyncDisposable {
  readonly #memory: readonly Member[];
  readonly #durable: readonly Member[];

  private constructor(memory: readonly Member[], durable: readonly Member[]) {
    this.#memory = memory;
    this.#durable = durable;
  }

  /** @throws Error when a server does not start; those that did are stopped. */
  static async start(options: FleetOptions, custodian: Custodian): Promise<Fleet> {
    const { servers, inMemory, inFile, shim, signal } = options;
    const memory = Array.from({ length: inMemory ? servers : 0 }, async (_, place) => {
      const clock =
        shim === undefined ? undefined : new ServerClock(shim, join(custodian.directory, `clock-${place}`));
      return { server: await startRedisServer({ env: clock?.env, signal }), durable: false, clock };
    });
    const durable = Array.from({ length: inFile ? servers : 0 }, async () => {
      return { server: await startRedisServer({ args: DURABLE, signal }), durable: true, clock: undefined };
    });
    const starts = await Promise.allSettled([...memory, ...durable]);
    const started = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    const fleet = new Fleet(
      started.filter((member) => !member.durable),
      started.filter((member) => member.durable),
    );
    const failed = starts.find((start) => start.status === "rejected");
    if (failed === undefined) return fleet;
    await fleet[Symbol.asyncDispose]();
    throw failed.reason;
  }

  /** The servers of a phase, in the order of the members. */
  members(storage: Storage): readonly Member[] {
    if (storage === "memory") return this.#memory;
    if (storage === "file") return this.#durable;
    return this.#memory.map((member, place) => (place % 2 === 1 ? this.#durable[place] : member) ?? member);
  }

  /** Ends all faults: everything runs, answers, and has the right time. */
  async heal(): Promise<void> {
    const all = [...this.#memory, ...this.#durable];
    for (const { server, clock } of all) {
      clock?.set(0);
      server.resume();
    }
    const dead = all.filter(({ server }) => !server.isRunning);
    await Promise.all(dead.map(({ server }) => server.restart()));
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
