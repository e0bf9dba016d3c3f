import type { MonitorServer } from "../monitor/index.ts";
import { CommandError, EXIT } from "./command-error.ts";
import type { ServerSettings } from "./settings/servers.ts";

/** The server as the monitor takes it. @throws CommandError for a Redis Cluster, which the monitor cannot read. */
export function monitorServerOf({
  url,
  label,
  username,
  password,
  tls,
  isCluster,
}: ServerSettings): MonitorServer {
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
