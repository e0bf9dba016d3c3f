export { findRedisServer } from "./find-redis-server.ts";
export { type RedisCluster, type RedisClusterOptions, startRedisCluster } from "./redis-cluster.ts";
export { type RedisServer, type RedisServerOptions, startRedisServer } from "./redis-server.ts";
export { type RedisServers, startRedisServers } from "./redis-servers.ts";
export { type ConformanceCase, instanceConformance } from "./conformance.ts";
export type { ConformanceSubject } from "./conformance-bed.ts";
