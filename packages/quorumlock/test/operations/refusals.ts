import { Redis } from "ioredis";
import { afterAll } from "vitest";
import { ScriptRunner } from "../../src/instances/script-runner.ts";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);
export const { admin } = server!;
const limited = new Redis(server!.server.port, { lazyConnect: true, username: "limited", password: "none" });
afterAll(() => limited.disconnect());

/** Requests over one connection, as the library sends them. */
function runnerOn(redis: Redis): ScriptRunner {
  return new ScriptRunner(
    (command, { script, args: [keys = "0", ...rest] }) =>
      command === "EVAL" ? redis.eval(script.text, keys, ...rest) : redis.evalsha(script.sha, keys, ...rest),
    false,
  );
}
export const ofAdmin = runnerOn(admin);
const ofLimited = runnerOn(limited);

/** A reason why the server refuses writes. */
export interface Refusal {
  readonly name: string;
  readonly runner: ScriptRunner;
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
  /** Whether it refuses all writes, so that no request can be half done. */
  readonly isOfAll: boolean;
  /** Whether it carries out writes that need no memory, and after one of them all others of the call. */
  readonly isOfMemory?: boolean;
}

export const ofServer: readonly Refusal[] = [
  {
    name: "it is a replica",
    runner: ofAdmin,
    isOfAll: true,
    begin: () => admin.replicaof("127.0.0.1", 1),
    end: () => admin.replicaof("NO", "ONE"),
  },
  {
    name: "it has too few replicas",
    runner: ofAdmin,
    isOfAll: true,
    begin: () => admin.config("SET", "min-replicas-to-write", 1),
    end: () => admin.config("SET", "min-replicas-to-write", 0),
  },
  {
    name: "it has no memory left",
    runner: ofAdmin,
    isOfAll: true,
    isOfMemory: true,
    begin: () => admin.config("SET", "maxmemory", 1),
    end: () => admin.config("SET", "maxmemory", 0),
  },
];

/** The user may not use one of the commands, so the server can refuse any write of a request. */
export const ofUser: readonly Refusal[] = [
  "set",
  "zadd",
  "hset",
  "pexpire",
  "del",
  "incr",
  "pexpireat",
  "setrange",
  "hdel",
  "zrem",
  "incr -del",
].map((command) => ({
  name: `the user may not use ${command.toUpperCase().replace(" -", " and ")}`,
  runner: ofLimited,
  isOfAll: false,
  async begin() {
    await admin.acl(
      "SETUSER",
      "limited",
      "reset",
      "on",
      "nopass",
      "~*",
      "&*",
      "+@all",
      ...`-${command}`.split(" "),
    );
    if (limited.status === "wait") await limited.connect();
  },
  end: async () => undefined,
}));
