export type * from "./api.ts";
export type { AlertRules } from "./alerting/alert-rules.ts";
export type { ConnectionOptions, MonitorOptions, MonitorServer, MonitorToken } from "./options.ts";
export { type Monitor, startMonitor } from "./start-monitor.ts";
