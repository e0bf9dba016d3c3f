import { type AlertSettings, resolveAlertSettings } from "../../alerts/config/alert-settings.ts";
import type { DeliveryCounts } from "../../alerts/channels/delivery.ts";
import { AlertEngine } from "../../alerts/engine/alert-engine.ts";
import type { AlertFigures } from "../../alerts/figures/alert-figures.ts";
import type { AlertView, Snapshot } from "../api.ts";

/** The rules of alerts. The monitor calls them every 30 s, and when a server or the quorum changes. */
export interface AlertRules {
  /** Returns the alerts that fire, and those that have resolved a moment ago. */
  evaluate(snapshot: Snapshot, figures: AlertFigures): readonly AlertView[];
  /** How long until an alert can change without another figure, in ms. @default the interval */
  readonly dueInMs?: number | undefined;
  /** The time between two evaluations, in ms. @default 30_000 */
  readonly evaluateMs?: number | undefined;
  /** Counts of the messages of each channel. @default none */
  readonly messageCounts?: ReadonlyMap<string, DeliveryCounts> | undefined;
  /** Says where the rules can ask for an evaluation. */
  listen?(evaluateSoon: () => void): void;
  /** Something that an operator did. */
  note?(rule: string, text: string): void;
  /** Sends what waits, and ends. */
  close?(): Promise<void>;
}

/** The built-in engine, if the options are settings. The title is that of the monitor, if the settings have none. */
export function alertRulesOf(
  alerts: AlertRules | AlertSettings | undefined,
  title: string,
): AlertRules | undefined {
  if (alerts === undefined || isRules(alerts)) return alerts;
  const settings = resolveAlertSettings({ title, ...alerts });
  let evaluateSoon = (): void => undefined;
  const engine = new AlertEngine({
    ...settings,
    countsFromZero: true,
    onChannelChange: () => evaluateSoon(),
  });
  return {
    evaluateMs: settings.evaluateMs,
    get dueInMs() {
      return engine.dueInMs;
    },
    get messageCounts() {
      return engine.messageCounts;
    },
    evaluate: (_snapshot, figures) => engine.evaluate(figures),
    listen: (callback) => void (evaluateSoon = callback),
    note: (rule, text) => engine.note(rule, text),
    close: () => engine.close(),
  };
}

function isRules(alerts: AlertRules | AlertSettings): alerts is AlertRules {
  return typeof (alerts as Partial<AlertRules>).evaluate === "function";
}
