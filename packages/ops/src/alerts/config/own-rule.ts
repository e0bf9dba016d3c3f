import type { AlertRule, Finding, RuleView } from "../rule.ts";
import type { Checker, Path } from "./checker.ts";

/** What a function of a user returns: nothing, a sentence, a finding, or several. */
export type OwnFindings = string | Finding | readonly Finding[] | undefined | null | false;

/** A rule as a function: it looks at the figures and returns what is wrong. */
export type RuleFunction = (view: RuleView) => OwnFindings;

/** Rules of a user by their names. */
export type OwnRules = Readonly<Record<string, RuleFunction | Omit<AlertRule, "name">>>;

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** A function alone is a warning that fires at once. */
export function checkOwnRules(
  checker: Checker,
  path: Path,
  rules: OwnRules,
  taken: readonly string[],
): readonly AlertRule[] {
  return Object.entries(rules).flatMap(([name, rule]): readonly AlertRule[] => {
    const at = [...path, name];
    if (!NAME.test(name)) checker.add(at, " must have a name of lower case letters, digits and _");
    else if (taken.includes(name)) checker.add(at, " has the name of a built-in rule; choose another one");
    else if (typeof rule === "function")
      return [{ name, severity: "warning", find: (view) => findingsOf(rule(view)) }];
    else if (typeof rule === "object" && rule !== null && typeof rule.find === "function")
      return [{ ...rule, name, severity: rule.severity ?? "warning" }];
    else checker.add(at, " must be a function, or an object with the function `find`");
    return [];
  });
}

function findingsOf(found: OwnFindings): readonly Finding[] {
  if (found === undefined || found === null || found === false || found === "") return [];
  if (typeof found === "string") return [{ labels: {}, text: found }];
  return isList(found) ? found : [found];
}

function isList(found: Finding | readonly Finding[]): found is readonly Finding[] {
  return Array.isArray(found);
}
