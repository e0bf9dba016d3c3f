import { formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const serverDown: RuleDefinition = {
  name: "server_down",
  severity: "warning",
  for: 120_000,
  needs: "servers",
  remedy: "look at the process and its network",
  condition: "a server does not answer",
  limits: {},
  create: () => ({
    find: ({ figures: { servers = [] } }) =>
      servers
        .filter(({ isAnswering }) => !isAnswering)
        .map(({ label, message }) => ({
          labels: { server: label },
          text: `${showName(label)} does not answer${message === undefined ? "" : ` (${message})`}.`,
        })),
    describeEnd({ labels: { server = "" }, lastedMs }, { figures: { servers = [] } }) {
      const now = servers.find(({ label }) => label === server);
      const after = `after ${formatSpan(lastedMs)}`;
      if (now === undefined) return `${showName(server)} is no longer configured, ${after}.`;
      return `${showName(server)} answers again, ${after}${now.isVoting ? "" : "; it does not vote yet"}.`;
    },
  }),
};
