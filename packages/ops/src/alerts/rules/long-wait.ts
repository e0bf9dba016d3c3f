import { formatCount, formatDuration, formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

export const longWait: RuleDefinition = {
  name: "long_wait",
  severity: "warning",
  for: 60_000,
  needs: "classes",
  remedy: "look at the holder that the others wait for; a shorter hold or a smaller lock helps",
  condition: "oldest waiter, in ms; or `minimum` acquisitions in the window waited over 10 s",
  limits: {
    above: { value: 10_000, range: [0, 86_400_000], isDuration: true },
    minimum: { value: 5, range: [1, 1_000_000] },
  },
  create: ({ above, minimum }) => ({
    find: ({ classes, increase, windowMs }) =>
      classes.flatMap(({ resource, oldestWaitMs, waiters, blocking }) => {
        const shown = showName(resource);
        if (oldestWaitMs > above) {
          const callers = formatCount(blocking?.callers ?? waiters, "caller");
          const behind = blocking?.owner === undefined ? "wait" : `behind ${showName(blocking.owner)}`;
          const text = `${shown}: oldest waiter ${formatDuration(oldestWaitMs)}, ${callers} ${behind}.`;
          return [{ labels: { resource }, text }];
        }
        const { longWaits } = increase(resource);
        if (longWaits < minimum) return [];
        const text = `${shown}: ${longWaits} acquisitions waited over 10 s in ${formatSpan(windowMs)}.`;
        return [{ labels: { resource }, text }];
      }),
    describeEnd: ({ labels: { resource = "" }, lastedMs }) =>
      `${showName(resource)}: no caller waits over ${formatSpan(above)}, after ${formatSpan(lastedMs)}.`,
  }),
};
