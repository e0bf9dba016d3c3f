import type { LossFigures } from "../figures/alert-figures.ts";
import { formatCount, formatSpan, showName } from "../texts.ts";
import type { RuleDefinition } from "./rule-definition.ts";

/** How many locks the message names. */
const MAX_NAMED = 3;

export const lockLost: RuleDefinition = {
  name: "lock_lost",
  severity: "warning",
  for: 0,
  keep: 300_000,
  needs: "classes",
  remedy: "check what the former holders wrote after the loss; find out why they could not extend",
  condition: "locks that ended without a release, in the window",
  limits: { above: { value: 0, range: [0, 1_000_000] } },
  create: ({ above }) => ({
    find: ({ classes, increase, windowMs, figures: { losses }, now }) =>
      classes.flatMap(({ resource }) => {
        const { lost } = increase(resource);
        if (lost <= above) return [];
        const known = losses.filter((loss) => loss.resource === resource && now - loss.at <= windowMs);
        const subject = `${formatCount(lost, "lock")} lost in ${formatSpan(windowMs)}`;
        const names = known.length === 0 ? showName(resource) : nameLosses(known, lost);
        return [{ labels: { resource }, text: `${subject}: ${names}. ${advice(known)}` }];
      }),
    describeEnd: ({ lostInClass, labels: { resource = "" } }, { windowMs }) =>
      `${showName(resource)}: no lock lost for ${formatSpan(windowMs)}. In all ${lostInClass}.`,
  }),
};

function nameLosses(known: readonly LossFigures[], lost: number): string {
  const named = known
    .slice(0, MAX_NAMED)
    .map(({ name, owner }) =>
      owner === undefined ? showName(name) : `${showName(name)} (${showName(owner)})`,
    );
  const more = Math.max(known.length, lost) - named.length;
  return named.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The writes of the first lost lock have its fence, so the check begins there. */
function advice(known: readonly LossFigures[]): string {
  const fences = known.flatMap(({ fence }) => fence ?? []);
  const check =
    fences.length === 0 ? "check the writes" : `check writes from fence ${Math.min(...fences)} on`;
  return `Work may have run without protection; ${check}.`;
}
