import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import plugin from "../src/index.ts";
import { makeEslint, programsOf } from "./support/lint.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const rules = plugin.configs.recommended.rules as NonNullable<typeof plugin.configs.recommended.rules>;

/** All reports on the sources and the docs of this repository, with the reason of each. */
const SOURCES: readonly string[] = [
  // It fills servers with locks that last for its whole measurement.
  "scripts/measure-monitor.mjs ttl-range",
  // A loss changes nothing here: the routine records a moment, and sleeps.
  "examples/chunked-batch/worker.ts pass-signal",
  // The doubles of the stories make these mistakes on purpose.
  "examples/multi-tenant/worker.ts pass-signal",
  "examples/orders/careless-order.ts pass-signal",
];
const DOCS: readonly string[] = [
  // These programs show what happens at the end of a short wait, or to a lock that nobody has.
  "docs/migration.md release-on-all-paths",
  "docs/operator.md release-on-all-paths",
  "docs/policies.md ttl-range",
  "docs/primitives.md no-ignored-try-acquire",
  "docs/primitives.md release-on-all-paths",
  // This page shows how `diagnostics` finds the mistake at run time.
  "docs/diagnostics.md consistent-lock-order",
];

test("the parts of the library that use locks, the examples and the scripts", async () => {
  const eslint = makeEslint(rules, root);
  const results = await eslint.lintFiles([
    "packages/quorumlock/src/{compositions,operator,patterns,policies}/**/*.ts",
    "examples/**/*.ts",
    "scripts/*.mjs",
  ]);
  expect(results.length).toBeGreaterThan(150);
  const reports = results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message }) => `${filePath.slice(root.length)} ${nameOf(ruleId, message)}`),
  );
  expect([...new Set(reports)].toSorted()).toEqual([...SOURCES].toSorted());
});

test("the programs of the docs", async () => {
  const eslint = makeEslint(rules, root);
  const reports: string[] = [];
  const pages = [
    "README.md",
    ...readdirSync(`${root}docs`).flatMap((name) => (name.endsWith(".md") ? `docs/${name}` : [])),
  ];
  for (const page of pages) {
    for (const { code, language } of programsOf(readFileSync(root + page, "utf8"))) {
      const [result] = await eslint.lintText(code, { filePath: `${root}program.${language}` });
      for (const { ruleId, message } of result!.messages) reports.push(`${page} ${nameOf(ruleId, message)}`);
    }
  }
  expect([...new Set(reports)].toSorted()).toEqual([...DOCS].toSorted());
});

function nameOf(ruleId: string | null, message: string): string {
  return ruleId?.replace("quorumlock/", "") ?? message;
}
