import { formatSpan, joinWords, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const noSpare: RuleDefinition = {
  name: "no_spare",
  severity: "warning",
  for: 120_000,
  needs: "servers",
  remedy: "start the server that does not vote, before another one fails",
  condition: "as many servers vote as a quorum needs, and there are more",
  limits: {},
  create: () => ({
    find({ figures: { quorum, servers = [] } }) {
      if (quorum === undefined || quorum.configured <= quorum.required || quorum.voting !== quorum.required)
        return [];
      const silent = servers.filter(({ isAnswering }) => !isAnswering).map(({ label }) => showName(label));
      const others = servers.filter(({ isAnswering, isVoting }) => isAnswering && !isVoting);
      const causes = [
        ...(silent.length > 0
          ? [`${joinWords(silent, "and")} ${silent.length === 1 ? "does" : "do"} not answer`]
          : []),
        ...others.map(({ label }) => `${showName(label)} does not vote`),
      ];
      const cause = causes.length === 0 ? "" : ` ${causes.join(", ")}.`;
      return [{ labels: {}, text: `No spare:${cause} One more failure stops all locks.` }];
    },
    // One more failure is no end of it: below the quorum there is no spare either.
    isKnown: (_labels, { figures: { quorum } }) => quorum === undefined || quorum.voting >= quorum.required,
    describeEnd: ({ lastedMs }, { figures: { quorum } }) =>
      `${quorum?.voting} of ${quorum?.configured} servers vote, after ${formatSpan(lastedMs)} without a spare.`,
  }),
};
