import { formatDuration, formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const quarantined: RuleDefinition = {
  name: "quarantined",
  severity: "warning",
  for: 300_000,
  needs: "servers",
  remedy: "a server that restarted abstains for about a ttl; if it takes longer, see why it restarts again",
  condition: "a server answers and does not vote",
  limits: {},
  create: () => ({
    find: ({ figures: { servers = [] } }) =>
      servers
        .filter(({ isAnswering, isVoting }) => isAnswering && !isVoting)
        .map(({ label, abstainsMs, message }) => {
          // Without an end, the message says why, and what to do.
          const why = message === undefined ? "" : `: ${message.replace(/\.$/, "")}`;
          const more = abstainsMs === undefined ? why : ` for another ${formatDuration(abstainsMs)}`;
          return {
            labels: { server: label },
            text: `${showName(label)} answers, but does not vote${more}.`,
          };
        }),
    describeEnd({ labels: { server = "" }, lastedMs }, { figures: { servers = [] } }) {
      const now = servers.find(({ label }) => label === server);
      const after = `after ${formatSpan(lastedMs)}`;
      if (now === undefined) return `${showName(server)} is no longer configured, ${after}.`;
      return `${showName(server)} ${now.isVoting ? "votes again" : "does not answer any more"}, ${after}.`;
    },
  }),
};
