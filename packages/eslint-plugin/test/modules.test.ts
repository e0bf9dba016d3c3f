import { Linter } from "eslint";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import plugin from "../src/index.ts";

/** Whether the rules know that the client of a file, which is in `src/orders`, is of the library. */
function isKnown(code: string, modules: readonly string[] = []): boolean {
  const linter = new Linter({ cwd: resolve("/project") });
  const config: Linter.Config = { ...plugin.configs.recommended, settings: { quorumlock: { modules } } };
  const reports = linter.verify(code, [config], { filename: resolve("/project/src/orders/a.js") });
  return reports.map(({ ruleId }) => ruleId).includes("quorumlock/release-on-all-paths");
}
const withImport = (module: string, name = "locks"): string =>
  `import { ${name} } from "${module}"; async function f() { await ${name}.acquire("a"); }`;

test.each([
  ["./src/locks.js", "../locks.js"],
  ["./src/locks.js", "../locks"],
  ["src/locks", "src/locks"],
  ["./src/locks", "../locks/index.js"],
  ["./src/locks", "../locks/write.js"],
  ["./src/index.js", ".."],
  ["./src", "../locks.js"],
  ["./src/orders/index.js", "."],
  ["src/../locks.js", "src/../locks.js"],
  ["./locks.js", "./../../locks.js"],
  [resolve("/project/src/orders/locks.ts"), "./locks.js"],
  ["@acme/locks", "@acme/locks/write"],
  ["#locks", "#locks"],
])("the setting %j knows an import from %j", (module, imported) => {
  expect(isKnown(withImport(imported), [module])).toBe(true);
});

test.each([
  ["./src/locks.js", "./locks.js"],
  ["./src/locks.js", "../locks-of-boats.js"],
  ["@acme/locks", "@acme/locks-of-boats"],
  ["./locks.js", "../locks.js"],
  ["./src", "../../locks.js"],
])("the setting %j is not the module %j", (module, imported) => {
  expect(isKnown(withImport(imported), [module])).toBe(false);
});

test.each(["../locks.js", "src/locks", "@acme/locks", "@/locks"])(
  "a client with a known name can come from %j",
  (module) => {
    expect(isKnown(withImport(module, "redlock"))).toBe(true);
  },
);

test.each([
  ["another lock library", `import { redlock } from "redis-semaphore"; redlock.acquire("a");`],
  [
    "a class of a package",
    `import Cache from "node-cache"; const redlock = new Cache(); redlock.acquire("a");`,
  ],
])("the name does not count for %s", (_, code) => {
  expect(isKnown(code)).toBe(false);
});
