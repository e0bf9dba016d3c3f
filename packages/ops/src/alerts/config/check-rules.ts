import type { AlertRule, AlertSeverity } from "../rule.ts";
import { BUILT_IN_RULES } from "../rules/built-in-rules.ts";
import { type Limit, type RuleDefinition, ruleOf, type RuleSettings } from "../rules/rule-definition.ts";
import { MAX_WINDOW_MS } from "../engine/counter-windows.ts";
import type { Checker, Path } from "./checker.ts";

const MAX_FOR_MS = 86_400_000;
const MIN_WINDOW_MS = 60_000;
const SEVERITIES: readonly AlertSeverity[] = ["critical", "warning", "info"];
const COMMON_KEYS = ["enabled", "for", "keep", "severity", "window", "classes"];

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
  const fields = checker.object(path, value, [...COMMON_KEYS, ...Object.keys(limits)]);
  const at = (key: string): Path => [...path, key];
  const limitsOf = Object.entries(limits).map(([limit, { range, isDuration }]) => [
    limit,
    isDuration === true
      ? checker.durationMs(at(limit), fields[limit], ...range)
      : checker.number(at(limit), fields[limit], ...range),
  ]);
  return {
    enabled: checker.boolean(at("enabled"), fields.enabled),
    for: checker.durationMs(at("for"), fields.for, 0, MAX_FOR_MS),
    keep: checker.durationMs(at("keep"), fields.keep, 0, MAX_FOR_MS),
    severity: checker.oneOf(at("severity"), fields.severity, SEVERITIES),
    window: checker.durationMs(at("window"), fields.window, MIN_WINDOW_MS, MAX_WINDOW_MS),
    classes: checker.texts(at("classes"), fields.classes),
    ...(Object.fromEntries(limitsOf) as Partial<Record<Limit, number>>),
  };
}
