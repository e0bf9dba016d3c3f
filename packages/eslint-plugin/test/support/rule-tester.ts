import { type Rule, RuleTester } from "eslint";
import { describe, it } from "vitest";
import plugin from "../../src/index.ts";
import { parser } from "./typescript-parser.ts";

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

type Valid = Parameters<RuleTester["run"]>[2]["valid"][number];
type Invalid = Parameters<RuleTester["run"]>[2]["invalid"][number];

export interface Cases {
  /** Cases for both parsers. */
  readonly valid: readonly Valid[];
  readonly invalid: readonly Invalid[];
  /** Cases with TypeScript syntax. */
  readonly typescript?: { readonly valid?: readonly Valid[]; readonly invalid?: readonly Invalid[] };
}

/** Puts a client and an async function around statements. The client is of the library. */
export function inFunction(body: string): string {
  return `import { Redlock } from "quorumlock";\nconst redlock = new Redlock([]);\nasync function f(x) {\n${body}\n}`;
}

/** Runs the cases with the parser of ESLint and with the one of TypeScript. */
export function testRule(name: string, { valid, invalid, typescript = {} }: Cases): void {
  const rule = plugin.rules[name] as Rule.RuleModule;
  const languageOptions = { ecmaVersion: 2026, sourceType: "module" } as const;
  describe("parsed by ESLint", () => {
    new RuleTester({ languageOptions }).run(name, rule, { valid: [...valid], invalid: [...invalid] });
  });
  describe("parsed as TypeScript", () => {
    new RuleTester({ languageOptions: { ...languageOptions, parser } }).run(name, rule, {
      valid: [...valid, ...(typescript.valid ?? [])],
      invalid: [...invalid, ...(typescript.invalid ?? [])],
    });
  });
}
