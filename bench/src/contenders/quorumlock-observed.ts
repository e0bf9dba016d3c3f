import * as api from "@opentelemetry/api";
import { BasicTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { Registry } from "prom-client";
import { Redlock } from "quorumlock";
import { LockStats } from "quorumlock/observe";
import { exposeMetrics } from "quorumlock/prometheus";
import { meterLocks, traceLocks } from "quorumlock/opentelemetry";
import { type Contender, type Grant, type LockClient, TTL_MS } from "../contender.ts";
import { connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";

/** How often the metrics are scraped, in ms: more often than Prometheus does, which usually takes 15 s. */
const SCRAPE_EVERY_MS = 1_000;

/** Makes something that observes the client. The returned function ends it. */
type Observe = (redlock: Redlock) => () => void;

/** A tracer that makes whole spans and exports none, so that only the cost of this library and of the API is measured. */
const noExport: SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
let provider: BasicTracerProvider | undefined;

function observed(name: string, observe: Observe, baseline?: Contender): Contender {
  return {
    name,
    kind: "ours",
    baseline,
    async connect(servers, options): Promise<LockClient> {
      const clients = await connectIoredis(servers);
      const ttl = options?.ttlMs ?? TTL_MS;
      const redlock = new Redlock(clients, { ttl, restartGuard: false, autoExtend: false });
      const stop = observe(redlock);
      return {
        acquire: (lockName: string): Promise<Grant> => redlock.acquire(lockName),
        keyOf: (lockName: string) => `lock:${lockName}`,
        async [Symbol.asyncDispose]() {
          stop();
          await redlock.close();
          disconnectIoredis(clients);
        },
      };
    },
  };
}

export const unobserved = observed("nothing", () => () => undefined);

export const withStats = observed(
  "LockStats",
  (redlock) => {
    const stats = new LockStats(redlock);
    return () => stats.stop();
  },
  unobserved,
);

export const withPrometheus = observed(
  "LockStats and prom-client, a scrape a second",
  (redlock) => {
    const register = new Registry();
    const metrics = exposeMetrics(redlock, { register });
    const timer = setInterval(() => void register.metrics(), SCRAPE_EVERY_MS);
    return () => {
      clearInterval(timer);
      metrics.stop();
    };
  },
  unobserved,
);

export const withOpenTelemetry = observed(
  "OpenTelemetry: two spans a lock, and metrics",
  (redlock) => {
    if (provider === undefined) {
      provider = new BasicTracerProvider({ spanProcessors: [noExport] });
      api.trace.setGlobalTracerProvider(provider);
    }
    const stop = traceLocks(redlock, { api });
    const meters = meterLocks(redlock, { api });
    return () => {
      stop();
      meters.stop();
    };
  },
  unobserved,
);
