import type { Contender } from "../contender.ts";
import { bareIoredis, bareIoredisPipelining } from "./bare-ioredis.ts";
import { bareNodeRedis } from "./bare-node-redis.ts";
import { behindLocalQueue } from "./local-queue.ts";
import { asyncMutexPermit, redisSemaphorePermit } from "./permit-peers.ts";
import { quorumlockIoredis } from "./quorumlock-ioredis.ts";
import {
  quorumlockFair,
  quorumlockPermit,
  quorumlockTenant,
  quorumlockRead,
  quorumlockReadWrite,
  quorumlockTree,
  quorumlockWrite,
} from "./quorumlock-kinds.ts";
import { quorumlockNodeRedis } from "./quorumlock-node-redis.ts";
import { redisSemaphore, redisSemaphoreTuned } from "./redis-semaphore.ts";
import { redlock4, redlock4Tuned } from "./redlock4.ts";
import { redlock5, redlock5Tuned } from "./redlock5.ts";
import {
  redlockUniversalIoredis,
  redlockUniversalIoredisTuned,
  redlockUniversalNodeRedis,
  redlockUniversalNodeRedisTuned,
} from "./redlock-universal.ts";
import { sesamecare, sesamecareTuned } from "./sesamecare.ts";
import { fencedSockets, sockets } from "./sockets.ts";

export const ours: readonly Contender[] = [quorumlockIoredis, quorumlockNodeRedis];

/** The other libraries with their default options. */
export const defaultPeers: readonly Contender[] = [
  redlock5,
  redlock4,
  sesamecare,
  redlockUniversalIoredis,
  redlockUniversalNodeRedis,
  redisSemaphore,
];

/** The other libraries with the options that make them fastest. */
const tunedPeers: readonly Contender[] = [
  redlock5Tuned,
  redlock4Tuned,
  sesamecareTuned,
  redlockUniversalIoredisTuned,
  redlockUniversalNodeRedisTuned,
  redisSemaphoreTuned,
];

export const peers: readonly Contender[] = [...defaultPeers, ...tunedPeers];

/** Libraries for scenarios with waiters. On ioredis redlock-universal waits exactly as on node-redis. */
export const waitingPeers: readonly Contender[] = peers.filter(
  (contender) => contender !== redlockUniversalIoredis && contender !== redlockUniversalIoredisTuned,
);

/** Libraries of a quick run: three that differ from each other. The last one is the fastest. */
export const quickPeers: readonly Contender[] = [redlock5, redisSemaphore, redlockUniversalNodeRedisTuned];

/** One process that serves its waiters in order, with as little code as possible. */
export const queuedBareIoredis = behindLocalQueue("bare ioredis + local queue", bareIoredis);
export const queuedSockets = behindLocalQueue("sockets by hand + local queue", sockets, { overlap: true });

export {
  asyncMutexPermit,
  bareIoredis,
  bareIoredisPipelining,
  bareNodeRedis,
  fencedSockets,
  quorumlockFair,
  quorumlockIoredis,
  quorumlockPermit,
  quorumlockTenant,
  quorumlockRead,
  quorumlockReadWrite,
  quorumlockTree,
  quorumlockWrite,
  redisSemaphore,
  redisSemaphorePermit,
  redlockUniversalNodeRedis,
  redlockUniversalNodeRedisTuned,
  sockets,
};

/** All contenders. Flags and child processes find them here by name. */
export const contenders: readonly Contender[] = [
  bareIoredis,
  bareIoredisPipelining,
  bareNodeRedis,
  sockets,
  fencedSockets,
  ...ours,
  quorumlockFair,
  quorumlockWrite,
  quorumlockRead,
  quorumlockTree,
  quorumlockPermit,
  quorumlockTenant,
  quorumlockReadWrite,
  ...peers,
  redisSemaphorePermit,
  asyncMutexPermit,
  queuedBareIoredis,
  queuedSockets,
];
