export type * from "./api.ts";
export type {
  AlertRules,
  ConnectionOptions,
  MonitorOptions,
  MonitorServer,
  MonitorToken,
} from "./options.ts";
export { type Monitor, startMonitor } from "./start-monitor.ts";
