import type { Redlock } from "quorumlock";
import { LockStats, report } from "quorumlock/observe";
import { type Connection, connect } from "../../../src/cli/connect.ts";
import { Output } from "../../../src/cli/output/output.ts";
import { readSettings } from "../../../src/cli/settings/settings.ts";
import { type LockBed, startLockBed } from "./lock-bed.ts";

/** Servers, clients of applications, and the connection of a command in this process. */
export interface CommandBed extends LockBed {
  /** For `--instances`. */
  readonly instances: string;
  /** A client whose process reports each second, closed with the bed. */
  reporting(owner: string): Redlock;
  /** The connection of a one-shot command, closed with the bed. */
  connect(options?: { readonly timeoutMs?: number; readonly more?: readonly string[] }): Promise<Connection>;
}

export async function startCommandBed(count = 3): Promise<CommandBed> {
  const bed = await startLockBed(count);
  const { urls } = bed;
  const closing: (() => unknown)[] = [];
  return {
    ...bed,
    instances: urls.join(","),
    reporting(owner) {
      const redlock = bed.client({ owner });
      const reporter = report(redlock, new LockStats(redlock), { interval: 1_000 });
      closing.push(() => reporter.stop());
      return redlock;
    },
    async connect({ timeoutMs = 2_000, more = [] } = {}) {
      const settings = await readSettings(
        { instances: [...urls, ...more].join(","), timeout: timeoutMs },
        {},
      );
      const connection = await connect(
        { ...settings, client: { ...settings.client, restartGuard: false } },
        { isOneShot: true },
      );
      closing.push(() => connection.close());
      return connection;
    },
    async [Symbol.asyncDispose]() {
      for (const server of bed.servers) server.resume();
      for (const close of closing.toReversed()) await close();
      await bed[Symbol.asyncDispose]();
    },
  };
}

/** The output of a command that is not on a terminal. */
export const PLAIN = new Output({ json: false, color: false, ascii: false, quiet: false }, {});
