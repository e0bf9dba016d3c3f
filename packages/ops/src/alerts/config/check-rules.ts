import type { AlertRule } from "../rule.ts";
import { BUILT_IN_RULES } from "../rules/built-in-rules.ts";
import { type Limit, type RuleDefinition, ruleOf, type RuleSettings } from "../rules/rule-definition.ts";
import type { Checker, Path } from "../../config/checker.ts";
import { checkCommonFields, COMMON_FIELDS } from "./common-fields.ts";

/** The built-in rules with the settings of a user, by the name of the rule. */
export function checkRules(checker: Checker, path: Path, value: unknown): readonly AlertRule[] {
  const names = BUILT_IN_RULES.map(({ name }) => name);
  const settings = checker.object(path, value, names);
  return BUILT_IN_RULES.flatMap((definition) => {
    const checked = checkSettings(checker, [...path, definition.name], settings[definition.name], definition);
    return checked.enabled === false ? [] : [ruleOf(definition, checked)];
  });
}

function checkSettings(
  checker: Checker,
  path: Path,
  value: unknown,
  { limits }: RuleDefinition,
): RuleSettings {
  const fields = checker.object(path, value, ["enabled", ...COMMON_FIELDS, ...Object.keys(limits)]);
  const at = (key: string): Path => [...path, key];
  const limitsOf = Object.entries(limits).map(([limit, { range, isDuration }]) => [
    limit,
    isDuration === true
      ? checker.durationMs(at(limit), fields[limit], ...range)
      : checker.number(at(limit), fields[limit], ...range),
  ]);
  return {
    enabled: checker.boolean(at("enabled"), fields.enabled),
    ...checkCommonFields(checker, path, fields),
    ...(Object.fromEntries(limitsOf) as Partial<Record<Limit, number>>),
  };
}
