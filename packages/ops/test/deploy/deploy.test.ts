import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Registry } from "prom-client";
import { CircuitBreaker, Redlock } from "quorumlock";
import { exposeMetrics } from "quorumlock/prometheus";
import { startRedisServers } from "quorumlock/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { BUILT_IN_RULES } from "../../src/alerts/rules/built-in-rules.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const RULES = "deploy/prometheus/redlock-rules.yaml";

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: { readonly severity: string };
  readonly annotations?: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit: string; readonly noValue: string } };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

const { groups } = parse(read(RULES)) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const dashboard = JSON.parse(read("deploy/grafana/quorumlock.json")) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
];

function read(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

/** `undefined` on a machine that has no promtool and cannot install it. Then only the checks by promtool are left out. */
function findPromtool(): string | undefined {
  const script = `${ROOT}scripts/ensure-promtool.mjs`;
  const { stdout, stderr } = spawnSync(process.execPath, [script, "--optional"], { encoding: "utf8" });
  if (stdout.trim() !== "") return stdout.trim();
  console.warn(`NOT CHECKED with promtool: ${stderr}`);
  return undefined;
}

function promtool(
  ...args: readonly string[]
): { readonly status: number | null; readonly text: string } | undefined {
  const path = findPromtool();
  if (path === undefined) return undefined;
  const { status, stdout, stderr } = spawnSync(path, args, { cwd: ROOT, encoding: "utf8" });
  return { status, text: stdout + stderr };
}

/** The names of series in an expression, with the labels that it reads or groups by. */
function seriesOf(expr: string): readonly { readonly name: string; readonly labels: readonly string[] }[] {
  return [...expr.matchAll(/\b(redlock[a-z_:0-9]*)(?:\{([^}]*)\})?/g)].map(
    ([, name = "", matchers = ""]) => ({
      name,
      labels: [...matchers.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
    }),
  );
}

describe("the rules of Prometheus", () => {
  test("promtool accepts them, and their tests pass", ({ skip }) => {
    const checked = promtool("check", "rules", RULES);
    if (checked === undefined) return skip("promtool is missing");
    expect(checked).toMatchObject({ status: 0, text: expect.stringContaining("17 rules found") as string });
    expect(promtool("test", "rules", RULES.replace(".yaml", ".test.yaml"))).toMatchObject({ status: 0 });
  });

  test("every rule has a test, a text, a remedy and a section in the docs", () => {
    const tests = read("deploy/prometheus/redlock-rules.test.yaml");
    const docs = read("docs/operations.md");
    expect(alerts).toHaveLength(14);
    for (const { alert = "", annotations, labels } of alerts) {
      expect(tests).toContain(`"${alert}:`);
      expect(annotations?.summary).toMatch(/\.$/);
      expect(annotations?.description).toMatch(/\.$/);
      expect(["critical", "warning", "info"]).toContain(labels?.severity);
      const anchor = annotations?.runbook_url.split("#")[1] ?? "none";
      expect(docs).toContain(`### ${anchor}`);
    }
  });

  test("have the severities and times of the built-in rules", () => {
    const shown = alerts.map(({ labels, annotations, keep_firing_for: keep = "0s", ...rule }) => [
      annotations?.runbook_url.split("#")[1],
      labels?.severity,
      secondsOf(rule.for ?? "0s"),
      secondsOf(keep),
    ]);
    expect(shown).toEqual(
      BUILT_IN_RULES.map((rule) => [rule.name, rule.severity, rule.for / 1_000, (rule.keep ?? 0) / 1_000]),
    );
  });
});

function secondsOf(text: string): number {
  return Number.parseInt(text, 10) * (text.endsWith("m") ? 60 : 1);
}

describe("the series of rules and dashboard", () => {
  test("are all exported, with the labels that are read", async () => {
    await using servers = await startRedisServers(3, { args: ["--maxmemory", "100mb"] });
    await using redlock = new Redlock(
      servers.map(({ url }) => url),
      { restartGuard: false },
    );
    const register = new Registry();
    using metrics = exposeMetrics(redlock, { register, breakers: { payments: new CircuitBreaker() } });
    expect(metrics.stats.classes).toEqual([]);
    await (await redlock.acquire("order:42")).release();
    const exported = labelsOf(await register.metrics());
    const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
    // Prometheus itself adds these to every series.
    const added = ["job", "instance"];
    const problems = expressions.flatMap((expr) =>
      seriesOf(expr).flatMap(({ name, labels }) => {
        if (recorded.has(name)) return [];
        const known = exported.get(name);
        if (known === undefined) return [`${name} is not exported`];
        return labels
          .filter((label) => !known.has(label) && !added.includes(label))
          .map((label) => `${name} has no label ${label}`);
      }),
    );
    expect([...new Set(problems)]).toEqual([]);
    const all = new Set([...exported.values()].flatMap((labels) => [...labels]));
    for (const expr of expressions)
      for (const [, list = ""] of expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g))
        for (const label of list.split(",").map((each) => each.trim()))
          expect([...all, ...added]).toContain(label);
  });
});

/** The labels of each series of a scrape. */
function labelsOf(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, name = "", list = ""] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
    const labels = found.get(name) ?? new Set<string>();
    for (const [, label = ""] of list.matchAll(/([a-z_]+)="/g)) labels.add(label);
    found.set(name, labels);
  }
  return found;
}

describe("the dashboard of Grafana", () => {
  test("has the four rows, variables, units and texts for missing data", () => {
    const rows = dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    expect(rows).toEqual(["Can we lock?", "What callers feel", "Locks", "Servers"]);
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(["datasource", "job", "resource"]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { title, type, fieldConfig, datasource, targets = [] } of panels) {
      expect([title, targets.length > 0, datasource?.uid]).toEqual([title, true, "${datasource}"]);
      expect([title, fieldConfig?.defaults.unit]).not.toEqual([title, undefined]);
      expect([title, fieldConfig?.defaults.noValue]).toEqual([
        title,
        type === "table" ? "no alerts that fire, or no rules" : "no series: is the exporter scraped?",
      ]);
    }
  });

  test("no panel covers another one, and missing data is never green", () => {
    const cells = new Set<string>();
    for (const {
      gridPos: { x, y, w, h },
    } of dashboard.panels) {
      expect(x + w).toBeLessThanOrEqual(24);
      for (let dx = 0; dx < w; dx += 1)
        for (let dy = 0; dy < h; dy += 1) {
          const cell = `${x + dx},${y + dy}`;
          expect(cells.has(cell)).toBe(false);
          cells.add(cell);
        }
    }
    for (const { fieldConfig } of panels.filter(({ type }) => type === "stat"))
      expect(JSON.stringify(fieldConfig)).toContain(
        '"match":"null+nan","result":{"text":"no series: is the exporter scraped?","color":"text"}',
      );
  });

  test("promtool parses every expression", ({ skip }) => {
    const path = findPromtool();
    if (path === undefined) return skip("promtool is missing");
    const list = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const groupOf = list.map((expr, index) => ({
      record: `panel:${index}`,
      expr: expr.replaceAll("$__rate_interval", "5m").replaceAll("$__range", "1h"),
    }));
    const directory = mkdtempSync(join(tmpdir(), "quorumlock-panels-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const file = join(directory, "panels.yaml");
    writeFileSync(file, JSON.stringify({ groups: [{ name: "panels", rules: groupOf }] }));
    const { status, stdout, stderr } = spawnSync(path, ["check", "rules", file], { encoding: "utf8" });
    expect([status, stderr.replaceAll(file, "")]).toEqual([0, ""]);
    expect(stdout).toContain(`${list.length} rules found`);
  });
});

test("Alertmanager hides what the built-in alerts hide, within one job", () => {
  const { route, inhibit_rules: hidden } = parse(read("deploy/alertmanager/alertmanager.yaml")) as {
    readonly route: { readonly group_by: readonly string[] };
    readonly inhibit_rules: readonly {
      readonly source_matchers: readonly string[];
      readonly target_matchers: readonly string[];
      readonly equal: readonly string[];
    }[];
  };
  expect(route.group_by).toEqual(["job"]);
  const names = new Set(alerts.map(({ alert }) => alert));
  for (const { source_matchers: sources, target_matchers: targets, equal } of hidden) {
    expect(equal).toEqual(["job"]);
    for (const [name] of [...sources, ...targets].join(" ").matchAll(/Redlock\w+/g))
      expect(names).toContain(name);
  }
  expect(hidden).toHaveLength(2);
});
