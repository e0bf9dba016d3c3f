import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import plugin from "../src/index.ts";
import { makeEslint, programsOf } from "./support/lint.ts";

const directory = new URL("../docs/rules/", import.meta.url);
const names = Object.keys(plugin.rules);

test("each rule has a page, and each page a rule", () => {
  expect(readdirSync(directory).toSorted()).toEqual(names.map((name) => `${name}.md`).toSorted());
});

describe.each(names)("%s", (name) => {
  const page = readFileSync(new URL(`${name}.md`, directory), "utf8");
  const eslint = makeEslint({ [`quorumlock/${name}`]: "error" });
  const section = (title: string): string =>
    new RegExp(`^## ${title}\n([^]*?)(?=^## |(?![^]))`, "m").exec(page)?.[1] ?? "";
  const reports = async (code: string, language: string): Promise<readonly (string | null)[]> => {
    const [result] = await eslint.lintText(code, { filePath: `program.${language}` });
    return result!.messages.map(({ ruleId, message }) => ruleId ?? message);
  };

  test("the page begins with its description", () => {
    const { docs } = plugin.rules[name]!.meta ?? {};
    expect(page).toContain(`# ${name}\n\n${docs?.description}`);
    expect(docs?.url).toMatch(new RegExp(`/docs/rules/${name}\\.md$`));
  });

  test("the rule reports each program under Wrong", async () => {
    const programs = programsOf(section("Wrong"));
    expect(programs.length).toBeGreaterThan(0);
    for (const { code, language } of programs) {
      const found = await reports(code, language);
      // The code is here for the message of a failure.
      expect({ code, rules: [...new Set(found)] }).toEqual({ code, rules: [`quorumlock/${name}`] });
    }
  });

  test("the rule reports no program under Right", async () => {
    const programs = programsOf(section("Right"));
    expect(programs.length).toBeGreaterThan(0);
    for (const { code, language } of programs)
      expect({ code, rules: await reports(code, language) }).toEqual({ code, rules: [] });
  });

  test("the page has each option with its default, and no other", () => {
    const [schema] = (plugin.rules[name]!.meta?.schema ?? []) as readonly { properties: object }[];
    const rows = [...section("Options").matchAll(/^\| `(\w+)` +\|/gm)].map(([, option = ""]) => option);
    expect(rows.toSorted()).toEqual(Object.keys(schema?.properties ?? {}).toSorted());
  });
});
