import { availableParallelism } from "node:os";
import type { RedisServer } from "quorumlock/testing";
import { connectIoredis } from "./contenders/ioredis-clients.ts";

/** What figures depend on. */
export interface Environment {
  readonly node: string;
  readonly cores: number;
  /** Product and version, such as `Redis 7.2.4`. */
  readonly server: string;
}

export async function describeEnvironment(server: RedisServer): Promise<Environment> {
  const [client] = await connectIoredis([server]);
  const info = (await client?.info("server")) ?? "";
  client?.disconnect();
  return { node: process.versions.node, cores: availableParallelism(), server: productOf(info) };
}

function productOf(info: string): string {
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
  if (valkey !== undefined) return `Valkey ${valkey}`;
  return `Redis ${/^redis_version:(\S+)/m.exec(info)?.[1] ?? "of unknown version"}`;
}
