import { checkText, formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import type { CacheStore } from "./cache-store.ts";

/** The part of a client of ioredis that is used. */
export interface IoredisCacheClient {
  /** The state of the connection: only ioredis has it. */
  readonly status: string;
  /** GET. */
  get(key: string): Promise<string | null>;
  /** SET with PX. */
  set(key: string, text: string, px: "PX", ttl: number): Promise<unknown>;
  /** DEL. */
  del(key: string): Promise<unknown>;
  /** EVAL. */
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** The part of a client of node-redis that is used. */
export interface NodeRedisCacheClient {
  /** GET. */
  get(key: string): Promise<unknown>;
  /** SET with PX. */
  set(key: string, text: string, options: { readonly PX: number }): Promise<unknown>;
  /** DEL. */
  del(key: string): Promise<unknown>;
  /** EVAL. */
  eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>;
}

/** Options of `redisStore`. */
export interface RedisStoreOptions {
  /** The start of every key. @default "cache:" */
  readonly prefix?: string | undefined;
}

/**
 * Stores a text if the key has none, or if its present text begins with the version.
 *
 * KEYS: the key
 * ARGV: the version or '', the text, its ttl in ms
 * returns 1 if it has stored the text, otherwise 0
 */
const REPLACE = `local present = redis.call('GET', KEYS[1])
if present and (ARGV[1] == '' or string.sub(present, 1, #ARGV[1]) ~= ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

const METHODS = ["get", "set", "del", "eval"] as const;

/**
 * A store on Redis or Valkey, by a client of ioredis or node-redis, for a single server or a cluster. Use another server than the lock
 * servers: a cache may be full, and lock servers must never be.
 * @throws TypeError if it is no such client, or for bad options.
 */
export function redisStore(
  client: IoredisCacheClient | NodeRedisCacheClient,
  options: RedisStoreOptions = {},
): CacheStore {
  for (const method of METHODS)
    if (typeof (client as Partial<NodeRedisCacheClient> | null | undefined)?.[method] !== "function")
      throw new TypeError(
        `client: ${formatValue(client)} must be a client of ioredis or node-redis, but it has no method ${method}`,
      );
  checkOptions(options);
  refuseUnknownOptions(options, { prefix: true });
  const prefix = checkText("prefix", options.prefix ?? "cache:");
  const commands = isIoredis(client) ? commandsOfIoredis(client) : commandsOfNodeRedis(client);
  return {
    get: (key) => commands.get(prefix + key),
    set: (key, text, ttl) => commands.set(prefix + key, text, ttl),
    delete: (key) => commands.del(prefix + key),
    replace: async (key, version, text, ttl) =>
      Number(await commands.run(prefix + key, [version ?? "", text, String(ttl)])) === 1,
  };
}

interface Commands {
  get(key: string): Promise<string | null>;
  set(key: string, text: string, ttl: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  run(key: string, args: string[]): Promise<unknown>;
}

function isIoredis(client: IoredisCacheClient | NodeRedisCacheClient): client is IoredisCacheClient {
  return typeof (client as Partial<IoredisCacheClient>).status === "string";
}

function commandsOfIoredis(client: IoredisCacheClient): Commands {
  return {
    get: (key) => client.get(key),
    set: (key, text, ttl) => client.set(key, text, "PX", ttl),
    del: (key) => client.del(key),
    run: (key, args) => client.eval(REPLACE, 1, key, ...args),
  };
}

function commandsOfNodeRedis(client: NodeRedisCacheClient): Commands {
  return {
    async get(key) {
      const text = await client.get(key);
      return typeof text === "string" ? text : null;
    },
    set: (key, text, ttl) => client.set(key, text, { PX: ttl }),
    del: (key) => client.del(key),
    run: (key, args) => client.eval(REPLACE, { keys: [key], arguments: args }),
  };
}
