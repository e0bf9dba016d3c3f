import type { TSESLint } from "@typescript-eslint/utils";
import type { JSONSchema4 } from "@typescript-eslint/utils/json-schema";
import { type LockFile, lockFile } from "./library/lock-file.ts";

export type RuleContext = Readonly<TSESLint.RuleContext<string, readonly unknown[]>>;
export type RuleModule = TSESLint.RuleModule<string, readonly unknown[]>;
type RuleListener = TSESLint.RuleListener;
export type Suggestions = TSESLint.ReportSuggestionArray<string>;

const DOCS = "https://github.com/quorumlock/quorumlock/blob/main/packages/eslint-plugin/docs/rules";

interface RuleDescription<Options extends object> {
  readonly name: string;
  readonly description: string;
  readonly type?: "problem" | "suggestion";
  readonly messages: Readonly<Record<string, string>>;
  readonly hasSuggestions?: boolean;
  /** The properties of the one options object. An unknown option is an error of the schema. */
  readonly properties?: Readonly<Record<keyof Options & string, JSONSchema4>>;
  readonly defaults: Options;
  readonly create: (context: RuleContext, file: LockFile, options: Options) => RuleListener;
}

/** Makes a rule with one options object, whose missing fields have their defaults. */
export function defineRule<Options extends object>(rule: RuleDescription<Options>): RuleModule {
  const { name, description, messages, hasSuggestions = false, properties, defaults } = rule;
  const schema: JSONSchema4[] =
    properties === undefined
      ? []
      : [{ type: "object", properties: { ...properties }, additionalProperties: false }];
  return {
    meta: {
      type: rule.type ?? "problem",
      docs: { description, url: `${DOCS}/${name}.md` },
      messages: { ...messages },
      hasSuggestions,
      schema,
    },
    defaultOptions: [],
    create(context) {
      // JSON, CSS and other languages of ESLint have no locks.
      if ((context.sourceCode.ast.type as string) !== "Program") return {};
      const options = { ...defaults, ...(context.options[0] as Partial<Options> | undefined) };
      return rule.create(context, lockFile(context), options);
    },
  };
}
