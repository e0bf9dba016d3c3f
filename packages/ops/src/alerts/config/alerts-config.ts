import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AlertChannel } from "../channels/channel.ts";
import { customChannel, type SendFunction } from "../channels/custom.ts";
import { emailChannel } from "../channels/email.ts";
import { logChannel } from "../channels/log.ts";
import { slackChannel } from "../channels/slack.ts";
import { webhookChannel } from "../channels/webhook.ts";
import { BUILT_IN_RULES } from "../rules/built-in-rules.ts";
import type { RuleSettings } from "../rules/rule-definition.ts";
import { type AlertSettings, checkTimes } from "./alert-settings.ts";
import { Checker, type Path } from "../../config/checker.ts";
import { checkRules } from "./check-rules.ts";
import { checkOwnRules, type OwnRules } from "./own-rule.ts";
import { ConfigError } from "../../config/problem.ts";
import { readSecretFile } from "../../config/secret-file.ts";

/** The keys of `alerts:` in a configuration file. */
const KEYS = [
  "evaluate",
  "suppress",
  "repeat",
  "group",
  "slack_webhook",
  "webhook",
  "webhook_secret_file",
  "email_smtp",
  "email_from",
  "email_to",
  "email_password_file",
  "log",
  "custom",
  "rules",
];

const MAX_PORT = 65_535;
const DEFAULT_SMTP_PORT = 587;
const ADDRESS = /^[^\s<>@,;"\p{Cc}]+@[^\s<>@,;"\p{Cc}]+$/u;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The settings of the part `alerts:` of a configuration file. Relative paths begin at `directory`. With `isFormOnly`, no file with a secret
 * is read and no module is loaded, so own rules and channels are missing.
 *
 * @throws ConfigError with all problems at once. No problem shows a secret.
 */
export async function readAlertsConfig(
  value: unknown,
  directory: string,
  { isFormOnly = false }: { readonly isFormOnly?: boolean } = {},
): Promise<AlertSettings> {
  const checker = new Checker({ isFormOnly });
  const path = ["alerts"];
  const fields = checker.object(path, value, KEYS);
  const times = checkTimes(checker, path, fields);
  checkRules(checker, [...path, "rules"], fields.rules);
  const secretOf = (key: string): Promise<string | undefined> =>
    readSecretFile(checker, [...path, key], fields[key], directory);
  const channels: (AlertChannel | undefined)[] = [
    slackOf(checker, path, fields),
    webhookOf(checker, path, fields, await secretOf("webhook_secret_file")),
    emailOf(checker, path, fields, await secretOf("email_password_file")),
    checker.boolean([...path, "log"], fields.log) === true ? logChannel() : undefined,
  ];
  const custom = await readModule(checker, [...path, "custom"], fields.custom, directory);
  if (checker.problems.length > 0) throw new ConfigError(checker.problems);
  return {
    evaluate: times.evaluateMs,
    suppress: times.suppressMs,
    repeat: times.repeatMs,
    group: times.groupMs,
    rules: (fields.rules ?? {}) as Readonly<Record<string, RuleSettings>>,
    channels: [...channels.flatMap((channel) => channel ?? []), ...custom.channels],
    ownRules: custom.rules,
  };
}

function slackOf(checker: Checker, path: Path, fields: Fields): AlertChannel | undefined {
  const webhook = checker.url([...path, "slack_webhook"], fields.slack_webhook);
  return webhook === undefined ? undefined : slackChannel({ webhook });
}

function webhookOf(
  checker: Checker,
  path: Path,
  fields: Fields,
  secret: string | undefined,
): AlertChannel | undefined {
  const url = checker.url([...path, "webhook"], fields.webhook);
  if (url !== undefined) return webhookChannel({ url, secret });
  if (secret !== undefined) checker.add([...path, "webhook_secret_file"], " needs `webhook`, too");
  return undefined;
}

function emailOf(
  checker: Checker,
  path: Path,
  fields: Fields,
  password: string | undefined,
): AlertChannel | undefined {
  const at = (key: string): Path => [...path, key];
  const before = checker.problems.length;
  const server = smtpServer(checker, at("email_smtp"), fields.email_smtp);
  const from = address(checker, at("email_from"), fields.email_from);
  const to = (checker.texts(at("email_to"), fields.email_to) ?? []).flatMap(
    (each, index) => address(checker, [...at("email_to"), index], each) ?? [],
  );
  if (checker.problems.length > before) return undefined;
  if (server === undefined) {
    if (from !== undefined || to.length > 0 || password !== undefined)
      checker.add(at("email_smtp"), " is needed for e-mail: `host:port` of the mail server");
    return undefined;
  }
  if (from === undefined) checker.add(at("email_from"), " is needed with `email_smtp`");
  if (to.length === 0) checker.add(at("email_to"), " needs at least one address with `email_smtp`");
  if (from === undefined || to.length === 0) return undefined;
  return emailChannel({ ...server, password, from, to });
}

function smtpServer(
  checker: Checker,
  path: Path,
  value: unknown,
): { readonly host: string; readonly port: number } | undefined {
  const text = checker.hiding.text(path, value);
  if (text === undefined) return undefined;
  const [, host, digits] = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d+))?$/i.exec(text) ?? [];
  const port = digits === undefined ? DEFAULT_SMTP_PORT : Number(digits);
  if (host === undefined) checker.add(path, ": the value must be `host:port`, without a password");
  else if (port < 1 || port > MAX_PORT)
    checker.add(path, `: ${JSON.stringify(text)}: port must be 1 to ${MAX_PORT}`);
  else return { host: host.replace(/^\[|\]$/g, ""), port };
  return undefined;
}

function address(checker: Checker, path: Path, value: unknown): string | undefined {
  const text = checker.text(path, value);
  if (text === undefined || ADDRESS.test(text)) return text;
  checker.add(path, `: ${JSON.stringify(text)} must be one e-mail address, such as alerts@example.com`);
  return undefined;
}

interface CustomParts {
  readonly channels: readonly AlertChannel[];
  readonly rules: OwnRules;
}

/** A module that exports `channels` and `rules`, both objects of functions. */
async function readModule(
  checker: Checker,
  path: Path,
  value: unknown,
  directory: string,
): Promise<CustomParts> {
  const nothing = { channels: [], rules: {} };
  const file = checker.text(path, value);
  if (file === undefined || checker.isFormOnly) return nothing;
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(pathToFileURL(resolve(directory, file)).href)) as Record<string, unknown>;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    checker.add(path, `: ${JSON.stringify(file)} cannot be loaded: ${why}`);
    return nothing;
  }
  const channels = Object.entries(members(checker, path, file, loaded, "channels"));
  const rules = members(checker, path, file, loaded, "rules") as OwnRules;
  checkOwnRules(
    checker,
    path,
    rules,
    BUILT_IN_RULES.map(({ name }) => name),
  );
  return {
    rules,
    channels: channels.flatMap(([name, send]) => {
      if (typeof send === "function") return [customChannel(name, send as SendFunction)];
      checker.add([...path, name], " must be a function");
      return [];
    }),
  };
}

function members(
  checker: Checker,
  path: Path,
  file: string,
  loaded: Record<string, unknown>,
  key: string,
): Record<string, unknown> {
  const value = loaded[key] ?? {};
  if (typeof value === "object") return value as Record<string, unknown>;
  checker.add(path, `: \`${key}\` of ${JSON.stringify(file)} must be an object of functions`);
  return {};
}
