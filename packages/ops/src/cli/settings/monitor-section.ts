import type { Checker, Path } from "../../config/checker.ts";
import { readSecretFile } from "../../config/secret-file.ts";
import { parseListenAddress } from "../../monitor/http/listen-address.ts";
import type { MonitorOptions, MonitorToken } from "../../monitor/index.ts";
import { MAX_CLASSES, METRIC_PREFIX, MIN_TOKEN_LENGTH, TOKEN_NAME } from "../../monitor/limits.ts";
import { type ClassOf, type ClassRule, classOfRules } from "../../monitor/locks/class-rules.ts";
import { checkPem } from "./check-pem.ts";

/** `monitor` and `monitor_tokens`: what `quorumlock monitor` serves, and to whom. */
export type MonitorSettings = Pick<
  MonitorOptions,
  | "title"
  | "listen"
  | "publicHosts"
  | "release"
  | "tls"
  | "probeInterval"
  | "keepEvents"
  | "maxBrowsers"
  | "maxNames"
> & { readonly tokens: readonly MonitorToken[] };

/** `monitoring`: the metrics that the monitor exports, and the classes of names. */
export interface MonitoringSettings {
  /** Whether there are metrics. @default true */
  readonly isEnabled: boolean;
  /** A port of the loopback interface that serves `/metrics` besides the monitor's own. @default none */
  readonly prometheusPort: number | undefined;
  /** @default "redlock" */
  readonly metricPrefix: string | undefined;
  /** Of how many classes figures are kept. @default 200 */
  readonly maxClasses: number | undefined;
  /** The class of a name, by `class_rules`. */
  readonly classOf: ClassOf;
}

const MONITOR_KEYS = [
  "title",
  "listen",
  "public_hosts",
  "release",
  "tls",
  "probe",
  "keep_events",
  "max_browsers",
  "max_names",
];
const MONITORING_KEYS = ["enabled", "prometheus_port", "metric_prefix", "classes", "class_rules"];
const MAX_PORT = 65_535;
/** Each name is compared with all rules. */
const MAX_CLASS_RULES = 100;

export async function checkMonitor(
  checker: Checker,
  value: unknown,
  tokens: unknown,
  directory: string,
): Promise<MonitorSettings> {
  const path = ["monitor"];
  const fields = checker.object(path, value, MONITOR_KEYS);
  const at = (key: string): Path => [...path, key];
  return {
    title: checker.text(at("title"), fields.title),
    listen: checkListen(checker, at("listen"), fields.listen),
    publicHosts: checker.texts(at("public_hosts"), fields.public_hosts),
    release: checker.boolean(at("release"), fields.release),
    tls: await checkMonitorTls(checker, at("tls"), fields.tls, directory),
    probeInterval: checker.durationMs(at("probe"), fields.probe, 100, 60_000),
    keepEvents: checker.count(at("keep_events"), fields.keep_events, 1, 1_000_000),
    maxBrowsers: checker.count(at("max_browsers"), fields.max_browsers, 1, 10_000),
    maxNames: checker.count(at("max_names"), fields.max_names, 1, 1_000_000),
    tokens: await checkTokens(checker, tokens, directory),
  };
}

function checkListen(checker: Checker, path: Path, value: unknown): string | undefined {
  const text = checker.text(path, value);
  try {
    if (text !== undefined) parseListenAddress(text);
    return text;
  } catch {
    checker.add(path, `: ${JSON.stringify(text)} must be host:port, such as 127.0.0.1:5000`);
    return undefined;
  }
}

async function checkMonitorTls(
  checker: Checker,
  path: Path,
  value: unknown,
  directory: string,
): Promise<MonitorOptions["tls"]> {
  const fields = checker.object(path, value, ["cert_file", "key_file"]);
  const cert = await readSecretFile(checker, [...path, "cert_file"], fields.cert_file, directory);
  const key = await readSecretFile(checker, [...path, "key_file"], fields.key_file, directory);
  if (cert !== undefined && key !== undefined) {
    checkPem(checker, path, { cert, key });
    return { cert, key };
  }
  if ((fields.cert_file ?? fields.key_file) !== undefined && (fields.cert_file ?? undefined) === undefined)
    checker.add([...path, "cert_file"], " is needed with `key_file`");
  if ((fields.cert_file ?? undefined) !== undefined && (fields.key_file ?? undefined) === undefined)
    checker.add([...path, "key_file"], " is needed with `cert_file`");
  return undefined;
}

async function checkTokens(
  checker: Checker,
  value: unknown,
  directory: string,
): Promise<readonly MonitorToken[]> {
  const hiding = checker.hiding;
  const entries = hiding.list(["monitor_tokens"], value);
  const tokens = await Promise.all(
    entries.map(async (entry, index): Promise<MonitorToken | undefined> => {
      const at = (key: string): Path => ["monitor_tokens", index, key];
      const fields = hiding.object(["monitor_tokens", index], entry, ["name", "role", "token_file"]);
      const name = hiding.text(at("name"), fields.name);
      if (name !== undefined && !TOKEN_NAME.test(name))
        checker.add(at("name"), " must be 1 to 64 printable characters without spaces");
      const role = checker.oneOf(at("role"), fields.role, ["read", "release"] as const);
      const token = await readSecretFile(hiding, at("token_file"), fields.token_file, directory);
      if (token !== undefined && token.length < MIN_TOKEN_LENGTH)
        checker.add(
          at("token_file"),
          `: its token has ${token.length} characters and needs at least ${MIN_TOKEN_LENGTH}`,
        );
      for (const key of ["name", "role", "token_file"])
        if (fields[key] === undefined || fields[key] === null) checker.add(at(key), " is missing");
      return name === undefined || role === undefined || token === undefined
        ? undefined
        : { name, role, token };
    }),
  );
  return tokens.flatMap((token) => token ?? []);
}

export function checkMonitoring(checker: Checker, value: unknown): MonitoringSettings {
  const path = ["monitoring"];
  const fields = checker.object(path, value, MONITORING_KEYS);
  const at = (key: string): Path => [...path, key];
  return {
    isEnabled: checker.boolean(at("enabled"), fields.enabled) ?? true,
    prometheusPort: checker.count(at("prometheus_port"), fields.prometheus_port, 1, MAX_PORT),
    metricPrefix: checkMetricPrefix(checker, at("metric_prefix"), fields.metric_prefix),
    maxClasses: checker.count(at("classes"), fields.classes, 1, MAX_CLASSES),
    classOf: classOfRules(checkClassRules(checker, at("class_rules"), fields.class_rules)),
  };
}

function checkClassRules(checker: Checker, path: Path, value: unknown): readonly ClassRule[] {
  const entries = checker.list(path, value);
  if (entries.length > MAX_CLASS_RULES)
    checker.add(path, ` has ${entries.length} rules, and ${MAX_CLASS_RULES} are allowed`);
  return entries.flatMap((entry, index) => {
    const at = (key: string): Path => [...path, index, key];
    const fields = checker.object([...path, index], entry, ["match", "class"]);
    for (const key of ["match", "class"]) if ((fields[key] ?? "") === "") checker.add(at(key), " is missing");
    const match = checkPattern(checker, at("match"), checker.text(at("match"), fields.match));
    const resource = checker.text(at("class"), fields.class);
    return match === undefined || resource === undefined ? [] : [{ match, class: resource }];
  });
}

function checkPattern(checker: Checker, path: Path, text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text, "u");
  } catch (error) {
    checker.add(path, `: ${(error as Error).message}`);
    return undefined;
  }
}

function checkMetricPrefix(checker: Checker, path: Path, value: unknown): string | undefined {
  const text = checker.text(path, value);
  if (text === undefined || METRIC_PREFIX.test(text)) return text;
  checker.add(path, `: ${JSON.stringify(text)} must be letters, digits and "_"`);
  return undefined;
}
