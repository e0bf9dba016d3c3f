import { formatDuration, formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const clockOffset: RuleDefinition = {
  name: "clock_offset",
  severity: "warning",
  for: 300_000,
  needs: "servers",
  remedy: "synchronise the clock of the server with NTP",
  condition: "clock of a server against the median server, in ms",
  limits: { above: { value: 1_000, range: [0, 86_400_000], isDuration: true } },
  create: ({ above }) => ({
    find: ({ figures: { servers = [] } }) =>
      servers.flatMap(({ label, clockOffsetMs = 0 }) => {
        if (Math.abs(clockOffsetMs) <= above) return [];
        return [
          {
            labels: { server: label },
            text: `${showName(label)}: its clock is ${formatOffset(clockOffsetMs)} of the median server; the limit is ${formatDuration(above)}.`,
          },
        ];
      }),
    isKnown: ({ server }, { figures: { servers = [] } }) =>
      servers.every(({ label, clockOffsetMs }) => label !== server || clockOffsetMs !== undefined),
    describeEnd({ labels: { server = "" }, lastedMs }, { figures: { servers = [] } }) {
      const offset = servers.find(({ label }) => label === server)?.clockOffsetMs;
      const after = `after ${formatSpan(lastedMs)}`;
      if (offset === undefined) return `${showName(server)} is no longer configured, ${after}.`;
      return `${showName(server)}: its clock is ${formatOffset(offset)} of the median server, ${after}.`;
    },
  }),
};

function formatOffset(ms: number): string {
  return `${formatDuration(Math.abs(ms))} ${ms < 0 ? "behind" : "ahead"}`;
}
