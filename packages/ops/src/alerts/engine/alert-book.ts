import type { AlertFigures, ClassCounts } from "../figures/alert-figures.ts";
import type { AlertClock } from "../clock.ts";
import { type AlertRule, DEFAULT_WINDOW_MS, type Finding, type RuleView } from "../rule.ts";
import { formatSpan, oneLine, showName } from "../texts.ts";
import { type Alert, compareAlerts, keyOf, SIGNS } from "./alert.ts";
import { CounterWindows } from "./counter-windows.ts";
import { hideAlerts } from "./hide-alerts.ts";

/** How long lists show a resolved alert. */
const SHOW_RESOLVED_MS = 300_000;
/** How long an alert keeps firing without any data about it. */
const MAX_UNKNOWN_MS = 3_600_000;
/** Alerts of one rule. A rule that finds more is cut, so that memory is bounded. */
const MAX_FINDINGS = 200;

/** An evaluation that comes so much later than it was planned shows that the process was paused. */
const LATE_MS = 10_000;

export interface AlertBookOptions {
  /** The time between two evaluations. @default not known */
  readonly evaluateMs?: number | undefined;
  /** Whether the first counts are an increase: their source began with this book. @default false */
  readonly countsFromZero?: boolean | undefined;
}

/** The name of the alert about a rule that throws. */
const RULE_FAILED = "rule_failed";

/** Evaluates all rules, and knows the state of each alert. */
export class AlertBook {
  readonly #rules: readonly AlertRule[];
  readonly #clock: AlertClock;
  readonly #windows: CounterWindows;
  readonly #evaluateMs: number;
  /** When the next evaluation must have come, unless the process was paused. */
  #expectedBy = Infinity;
  readonly #alerts = new Map<string, Alert>();

  constructor(rules: readonly AlertRule[], clock: AlertClock, options: AlertBookOptions = {}) {
    const { evaluateMs = Infinity, countsFromZero = false } = options;
    this.#rules = rules;
    this.#clock = clock;
    this.#windows = new CounterWindows(countsFromZero);
    this.#evaluateMs = evaluateMs;
  }

  /** Alerts that fire or have resolved in the last 5 minutes, worst first. */
  get visible(): readonly Alert[] {
    return [...this.#alerts.values()].filter(({ state }) => state !== "pending").toSorted(compareAlerts);
  }

  /** How long until a pending alert can fire, or one that is kept can resolve. `undefined` if there is none. */
  get dueInMs(): number | undefined {
    const now = this.#clock.monotonic();
    const dues = [...this.#alerts.values()].flatMap(({ state, rule, activeAt, missingSince }) => {
      if (state === "pending") return activeAt + (rule.for ?? 0) - now;
      if (state === "firing" && missingSince !== undefined) return missingSince + (rule.keep ?? 0) - now;
      return [];
    });
    return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues));
  }

  /** Evaluates the rules. Returns the alerts that have resolved now. */
  evaluate(figures: AlertFigures): readonly Alert[] {
    const now = this.#clock.monotonic();
    if (now > this.#expectedBy) this.#restartPending(now);
    if (figures.classes !== undefined) this.#windows.add(now, figures.classes);
    const resolved: Alert[] = [];
    const failures: Finding[] = [];
    for (const rule of this.#rules) {
      const view = this.#viewOf(rule, figures, now);
      try {
        this.#apply(rule, view, now, resolved, hasNeeded(rule, figures) ? rule.find(view) : undefined);
      } catch (error) {
        failures.push(failureOf(rule, error));
        this.#apply(rule, view, now, resolved, undefined);
      }
    }
    this.#apply(FAILED_RULE, this.#viewOf(FAILED_RULE, figures, now), now, resolved, failures);
    this.#forget(now);
    hideAlerts(this.#alerts.values(), figures, now);
    this.#expectedBy = now + Math.min(this.#evaluateMs, this.dueInMs ?? Infinity) + LATE_MS;
    return resolved;
  }

  /** This process was paused, so nobody knows whether what it had found lasted. */
  #restartPending(now: number): void {
    for (const alert of this.#alerts.values()) if (alert.state === "pending") alert.activeAt = now;
  }

  #viewOf(rule: AlertRule, figures: AlertFigures, now: number): RuleView {
    const windowMs = rule.window ?? DEFAULT_WINDOW_MS;
    const { classes } = rule;
    return {
      figures,
      windowMs,
      now: this.#clock.wall(),
      increase: (resource) => this.#windows.increase(now, resource, windowMs),
      classes: (figures.classes ?? []).filter(({ resource }) => classes?.includes(resource) !== false),
    };
  }

  /** `findings` is `undefined` if the rule has no data. */
  #apply(
    rule: AlertRule,
    view: RuleView,
    now: number,
    resolved: Alert[],
    findings: readonly Finding[] | undefined,
  ): void {
    const found = new Set<string>();
    for (const finding of (findings ?? []).slice(0, MAX_FINDINGS)) {
      const key = keyOf(rule.name, finding.labels);
      found.add(key);
      this.#applyFinding(rule, key, finding, view, now);
    }
    for (const alert of this.#alerts.values()) {
      if (alert.rule !== rule || alert.state === "resolved" || found.has(alert.key)) continue;
      if (alert.state === "pending") this.#alerts.delete(alert.key);
      else if (findings === undefined || rule.isKnown?.(alert.labels, view) === false)
        this.#keepUnknown(alert, now);
      else this.#miss(alert, view, now, resolved);
    }
  }

  #applyFinding(rule: AlertRule, key: string, finding: Finding, view: RuleView, now: number): void {
    const known = this.#alerts.get(key);
    const isNew = known === undefined || known.state === "resolved";
    const alert: Alert = isNew
      ? {
          key,
          rule,
          labels: finding.labels,
          severity: rule.severity,
          state: "pending",
          text: "",
          remedy: undefined,
          sinceAt: view.now,
          activeAt: now,
          foundAt: now,
          missingSince: undefined,
          resolvedAt: undefined,
          countsBefore: this.#windows.total,
          lostInClass: 0,
          hiddenBy: undefined,
        }
      : known;
    if (isNew) this.#alerts.set(key, alert);
    alert.text = `${SIGNS[alert.severity]} ${oneLine(finding.text)}`;
    alert.remedy = finding.remedy ?? rule.remedy;
    alert.lostInClass = Math.max(alert.lostInClass, this.#lostIn(finding, view));
    alert.foundAt = now;
    alert.missingSince = undefined;
    if (now - alert.activeAt >= (rule.for ?? 0)) alert.state = "firing";
  }

  #lostIn({ labels }: Pick<Finding, "labels">, { increase }: RuleView): number {
    return labels.resource === undefined ? 0 : increase(labels.resource).lost;
  }

  #keepUnknown(alert: Alert, now: number): void {
    alert.missingSince = undefined;
    if (now - alert.foundAt > MAX_UNKNOWN_MS) this.#alerts.delete(alert.key);
  }

  #miss(alert: Alert, view: RuleView, now: number, resolved: Alert[]): void {
    alert.missingSince ??= now;
    if (now - alert.missingSince < (alert.rule.keep ?? 0)) return;
    alert.state = "resolved";
    alert.resolvedAt = now;
    alert.text = `${SIGNS.resolved} ${oneLine(this.#describeEnd(alert, view, now))}`;
    alert.remedy = undefined;
    resolved.push(alert);
  }

  #describeEnd(alert: Alert, view: RuleView, now: number): string {
    const lastedMs = (alert.missingSince ?? now) - alert.activeAt;
    const total = this.#windows.total;
    const before = alert.countsBefore;
    const fallback = `${describeLabels(alert)} has ended, after ${formatSpan(lastedMs)}.`;
    try {
      return (
        alert.rule.describeEnd?.(
          {
            labels: alert.labels,
            lastedMs,
            failed: failedOf(total) - failedOf(before),
            lost: total.lost - before.lost,
            lostInClass: alert.lostInClass,
          },
          view,
        ) ?? fallback
      );
    } catch {
      return fallback;
    }
  }

  #forget(now: number): void {
    for (const { key, state, resolvedAt } of this.#alerts.values())
      if (state === "resolved" && now - (resolvedAt ?? now) > SHOW_RESOLVED_MS) this.#alerts.delete(key);
  }
}

const FAILED_RULE: AlertRule = {
  name: RULE_FAILED,
  severity: "warning",
  remedy: "correct the function of the rule",
  find: () => [],
  describeEnd: ({ labels: { rule = "" } }) => `The rule ${showName(rule)} works again.`,
};

function failureOf({ name }: AlertRule, error: unknown): Finding {
  const why = error instanceof Error ? error.message : String(error);
  return { labels: { rule: name }, text: `The rule ${showName(name)} failed, so it finds nothing: ${why}` };
}

function hasNeeded({ needs }: AlertRule, figures: AlertFigures): boolean {
  return needs === undefined || figures[needs] !== undefined;
}

function failedOf({ timedOut, noQuorum }: ClassCounts): number {
  return timedOut + noQuorum;
}

function describeLabels({ rule, labels }: Alert): string {
  const values = Object.values(labels).map(showName).join(", ");
  return values === "" ? rule.name : `${rule.name} (${values})`;
}
