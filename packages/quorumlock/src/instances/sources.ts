import { show } from "../base/options.ts";
import { type IoredisClient, IoredisInstance, isIoredis, refuseClusterPrefix } from "./ioredis.ts";
import {
  isNodeRedis,
  isNodeRedisCluster,
  type NodeRedisClient,
  type NodeRedisCluster,
  NodeRedisInstance,
} from "./node-redis.ts";
import { type Instance, isInstance } from "./port.ts";
import { parseUrl, UrlInstance } from "./url.ts";

/**
 * What a server can be given as: a client of ioredis or node-redis (single or cluster), a URL, an in-memory
 * instance, or whatever else fulfils the port (its conformance suite is in `quorumlock/testing`).
 */
export type InstanceSource = IoredisClient | NodeRedisClient | NodeRedisCluster | Instance | string;

/** As many instances, each open. @throws as `openers`. */
export function toInstances(sources: readonly InstanceSource[]): readonly Instance[] {
  return checkSources(sources).map((open) => open());
}

/**
 * How to open each of the sources. All are looked at before the first connection is opened.
 * @throws TypeError or RangeError where the list is empty, names one source twice or holds something else.
 */
export function checkSources(sources: readonly InstanceSource[]): readonly (() => Instance)[] {
  if (!Array.isArray(sources)) throw new TypeError(`instances: ${show(sources)} is not a list`);
  if (sources.length === 0)
    throw new RangeError("instances: the list is empty; give at least one client or URL");
  if (sources.length > MAX_INSTANCES) {
    throw new RangeError(`instances: ${sources.length} are too many; use at most ${MAX_INSTANCES}`);
  }
  const list = Array.from<InstanceSource>(sources);
  list.forEach((source, index) => {
    const first = list.indexOf(source);
    if (first !== index) {
      throw new TypeError(
        `instances[${index}] is the same as instances[${first}]: it would vote twice; list every server once`,
      );
    }
  });
  return list.map(opener);
}

/** Members are told apart by the bits of one integer. */
export const MAX_INSTANCES = 31;

function opener(source: InstanceSource, index: number): () => Instance {
  if (typeof source === "string") {
    const url = parseUrl(source, `instances[${index}]`);
    return () => new UrlInstance(url);
  }
  if (typeof source === "object" && source !== null) {
    if (isIoredis(source)) {
      refuseClusterPrefix(source, `instances[${index}]`);
      return () => new IoredisInstance(source);
    }
    if (isNodeRedis(source) || isNodeRedisCluster(source)) return () => new NodeRedisInstance(source);
    if (isInstance(source)) return () => source;
  }
  throw new TypeError(
    `instances[${index}]: ${show(source)} is neither a client of ioredis or node-redis, nor a URL, nor an Instance`,
  );
}
