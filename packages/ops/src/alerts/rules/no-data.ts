import { formatSpan } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

const FOR_MS = 300_000;

export const noData: RuleDefinition = {
  name: "no_data",
  severity: "warning",
  for: FOR_MS,
  remedy: "see whether the processes run and report, and whether the servers can be reached",
  condition: "no figures of servers, or of processes that reported before",
  limits: {},
  create: () => ({
    find: ({ figures: { hasData } }) =>
      hasData
        ? []
        : [{ labels: {}, text: `No figures for ${formatSpan(FOR_MS)}. This is not an all-clear.` }],
    describeEnd: ({ lastedMs }) => `Figures are there again, after ${formatSpan(lastedMs)}.`,
  }),
};
