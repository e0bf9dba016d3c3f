import type { AlertRule, Finding, RuleView } from "../rule.ts";
import type { Checker, Path } from "../../config/checker.ts";
import { checkCommonFields, COMMON_FIELDS } from "./common-fields.ts";

/** What a function of a user returns: nothing, a sentence, a finding, or several. */
export type OwnFindings = string | Finding | readonly Finding[] | undefined | null | false;

/** A rule as a function: it looks at the figures and returns what is wrong. */
export type RuleFunction = (view: RuleView) => OwnFindings;

/** A rule with settings. A rule without a severity is a warning. */
export interface OwnRule extends Omit<Partial<AlertRule>, "name" | "find"> {
  find: RuleFunction;
}

/** Rules of a user by their names. */
export type OwnRules = Readonly<Record<string, RuleFunction | OwnRule>>;

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
const KEYS: readonly (keyof OwnRule)[] = [
  ...COMMON_FIELDS,
  "needs",
  "remedy",
  "find",
  "isKnown",
  "describeEnd",
];

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
      return [checkOwnRule(checker, at, name, rule)];
    else checker.add(at, " must be a function, or an object with the function `find`");
    return [];
  });
}

function checkOwnRule(checker: Checker, path: Path, name: string, rule: OwnRule): AlertRule {
  const fields = checker.object(path, rule, KEYS);
  return {
    severity: "warning",
    ...checkCommonFields(checker, path, fields),
    name,
    needs: checker.oneOf([...path, "needs"], fields.needs, ["servers", "classes"]),
    remedy: checker.text([...path, "remedy"], fields.remedy),
    find: (view) => findingsOf(rule.find(view)),
    ...(rule.isKnown && { isKnown: (labels, view) => rule.isKnown?.(labels, view) ?? true }),
    ...(rule.describeEnd && { describeEnd: (ended, view) => rule.describeEnd?.(ended, view) ?? "" }),
  };
}

function findingsOf(found: OwnFindings): readonly Finding[] {
  if (found === undefined || found === null || found === false || found === "") return [];
  if (typeof found === "string") return [{ labels: {}, text: found }];
  return (isList(found) ? found : [found]).map((finding) => ({
    ...finding,
    labels: textsOf(finding.labels),
  }));
}

/** JavaScript has no types, so a label can be a number. */
function textsOf(labels: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels ?? {}).map(([label, value]) => [label, String(value)]));
}

function isList(found: Finding | readonly Finding[]): found is readonly Finding[] {
  return Array.isArray(found);
}
