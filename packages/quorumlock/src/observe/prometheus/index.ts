export type { BreakerStates } from "../breaker-states.ts";
export {
  type ExposedMetrics,
  exposeMetrics,
  type ExposeMetricsOptions,
  type MetricsRegister,
} from "./expose-metrics.ts";
