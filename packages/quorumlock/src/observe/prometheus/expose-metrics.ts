import { formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import { VERSION } from "../../base/version.ts";
import { clientOf } from "../../client/client-of.ts";
import type { CircuitState } from "../../policies/circuit-breaker.ts";
import { checkNumber } from "../../policies/check-number.ts";
import type { LockStats, LockStatsOptions, ObservableRedlock } from "../lock-stats.ts";
import { type BreakerStates, checkBreakers } from "../breaker-states.ts";
import { observedStats } from "../observed-stats.ts";
import { classMetrics } from "./class-metrics.ts";
import { instanceMetrics } from "./instance-metrics.ts";
import { readMetric, type ReadMetric } from "./metric.ts";

/** The members of a registry of prom-client that are used. */
export interface MetricsRegister {
  /** Adds a metric. */
  registerMetric(metric: never): void;
  /** Removes a metric. */
  removeSingleMetric(name: string): void;
}

/** Options of `exposeMetrics`. */
export interface ExposeMetricsOptions {
  /** The registry of prom-client that gets the metrics: its `register`, or a `Registry` of your own. */
  readonly register: MetricsRegister;
  /** The start of every name: letters, digits and `_`, and no digit first. @default "redlock" */
  readonly prefix?: string | undefined;
  /** Circuit breakers whose state is a metric, by a name for each. @default none */
  readonly breakers?: BreakerStates | undefined;
  /**
   * How long a scrape waits for the instances, in ms. If they take longer, the result of the check before counts. A finite number of at
   * least 1.
   * @default 2_000
   */
  readonly timeout?: number | undefined;
  /** As in `LockStatsOptions`. Not together with `LockStats`, which have their own. @default that of `LockStats` */
  readonly classOf?: LockStatsOptions["classOf"];
}

/** Metrics that are registered. */
export interface ExposedMetrics extends Disposable {
  /** The figures behind the metrics. */
  readonly stats: LockStats;
  /** Removes the metrics from the registry. Also stops the figures if `exposeMetrics` made them. */
  stop(): void;
}

/**
 * Registers the metrics of locks and instances with prom-client (docs/observability.md). They are read when a scrape comes, so they cost
 * nothing between scrapes. The label `resource` is the class of the names, never a name.
 *
 * ```ts
 * import { register } from "prom-client";
 * import { exposeMetrics } from "quorumlock/prometheus";
 * const metrics = exposeMetrics(redlock, { register });
 * ```
 * @param source a client, or the `LockStats` of one or several. The metrics of instances are those of the first client.
 * @throws TypeError, RangeError for bad options, with the field and the value.
 * @throws Error of prom-client if the registry has a metric of that name already.
 */
export function exposeMetrics(
  source: LockStats | ObservableRedlock,
  options: ExposeMetricsOptions,
): ExposedMetrics {
  checkOptions(options);
  refuseUnknownOptions(options, {
    register: true,
    prefix: true,
    breakers: true,
    timeout: true,
    classOf: true,
  });
  const { register, prefix = "redlock", timeout = 2_000, classOf } = options;
  if (typeof (register as Partial<MetricsRegister> | undefined)?.registerMetric !== "function")
    throw new TypeError(`register: ${formatValue(register)} must be a registry of prom-client`);
  if (typeof prefix !== "string" || !/^[a-z_][a-z0-9_]*$/i.test(prefix))
    throw new RangeError(
      `prefix: ${formatValue(prefix)} must be letters, digits and "_", and no digit first`,
    );
  const timeoutMs = checkNumber("timeout", timeout, 1);
  const breakers = checkBreakers(options.breakers);
  const { stats, isOwn } = observedStats(source, classOf);
  const client = clientOf(stats.clients[0]!);
  const metrics = [
    ...classMetrics(stats, prefix),
    ...instanceMetrics(client, prefix, timeoutMs),
    ...breakerMetrics(breakers, prefix),
    readMetric("gauge", `${prefix}_build_info`, "The version of quorumlock, always 1", "first", () => [
      { labels: { version: VERSION }, value: 1 },
    ]),
  ];
  const registered: string[] = [];
  const stop = (): void => {
    for (const name of registered.splice(0)) register.removeSingleMetric(name);
    if (isOwn) stats.stop();
  };
  try {
    for (const metric of metrics) {
      const { name } = metric;
      register.registerMetric(metric as never);
      registered.push(name);
    }
  } catch (error) {
    stop();
    throw error;
  }
  return { stats, stop, [Symbol.dispose]: stop };
}

const STATES: readonly CircuitState[] = ["closed", "open", "half-open"];

function breakerMetrics(breakers: BreakerStates, prefix: string): readonly ReadMetric[] {
  if (Object.keys(breakers).length === 0) return [];
  return [
    readMetric(
      "gauge",
      `${prefix}_breaker_state`,
      "1 for the present state of a circuit breaker",
      "max",
      () =>
        Object.entries(breakers).flatMap(([breaker, { state: present }]) =>
          STATES.map((state) => ({ labels: { breaker, state }, value: state === present ? 1 : 0 })),
        ),
    ),
  ];
}
