import type { Contender } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { bareNodeRedis } from "./bare-node-redis.ts";
import { behindLocalQueue } from "./local-queue.ts";
import { quorumlockIoredis } from "./quorumlock-ioredis.ts";
import { quorumlockNodeRedis } from "./quorumlock-node-redis.ts";
import { redisSemaphore } from "./redis-semaphore.ts";
import { redlock4 } from "./redlock4.ts";
import { redlock5 } from "./redlock5.ts";
import { redlockUniversalIoredis, redlockUniversalNodeRedis } from "./redlock-universal.ts";
import { sesamecare } from "./sesamecare.ts";
import { fullSockets, sockets } from "./sockets.ts";

export const ours: readonly Contender[] = [quorumlockIoredis, quorumlockNodeRedis];

export const peers: readonly Contender[] = [
  redlock5,
  redlock4,
  sesamecare,
  redlockUniversalIoredis,
  redlockUniversalNodeRedis,
  redisSemaphore,
];

/** One of each kind, for a quick run. */
export const quickPeers: readonly Contender[] = [redlock5, redlockUniversalIoredis, redisSemaphore];

/** One process serves its waiters in order, with as little around it as can be. */
export const queuedBareIoredis = behindLocalQueue("bare ioredis + local queue", bareIoredis);
export const queuedSockets = behindLocalQueue("sockets by hand + local queue", sockets, { together: true });

export { bareIoredis, bareNodeRedis, fullSockets, sockets };

/** All that there are, by which flags and worker processes find them. */
export const contenders: readonly Contender[] = [
  bareIoredis,
  bareNodeRedis,
  sockets,
  fullSockets,
  ...ours,
  ...peers,
  queuedBareIoredis,
  queuedSockets,
];
