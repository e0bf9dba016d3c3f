import { formatBytes, formatPercent, formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const memory: RuleDefinition = {
  name: "memory",
  severity: "warning",
  for: 300_000,
  needs: "servers",
  remedy: "raise maxmemory, or find out which keys need it; locks need little",
  condition: "memory of a server, as a share of its limit",
  limits: { above: { value: 0.9, range: [0, 1] } },
  create: ({ above }) => ({
    find: ({ figures: { servers = [] } }) =>
      servers.flatMap(({ label, usedBytes, limitBytes }) => {
        if (usedBytes === undefined || limitBytes === undefined || limitBytes <= 0) return [];
        if (usedBytes / limitBytes <= above) return [];
        const share = `${formatPercent(usedBytes / limitBytes)} of ${formatBytes(limitBytes)}`;
        return [
          {
            labels: { server: label },
            text: `${showName(label)}: ${share}. At 100 % no lock is granted there.`,
          },
        ];
      }),
    isKnown: ({ server }, { figures: { servers = [] } }) =>
      servers.every(({ label, usedBytes }) => label !== server || usedBytes !== undefined),
    describeEnd({ labels: { server = "" }, lastedMs }, { figures: { servers = [] } }) {
      const now = servers.find(({ label }) => label === server);
      const after = `after ${formatSpan(lastedMs)}`;
      if (now?.usedBytes === undefined) return `${showName(server)} is no longer configured, ${after}.`;
      return now.limitBytes === undefined
        ? `${showName(server)}: ${formatBytes(now.usedBytes)}, no limit, ${after}.`
        : `${showName(server)}: ${formatPercent(now.usedBytes / now.limitBytes)} of ${formatBytes(now.limitBytes)}, ${after}.`;
    },
  }),
};
