export type Labels = Readonly<Record<string, string>>;

/** One line of a metric. */
export interface MetricValue {
  /** The name of the line, if it is another one than that of the metric, such as `…_bucket`. */
  readonly metricName?: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A metric whose values are read when a scrape comes. It has the members that a registry of prom-client uses. */
export interface ReadMetric {
  /** prom-client changes the name of a counter when it writes the OpenMetrics format. */
  name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly aggregator: "sum" | "max" | "first";
  get(): Promise<object>;
  /** Called by `register.resetMetrics()`. The figures are those of `LockStats`, so they stay. */
  reset(): void;
}

type Read = () => readonly MetricValue[] | Promise<readonly MetricValue[]>;

/** Makes a metric that reads its values by `read`. */
export function readMetric(
  type: ReadMetric["type"],
  name: string,
  help: string,
  aggregator: ReadMetric["aggregator"],
  read: Read,
): ReadMetric {
  return {
    name,
    help,
    type,
    aggregator,
    async get() {
      return { name: this.name, help, type, aggregator, values: await read() };
    },
    reset: () => undefined,
  };
}

/** The lines of one histogram. */
export function histogramLines(
  name: string,
  labels: Labels,
  { buckets, count, sum }: HistogramReading,
): readonly MetricValue[] {
  const bucketName = `${name}_bucket`;
  return [
    ...buckets.map(([bound, below]) => ({
      metricName: bucketName,
      labels: { le: String(bound), ...labels },
      value: below,
    })),
    { metricName: bucketName, labels: { le: "+Inf", ...labels }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

/** `buckets`: for each bound in seconds, how many durations do not exceed it. `sum`: in seconds. */
export interface HistogramReading {
  readonly buckets: readonly (readonly [boundSeconds: number, count: number])[];
  readonly count: number;
  readonly sum: number;
}
