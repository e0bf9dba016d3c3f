import { Linter } from "eslint";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import plugin from "../src/index.ts";

const names = Object.keys(plugin.rules);
const packageJson = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  name: string;
  version: string;
  dependencies?: object;
};

function lint(code: string, config: Linter.Config): readonly string[] {
  return new Linter().verify(code, [config]).map(({ ruleId, message }) => ruleId ?? message);
}

test("the plugin has the name and the version of its package, which has no dependencies", () => {
  expect(plugin.meta).toMatchObject({ name: packageJson.name, version: packageJson.version });
  expect(packageJson.dependencies).toBeUndefined();
});

describe.each(["recommended", "all"] as const)("the configuration %s", (name) => {
  test("has each rule, with options that the rule accepts", () => {
    const config = plugin.configs[name];
    expect(Object.keys(config.rules ?? {}).toSorted()).toEqual(
      names.map((rule) => `quorumlock/${rule}`).toSorted(),
    );
    expect(lint("let x;", config)).toEqual([]);
  });

  test("reports a lock that nothing has", () => {
    const code = `import { redlock } from "./locks.js"; async function f() { await redlock.acquire("a"); }`;
    expect(lint(code, plugin.configs[name])).toEqual(["quorumlock/release-on-all-paths"]);
  });
});

test.each(names)("%s refuses an unknown option", (name) => {
  const rules = { [`quorumlock/${name}`]: ["error", { unknown: 1 }] } as Linter.RulesRecord;
  const config = { plugins: { quorumlock: plugin }, rules };
  expect(() => lint("let x;", config)).toThrow(/quorumlock/);
});

describe("settings", () => {
  const withSettings = (quorumlock: unknown): (() => unknown) => {
    return () => lint("let x;", { ...plugin.configs.recommended, settings: { quorumlock } });
  };

  test.each([
    [
      { receiver: ["a"] },
      "settings.quorumlock.receiver: unknown setting; known settings: receivers, modules, tests",
    ],
    [{ receivers: "redlock" }, 'settings.quorumlock.receivers: "redlock" must be a list of strings'],
    [{ tests: 1 }, "settings.quorumlock.tests: 1 must be true or false"],
    [[], "settings.quorumlock: [] must be an object"],
  ])("%j is refused", (settings, message) => {
    expect(withSettings(settings)).toThrow(message);
  });
});
