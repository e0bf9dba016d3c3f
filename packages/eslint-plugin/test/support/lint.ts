import { ESLint, type Linter } from "eslint";
import plugin from "../../src/index.ts";
import { parser } from "./typescript-parser.ts";

/** An ESLint that runs only this plugin, on JavaScript and TypeScript. */
export function makeEslint(
  rules: NonNullable<Linter.Config["rules"]>,
  cwd?: string,
  parserOptions: Linter.ParserOptions = {},
): ESLint {
  return new ESLint({
    ...(cwd === undefined ? {} : { cwd }),
    overrideConfigFile: true,
    allowInlineConfig: false,
    overrideConfig: {
      files: ["**/*.{js,mjs,ts,tsx}"],
      plugins: { quorumlock: plugin },
      languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true }, ...parserOptions } },
      linterOptions: { reportUnusedDisableDirectives: "off" },
      rules,
    },
  });
}

/** The fenced programs of a page, with the line of each. */
export function programsOf(
  page: string,
): readonly { readonly line: number; readonly language: string; readonly code: string }[] {
  return [...page.matchAll(/^( *)```(js|ts)\n([^]*?)^ *```$/gm)].map(
    ({ index, 2: language = "", 3: code = "" }) => ({
      line: page.slice(0, index).split("\n").length,
      language,
      code,
    }),
  );
}
