import { readFileSync } from "node:fs";
import type { ESLint, Linter, Rule } from "eslint";
import type { RuleModule } from "./rule.ts";
import { consistentLockOrder } from "./rules/consistent-lock-order.ts";
import { noIgnoredTryAcquire } from "./rules/no-ignored-try-acquire.ts";
import { noNetworkInLock } from "./rules/no-network-in-lock.ts";
import { noUnlockedFallback } from "./rules/no-unlocked-fallback.ts";
import { passSignal } from "./rules/pass-signal.ts";
import { releaseOnAllPaths } from "./rules/release-on-all-paths.ts";
import { ttlRange } from "./rules/ttl-range.ts";

const RULES: Readonly<Record<string, RuleModule>> = {
  "consistent-lock-order": consistentLockOrder,
  "no-ignored-try-acquire": noIgnoredTryAcquire,
  "no-network-in-lock": noNetworkInLock,
  "no-unlocked-fallback": noUnlockedFallback,
  "pass-signal": passSignal,
  "release-on-all-paths": releaseOnAllPaths,
  "ttl-range": ttlRange,
};

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** The plugin with its rules and its configurations. */
export interface QuorumlockPlugin extends ESLint.Plugin {
  readonly rules: Record<string, Rule.RuleModule>;
  readonly configs: {
    /** All rules, with what is surely wrong as an error and the rest as a warning. */
    readonly recommended: Linter.Config;
    /** All rules as errors, also the checks that many projects do not want. */
    readonly all: Linter.Config;
  };
}

const plugin = {
  meta: { name: "@quorumlock/eslint-plugin", version, namespace: "quorumlock" },
  rules: RULES as unknown as Record<string, Rule.RuleModule>,
} satisfies Omit<QuorumlockPlugin, "configs">;

function config(name: string, rules: Linter.RulesRecord): Linter.Config {
  return { name: `quorumlock/${name}`, plugins: { quorumlock: plugin }, rules };
}

const complete: QuorumlockPlugin = {
  ...plugin,
  configs: {
    recommended: config("recommended", {
      "quorumlock/consistent-lock-order": "error",
      "quorumlock/no-ignored-try-acquire": "error",
      "quorumlock/no-network-in-lock": "warn",
      "quorumlock/no-unlocked-fallback": "error",
      "quorumlock/pass-signal": "warn",
      "quorumlock/release-on-all-paths": "error",
      "quorumlock/ttl-range": "error",
    }),
    all: config("all", {
      "quorumlock/consistent-lock-order": "error",
      "quorumlock/no-ignored-try-acquire": ["error", { tryUsing: true }],
      "quorumlock/no-network-in-lock": "error",
      "quorumlock/no-unlocked-fallback": "error",
      "quorumlock/pass-signal": ["error", { minAwaits: 1 }],
      "quorumlock/release-on-all-paths": "error",
      "quorumlock/ttl-range": ["error", { minWait: 100 }],
    }),
  },
};

export default complete;
// `require` returns the plugin itself.
export { complete as "module.exports" };
