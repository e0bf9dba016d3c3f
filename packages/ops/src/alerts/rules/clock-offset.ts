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
    describeEnd({ labels: { server = "" }, lastedMs }, { figures: { servers = [] } }) {
      const offset = servers.find(({ label }) => label === server)?.clockOffsetMs ?? 0;
      return `${showName(server)}: its clock is ${formatOffset(offset)} of the median server, after ${formatSpan(lastedMs)}.`;
    },
  }),
};

function formatOffset(ms: number): string {
  return `${formatDuration(Math.abs(ms))} ${ms < 0 ? "behind" : "ahead"}`;
}
