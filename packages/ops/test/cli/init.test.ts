import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configTemplate } from "../../src/cli/config/config-template.ts";
import { DEFAULT_TIMEOUT_MS } from "../../src/cli/global-options.ts";
import { CONFIG_KEYS, readSettings, type Settings } from "../../src/cli/settings/settings.ts";
import { directoryWith, runCommand } from "./support/run-command.ts";

function settingsOf(text: string): Promise<Settings> {
  const config = join(directoryWith({ "quorumlock.yaml": text }), "quorumlock.yaml");
  return readSettings({ config, timeout: DEFAULT_TIMEOUT_MS }, {});
}

test("writes a file that can be read, and never overwrites one", async () => {
  const cwd = directoryWith();
  const file = join(cwd, "my locks.yaml");
  const first = await runCommand(["init", "my locks.yaml", "--instances", "a:1,rediss://b:2"], { cwd });
  expect(first).toMatchObject({
    code: 0,
    stdout: "Wrote my locks.yaml. Check it with: quorumlock health --config 'my locks.yaml'\n",
  });
  const { servers } = await readSettings({ config: file, timeout: DEFAULT_TIMEOUT_MS }, {});
  expect(servers.map(({ url }) => url)).toEqual(["redis://a:1", "rediss://b:2"]);
  writeFileSync(file, "mine");
  const second = await runCommand(["init", "my locks.yaml"], { cwd });
  expect(second).toMatchObject({
    code: 73,
    stdout: "",
    stderr: "my locks.yaml: it is there already, and init never overwrites; give another name\n",
  });
  expect(readFileSync(file, "utf8")).toBe("mine");
});

test("the password of a URL does not get into the file", async () => {
  const cwd = directoryWith();
  await runCommand(["init", "--instances", "redis://ann:topsecret@a:1"], { cwd });
  expect(readFileSync(join(cwd, "quorumlock.yaml"), "utf8")).not.toContain("topsecret");
});

test("every key of the template is known, and the defaults that it shows are the defaults", async () => {
  const template = configTemplate(["a:1", "b:1", "c:1"]);
  // Without the marks of comments, all keys are set. Those of files stay out, because there are no files.
  const active = template
    .replace(/^#(?= *(?:[a-z_]+:|- \{| {3}))/gm, "")
    .replace(/^ (?=\S)/gm, "")
    .split("\n")
    .filter(
      (line) => !/_file|- url:|name: d|username:|cluster:|tls: \{ ca/.test(line) || line.startsWith("#"),
    )
    .join("\n");
  for (const key of CONFIG_KEYS) expect(template).toMatch(new RegExp(`^(?:# )?${key}:`, "m"));
  const settings = await settingsOf(active);
  const defaults = await settingsOf("redis_instances: [a:1, b:1, c:1]");
  expect(settings.servers).toEqual(defaults.servers);
  expect([settings.exec, settings.prefix]).toEqual([defaults.exec, defaults.prefix]);
  expect(settings.lockDefaults).toEqual(defaults.lockDefaults);
  expect(settings.monitoring.isEnabled).toBe(defaults.monitoring.isEnabled);
});
