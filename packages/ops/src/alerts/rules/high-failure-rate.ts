import type { NamedLock } from "../figures/alert-figures.ts";
import { formatCount, formatPercent, formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const highFailureRate: RuleDefinition = {
  name: "high_failure_rate",
  severity: "critical",
  for: 120_000,
  keep: 120_000,
  needs: "classes",
  remedy:
    "look at the lock that blocks most callers, and at its holder; with `no quorum`, look at the servers",
  condition: "share of acquisitions that succeed, in the window",
  limits: { below: { value: 0.5, range: [0, 1] }, minimum: { value: 20, range: [1, 1_000_000] } },
  create: ({ below, minimum }) => ({
    find: ({ classes, increase, windowMs }) =>
      classes.flatMap(({ resource, blocking }) => {
        const { granted, timedOut, noQuorum } = increase(resource);
        const attempts = granted + timedOut + noQuorum;
        if (attempts < minimum || granted / attempts >= below) return [];
        const share = formatPercent(granted / attempts);
        const failures = `${timedOut} timed out, ${noQuorum} no quorum`;
        const text = `${showName(resource)}: ${share} of ${attempts} acquisitions succeeded in ${formatSpan(windowMs)} (${failures}).`;
        const behind = blocking === undefined ? "" : ` Blocked behind ${describeBlocking(blocking)}.`;
        return [{ labels: { resource }, text: text + behind }];
      }),
    describeEnd({ labels: { resource = "" }, lastedMs }, { increase, windowMs }) {
      const { granted, timedOut, noQuorum } = increase(resource);
      const attempts = granted + timedOut + noQuorum;
      const after = `after ${formatSpan(lastedMs)}`;
      if (attempts < minimum)
        return `${showName(resource)}: only ${formatCount(attempts, "acquisition")} in ${formatSpan(windowMs)}, ${after}.`;
      return `${showName(resource)}: ${formatPercent(granted / attempts)} succeed again, ${after}.`;
    },
  }),
};

/** `order:42, held by billing-7:3121` */
function describeBlocking({ name, owner }: NamedLock): string {
  return owner === undefined ? showName(name) : `${showName(name)}, held by ${showName(owner)}`;
}
