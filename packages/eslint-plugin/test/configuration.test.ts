import { ESLint, type Linter } from "eslint";
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import plugin from "../src/index.ts";
import { programsOf } from "./support/lint.ts";
import { parser } from "./support/typescript-parser.ts";

const [JAVASCRIPT, TYPESCRIPT] = [
  `async function f(redlock) { await redlock.acquire("a"); }`,
  `async function f(redlock: any): Promise<void> { await redlock.acquire("a"); }`,
];

describe.each(["../README.md", "../../../docs/lint.md"])("the configurations in %s", (page) => {
  const text = readFileSync(new URL(page, import.meta.url), "utf8");
  const configurations = programsOf(text).flatMap(({ code }) => {
    const [, list] = /export default (\[[^]*\]);/.exec(code) ?? [];
    return list === undefined ? [] : [list];
  });
  /** Runs ESLint with the configuration as it stands on the page. */
  const reports = async (list: string, file: string, code: string): Promise<readonly (string | null)[]> => {
    const makeConfiguration = runInThisContext(`(quorumlock, tseslint) => ${list}`) as (
      ...packages: readonly unknown[]
    ) => Linter.Config[];
    const overrideConfig = makeConfiguration(plugin, { parser });
    const eslint = new ESLint({ overrideConfigFile: true, overrideConfig });
    if (await eslint.isPathIgnored(file)) return ["ignored"];
    const [result] = await eslint.lintText(code, { filePath: file });
    return result!.messages.map(({ ruleId, message }) => ruleId ?? message);
  };

  test.each(configurations)("%s lints JavaScript", async (list) => {
    expect(await reports(list, "a.js", JAVASCRIPT)).toEqual(["quorumlock/release-on-all-paths"]);
  });

  test.each(configurations.filter((list) => list.includes("tseslint")))(
    "%s lints TypeScript",
    async (list) => {
      for (const file of ["a.ts", "a.tsx", "a.mts"])
        expect(await reports(list, file, TYPESCRIPT)).toEqual(["quorumlock/release-on-all-paths"]);
    },
  );

  test("one of them is for TypeScript", () => {
    expect(configurations.some((list) => list.includes("tseslint"))).toBe(true);
  });
});

test("files of another language have no locks", async () => {
  // As JSON and CSS, whose trees have no list of statements.
  const ast = { type: "Document", body: {}, loc: {}, range: [0, 2] };
  const language = {
    fileType: "text",
    lineStart: 1,
    columnStart: 1,
    nodeTypeKey: "type",
    visitorKeys: { Document: [] },
    validateLanguageOptions: () => undefined,
    parse: () => ({ ok: true, ast }),
    createSourceCode: ({ body: text }: { body: string }) => ({ text, ast, traverse: () => [] }),
  };
  const json = { languages: { json: language } } as unknown as ESLint.Plugin;
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [
      { files: ["**/*.json"], plugins: { other: json }, language: "other/json" },
      plugin.configs.recommended,
    ],
  });
  const [result] = await eslint.lintText("{}", { filePath: "a.json" });
  expect(result!.messages).toEqual([]);
});
