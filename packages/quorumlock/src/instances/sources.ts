import { redactUrl } from "../base/redact.ts";
import { formatValue } from "../base/check-value.ts";
import { type GlideClient, GlideInstance, isGlide } from "./glide.ts";
import { type IoredisClient, IoredisInstance, isIoredis, refuseClusterPrefix } from "./ioredis.ts";
import {
  isNodeRedis,
  isNodeRedisCluster,
  type NodeRedisClient,
  type NodeRedisCluster,
  NodeRedisInstance,
  refuseNodeRedisSentinel,
} from "./node-redis.ts";
import { type Instance, isInstance } from "./port.ts";
import { isRest, type RestClient, RestInstance } from "./rest.ts";
import { parseUrl, UrlInstance } from "./url.ts";

/**
 * One server, given in one of these ways:
 *
 * - a client of ioredis, node-redis or Valkey GLIDE, for a single server or a cluster;
 * - a REST client, such as `@upstash/redis`, whose waiters poll;
 * - a URL;
 * - an object that implements `Instance`, for example a `MemoryInstance`. Test your own class with the conformance suite in
 *   `quorumlock/testing`.
 */
export type InstanceSource =
  | IoredisClient
  | NodeRedisClient
  | NodeRedisCluster
  | GlideClient
  | RestClient
  | Instance
  | string;

/** Votes are bits of a 32-bit integer, and its sign bit is not used. */
export const MAX_INSTANCES = 31;

/** Opens one instance for each source. @throws as `checkSources`. */
export function toInstances(sources: readonly InstanceSource[]): readonly Instance[] {
  return checkSources(sources).map((open) => open());
}

/**
 * Checks all sources before the first connection is opened.
 * @returns one function for each source, which opens its instance.
 * @throws TypeError if `sources` is not an array, a source is listed twice, or a source has no known type.
 * @throws RangeError if the array is empty or longer than 31.
 */
export function checkSources(sources: readonly InstanceSource[]): readonly (() => Instance)[] {
  if (!Array.isArray(sources)) throw new TypeError(`instances: ${notAList(sources)}`);
  if (sources.length === 0)
    throw new RangeError("instances: the array is empty; give at least one client or URL");
  if (sources.length > MAX_INSTANCES) {
    throw new RangeError(`instances: ${sources.length} are too many; use at most ${MAX_INSTANCES}`);
  }
  const list = Array.from<InstanceSource>(sources);
  list.forEach((source, index) => {
    const first = list.indexOf(source);
    if (first >= 0 && first !== index) {
      throw new TypeError(
        `instances[${index}] is the same as instances[${first}] and would vote twice; list every server once`,
      );
    }
  });
  return list.map((source, index) => checkSource(source, `instances[${index}]`));
}

function notAList(sources: unknown): string {
  const isObject = typeof sources === "object" && sources !== null;
  const example = typeof sources === "string" ? "[url]" : isObject ? "[client]" : undefined;
  const shown = typeof sources === "string" ? JSON.stringify(redactUrl(sources)) : formatValue(sources);
  return `${shown} must be an array${example === undefined ? "" : `; use new Redlock(${example})`}`;
}

/**
 * Checks one source.
 * @returns a function that opens its instance.
 * @throws TypeError if the source has no known type. The message begins with `field`.
 */
export function checkSource(source: InstanceSource, field: string): () => Instance {
  if (typeof source === "string") {
    const url = parseUrl(source, field);
    return () => new UrlInstance(url);
  }
  if (typeof source === "object" && source !== null) {
    refuseNodeRedisSentinel(source, field);
    if (isIoredis(source)) {
      refuseClusterPrefix(source, field);
      return () => new IoredisInstance(source);
    }
    if (isNodeRedis(source) || isNodeRedisCluster(source)) return () => new NodeRedisInstance(source);
    if (isGlide(source)) return () => new GlideInstance(source);
    if (isRest(source)) return () => new RestInstance(source);
    if (isInstance(source)) return () => source;
  }
  throw new TypeError(
    `${field}: ${formatValue(source)} must be a client of ioredis, node-redis, Valkey GLIDE or @upstash/redis, a URL or an Instance`,
  );
}
