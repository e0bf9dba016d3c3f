import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_TIMEOUT_MS } from "../../../src/cli/global-options.ts";
import { CONFIG_KEYS, readSettings } from "../../../src/cli/settings/settings.ts";
import { directoryWith } from "../support/run-command.ts";

const page = readFileSync(new URL("../../../../../docs/command.md", import.meta.url), "utf8");

test("the configuration of docs/command.md names every key, and has no mistake but its files that are missing", async () => {
  const [, documented = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  for (const key of CONFIG_KEYS) expect(documented).toMatch(new RegExp(`^#? ?${key}:`, "m"));
  const config = join(directoryWith({ "quorumlock.yaml": documented }), "quorumlock.yaml");
  const problems = await readSettings({ config, timeout: DEFAULT_TIMEOUT_MS }, {}, [
    "monitor",
    "alerts",
  ]).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
  const others = problems.split("\n").filter((line) => !line.endsWith("cannot be read (ENOENT)"));
  expect(others.filter((line) => line !== "")).toEqual([]);
});
