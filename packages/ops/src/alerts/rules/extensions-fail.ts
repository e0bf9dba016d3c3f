import { formatPercent, formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const extensionsFail: RuleDefinition = {
  name: "extensions_fail",
  severity: "warning",
  for: 120_000,
  needs: "classes",
  remedy: "look at the latency of the servers, and at pauses of the holders",
  condition: "share of extensions that fail, in the window",
  limits: { above: { value: 0.1, range: [0, 1] }, minimum: { value: 1, range: [1, 1_000_000] } },
  create: ({ above, minimum }) => ({
    find: ({ classes, increase }) =>
      classes.flatMap(({ resource }) => {
        const { extended, extensionsFailed } = increase(resource);
        const attempts = extended + extensionsFailed;
        if (attempts < minimum || extensionsFailed / attempts <= above) return [];
        const share = formatPercent(extensionsFailed / attempts);
        return [
          {
            labels: { resource },
            text: `${showName(resource)}: ${share} of extensions fail; locks are lost next.`,
          },
        ];
      }),
    describeEnd({ labels: { resource = "" }, lastedMs }, { increase }) {
      const { extended, extensionsFailed } = increase(resource);
      const attempts = extended + extensionsFailed;
      const after = `after ${formatSpan(lastedMs)}`;
      return attempts === 0
        ? `${showName(resource)}: no lock is extended any more, ${after}.`
        : `${showName(resource)}: ${formatPercent(extended / attempts)} of extensions succeed again, ${after}.`;
    },
  }),
};
