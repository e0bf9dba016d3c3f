import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { resolveAlertSettings } from "../../src/alerts/config/alert-settings.ts";
import { nearestKey } from "../../src/config/nearest-key.ts";
import { ConfigError, readAlertsConfig } from "../../src/alerts/index.ts";

function directoryWith(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-alerts-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

async function problemsOf(value: unknown, directory = directoryWith()): Promise<readonly string[]> {
  try {
    await readAlertsConfig(value, directory);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

describe("a configuration", () => {
  test("without anything has all rules and no channel", async () => {
    for (const value of [undefined, null, {}]) {
      const { rules, channels, evaluateMs } = resolveAlertSettings(await readAlertsConfig(value, "."));
      expect([rules.length, channels.length, evaluateMs]).toEqual([14, 0, 30_000]);
    }
  });

  test("sets channels, rules and times; the secrets come from files", async () => {
    const directory = directoryWith({
      secret: "the-shared-secret\n",
      password: "pa55word\n",
      "own.mjs":
        "export const rules = { mine: () => 'It is wrong.' }; export const channels = { pager: () => undefined };",
    });
    const settings = await readAlertsConfig(
      {
        evaluate: "10s",
        suppress: 60_000,
        slack_webhook: "https://hooks.slack.com/services/T/B/x",
        webhook: "https://example.com/hook",
        webhook_secret_file: "secret",
        email_smtp: "smtp.example.com:587",
        email_from: "locks@example.com",
        email_to: ["anna@example.com"],
        email_password_file: "password",
        log: true,
        custom: "./own.mjs",
        rules: { long_wait: { above: "1m", for: "2m" }, memory: { enabled: false }, unsafe: null },
      },
      directory,
    );
    const { channels, rules, evaluateMs, suppressMs } = resolveAlertSettings(settings);
    expect(channels.map(({ name }) => name)).toEqual(["slack", "webhook", "mail", "log", "pager"]);
    expect([evaluateMs, suppressMs]).toEqual([10_000, 60_000]);
    expect(rules.find(({ name }) => name === "long_wait")?.for).toBe(120_000);
    expect(rules.map(({ name }) => name)).not.toContain("memory");
    expect(rules.map(({ name }) => name)).toContain("mine");
  });

  test("reports all mistakes at once, with the field, the value and the key that was meant", async () => {
    const problems = await problemsOf({
      slack_webhok: "https://x",
      evaluate: 5,
      suppress: "5 minutes",
      webhook: "ftp://example.com/secret",
      email_smtp: "smtp.example.com:99999",
      email_to: ["a@example.com\nBcc: b@example.com"],
      email_password_file: "missing",
      log: "yes",
      rules: {
        long_wiat: {},
        memory: { above: 90 },
        quorum_lost: { severity: "urgent", above: 3 },
        high_failure_rate: "on",
      },
    });
    expect(problems).toEqual(
      [
        "`alerts.slack_webhok` is not a known key; did you mean `slack_webhook`?",
        "`alerts.evaluate`: 5 must be a number from 1000 to 300000",
        '`alerts.suppress`: "5 minutes" must be milliseconds, or a duration such as 500ms, 30s or 5m',
        "`alerts.rules.long_wiat` is not a known key; did you mean `long_wait`?",
        '`alerts.rules.high_failure_rate`: "on" must be an object',
        "`alerts.rules.quorum_lost.above` is not a known key; the keys are enabled, for, keep, severity, window, classes",
        '`alerts.rules.quorum_lost.severity`: "urgent" must be one of critical, warning, info',
        "`alerts.rules.memory.above`: 90 must be a number from 0 to 1",
        "`alerts.webhook`: the value must be a URL that begins with https:// or http://",
        '`alerts.email_password_file`: "missing" cannot be read (ENOENT)',
        '`alerts.email_smtp`: "smtp.example.com:99999": port must be 1 to 65535',
        '`alerts.email_to[0]`: "a@example.com\\nBcc: b@example.com" must be one e-mail address, such as alerts@example.com',
        '`alerts.log`: "yes" must be true or false',
      ].toSorted((a, b) => problems.indexOf(a) - problems.indexOf(b)),
    );
    expect(problems.join()).not.toContain("ftp://example.com/secret");
  });

  test("reports parts of e-mail that are missing", async () => {
    expect(await problemsOf({ email_smtp: "localhost" })).toEqual([
      "`alerts.email_from` is needed with `email_smtp`",
      "`alerts.email_to` needs at least one address with `email_smtp`",
    ]);
    expect(await problemsOf({ email_to: ["a@example.com"] })).toEqual([
      "`alerts.email_smtp` is needed for e-mail: `host:port` of the mail server",
    ]);
    expect(await problemsOf({ webhook_secret_file: "s" }, directoryWith({ s: "secret" }))).toEqual([
      "`alerts.webhook_secret_file` needs `webhook`, too",
    ]);
  });

  test("reports a module that cannot be loaded, and one with wrong parts", async () => {
    expect((await problemsOf({ custom: "missing.mjs" }))[0]).toContain('"missing.mjs" cannot be loaded');
    const directory = directoryWith({
      "own.mjs":
        "export const rules = { memory: () => '', 'Bad name': () => '', x: 3 }; export const channels = { y: 4 };",
    });
    expect(await problemsOf({ custom: "own.mjs" }, directory)).toEqual([
      "`alerts.custom.memory` has the name of a built-in rule; choose another one",
      "`alerts.custom.Bad name` must have a name of lower case letters, digits and _",
      "`alerts.custom.x` must be a function, or an object with the function `find`",
      "`alerts.custom.y` must be a function",
    ]);
  });

  test("every typing error of one letter gets the right suggestion", () => {
    const keys = [
      "slack_webhook",
      "email_smtp",
      "email_from",
      "email_to",
      "suppress",
      "repeat",
      "long_wait",
      "no_spare",
    ];
    for (const key of keys)
      for (let index = 0; index < key.length; index += 1) {
        const typos = [
          key.slice(0, index) + key.slice(index + 1),
          `${key.slice(0, index)}q${key.slice(index)}`,
          `${key.slice(0, index)}q${key.slice(index + 1)}`,
          key.slice(0, index) + (key[index + 1] ?? "") + (key[index] ?? "") + key.slice(index + 2),
        ];
        for (const typo of typos.filter((each) => each !== key))
          expect([typo, nearestKey(typo, keys)]).toEqual([typo, key]);
      }
    expect(nearestKey("password", keys)).toBeUndefined();
  });
});

test("settings in code are checked in the same way", () => {
  const channel = { name: "mine", send: () => Promise.resolve(undefined) };
  expect(() =>
    resolveAlertSettings({
      repeat: 1,
      channels: [channel, channel],
      rules: { long_wait: { above: -1 } },
      ownRules: { "no-dash": () => undefined },
      ...({ chanels: [] } as object),
    }),
  ).toThrow(
    [
      "`chanels` is not a known key; did you mean `channels`?",
      '`channels[1].name`: "mine" is the name of another channel; set `name`',
      "`repeat`: 1 must be a number from 60000 to 604800000",
      "`rules.long_wait.above`: -1 must be a number from 0 to 86400000",
      "`ownRules.no-dash` must have a name of lower case letters, digits and _",
    ].join("\n"),
  );
});
