import { MAX_WINDOW_MS } from "../engine/counter-windows.ts";
import type { AlertRule, AlertSeverity } from "../rule.ts";
import type { Checker, Path } from "../../config/checker.ts";

const MAX_FOR_MS = 86_400_000;
const MIN_WINDOW_MS = 60_000;
const SEVERITIES: readonly AlertSeverity[] = ["critical", "warning", "info"];

/** The fields that every rule has, built-in or not. */
export const COMMON_FIELDS = ["for", "keep", "severity", "window", "classes"] as const;

export type CommonFields = Partial<Pick<AlertRule, (typeof COMMON_FIELDS)[number]>>;

export function checkCommonFields(
  checker: Checker,
  path: Path,
  fields: Readonly<Record<string, unknown>>,
): CommonFields {
  const at = (key: string): Path => [...path, key];
  const severity = checker.oneOf(at("severity"), fields.severity, SEVERITIES);
  return {
    for: checker.durationMs(at("for"), fields.for, 0, MAX_FOR_MS),
    keep: checker.durationMs(at("keep"), fields.keep, 0, MAX_FOR_MS),
    ...(severity === undefined ? {} : { severity }),
    window: checker.durationMs(at("window"), fields.window, MIN_WINDOW_MS, MAX_WINDOW_MS),
    classes: checker.texts(at("classes"), fields.classes),
  };
}
