export { Alerts, type AlertsOptions } from "./alerts.ts";
export type { AlertView } from "./alert-view.ts";
export type { AlertClock } from "./clock.ts";
export type { AlertLine, AlertMessage } from "./message.ts";
export type { AlertLabels, AlertRule, AlertSeverity, EndedAlert, Finding, RuleView } from "./rule.ts";
export type { RuleSettings } from "./rules/rule-definition.ts";
export type { AlertSettings } from "./config/alert-settings.ts";
export { readAlertsConfig } from "./config/alerts-config.ts";
export type { OwnFindings, OwnRule, OwnRules, RuleFunction } from "./config/own-rule.ts";
export { ConfigError, type ConfigProblem } from "../config/problem.ts";
export type { AlertChannel } from "./channels/channel.ts";
export { customChannel, type SendFunction } from "./channels/custom.ts";
export type { DeliveryCounts } from "./channels/delivery.ts";
export { emailChannel, type EmailOptions } from "./channels/email.ts";
export { logChannel, type LogOptions } from "./channels/log.ts";
export { slackChannel, type SlackOptions } from "./channels/slack.ts";
export { webhookChannel, type WebhookOptions } from "./channels/webhook.ts";
export type {
  AlertFigures,
  BlockingLock,
  ClassCounts,
  ClassFigures,
  LossFigures,
  NamedLock,
  QuorumFigures,
  ServerFigures,
} from "./figures/alert-figures.ts";
export type { AlertSource } from "./figures/alert-source.ts";
export type { ProcessSourceOptions } from "./figures/process-source.ts";
