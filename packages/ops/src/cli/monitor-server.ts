import type { MonitorOptions, MonitorServer } from "../monitor/index.ts";
import { CommandError, EXIT } from "./command-error.ts";
import type { ServerSettings } from "./settings/servers.ts";
import { requireServers, type Settings } from "./settings/settings.ts";

/** What `monitor` and `top` look at, with the client's options and the classes of the applications. @throws CommandError as `monitorServerOf`. */
export function observedBy(
  settings: Settings,
): Pick<MonitorOptions, "instances" | "prefix" | "redlock" | "classOf" | "maxClasses"> {
  const { restartGuard, strict, driftFactor } = settings.client;
  return {
    instances: requireServers(settings).map(monitorServerOf),
    prefix: settings.prefix,
    redlock: { ttl: settings.lockDefaults.ttlMs, restartGuard, strict, driftFactor },
    classOf: settings.monitoring.classOf,
    maxClasses: settings.monitoring.maxClasses,
  };
}

/** The server as the monitor takes it. @throws CommandError for a Redis Cluster, which the monitor cannot read. */
function monitorServerOf({ url, label, username, password, tls, isCluster }: ServerSettings): MonitorServer {
  if (isCluster)
    throw new CommandError(
      `${label}: the monitor and top cannot read a Redis Cluster; use \`quorumlock list\` and \`quorumlock inspect\``,
      EXIT.wrongConfig,
    );
  return {
    url,
    label,
    redis: {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(tls === undefined
        ? {}
        : { tls: { ca: tls.ca, cert: tls.cert, key: tls.key, servername: tls.serverName } }),
    },
  };
}
