import type { QuorumFigures, ServerFigures } from "../figures/alert-figures.ts";
import { formatCount, formatDuration, joinWords, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const quorumLost: RuleDefinition = {
  name: "quorum_lost",
  severity: "critical",
  for: 30_000,
  keep: 60_000,
  needs: "servers",
  remedy: "start the servers that do not answer; a server that restarted votes by itself after a while",
  condition: "fewer servers vote than a quorum needs",
  limits: {},
  create: () => ({
    find({ figures: { quorum, servers } }) {
      if (quorum === undefined || quorum.voting >= quorum.required) return [];
      const { voting, configured, required } = quorum;
      const count = `${voting} of ${formatCount(configured, "server")} ${voting === 1 ? "votes" : "vote"}`;
      const needed = `${required} ${required === 1 ? "is" : "are"} needed`;
      const end = recovery(quorum, servers ?? []);
      return [{ labels: {}, text: `No locks: ${count}, ${needed}.${end === "" ? "" : ` ${end}`}` }];
    },
    describeEnd({ lastedMs, failed, lost }, { figures: { quorum } }) {
      const count = quorum === undefined ? "a quorum votes" : `${quorum.voting} of ${quorum.configured} vote`;
      const losses =
        failed + lost > 0
          ? `; ${formatCount(failed, "acquisition")} failed, ${formatCount(lost, "lock")} lost`
          : "";
      return `Locks work again: ${count}. No quorum for ${formatDuration(lastedMs)}${losses}.`;
    },
  }),
};

/** Whether it recovers by itself, and otherwise which servers to start. */
function recovery({ voting, required }: QuorumFigures, servers: readonly ServerFigures[]): string {
  const missing = required - voting;
  const abstaining = servers
    .filter(({ isAnswering, isVoting, abstainsMs }) => isAnswering && !isVoting && abstainsMs !== undefined)
    .toSorted((a, b) => (a.abstainsMs ?? 0) - (b.abstainsMs ?? 0))
    .slice(0, missing);
  if (abstaining.length === missing) {
    const labels = abstaining.map(({ label }) => showName(label));
    const verb = labels.length === 1 ? "votes" : "vote";
    return `Recovers by itself: ${joinWords(labels, "and")} ${verb} in ${formatWait(abstaining.at(-1)?.abstainsMs ?? 0)}.`;
  }
  const silent = servers.filter(({ isAnswering }) => !isAnswering).map(({ label }) => showName(label));
  if (silent.length === 0) return "";
  const needed = missing - abstaining.length;
  return needed >= silent.length
    ? `Start ${joinWords(silent, "and")}.`
    : `Start ${needed === 1 ? "" : `${needed} of `}${joinWords(silent, "or")}.`;
}

function formatWait(ms: number): string {
  return ms < 60_000 ? `${Math.ceil(ms / 1_000)} s` : formatDuration(ms);
}
