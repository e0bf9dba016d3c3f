import { availableParallelism, cpus } from "node:os";
import { connectIoredis, disconnectIoredis } from "./contenders/ioredis-clients.ts";
import type { Address } from "./contender.ts";
import type { Pinning } from "./pinning.ts";

/** The versions, the machine and the settings on which the figures depend. */
export interface Environment {
  readonly node: string;
  readonly cores: number;
  readonly processor: string;
  /** Product and version, such as `Redis 7.2.4`. */
  readonly server: string;
  readonly pin: Pinning;
  /** Day of the run, as `2026-01-31`. */
  readonly date: string;
  /** The command line of the run. */
  readonly command: string;
}

export async function describeMachine(server: Address): Promise<Omit<Environment, "pin" | "command">> {
  const clients = await connectIoredis([server]);
  const info = (await clients[0]?.info("server")) ?? "";
  disconnectIoredis(clients);
  return {
    node: process.versions.node,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? "an unknown processor",
    server: parseProduct(info),
    date: new Date().toISOString().slice(0, 10),
  };
}

function parseProduct(info: string): string {
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
  if (valkey !== undefined) return `Valkey ${valkey}`;
  return `Redis ${/^redis_version:(\S+)/m.exec(info)?.[1] ?? "of unknown version"}`;
}
