import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CommandError } from "../../../src/cli/command-error.ts";
import { DEFAULT_TIMEOUT_MS } from "../../../src/cli/global-options.ts";
import {
  readSettings,
  requireServers,
  type SecretPart,
  type Settings,
} from "../../../src/cli/settings/settings.ts";
import { directoryWith } from "../support/run-command.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Given {
  readonly text?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Environment;
  readonly instances?: string;
  readonly prefix?: string;
}

function settingsOf({ text = "", files = {}, env = {}, ...options }: Given): Promise<Settings> {
  const config = join(directoryWith({ ...files, "quorumlock.yaml": text }), "quorumlock.yaml");
  return readSettings({ config, timeout: DEFAULT_TIMEOUT_MS, ...options }, env, ["monitor", "alerts"]);
}

/** The lines of the error, without the directory. */
async function problemsOf(given: Given): Promise<readonly string[]> {
  try {
    await settingsOf(given);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return error.message.split("\n").map((line) => line.replace(/^.*\/(?=quorumlock\.yaml)/, ""));
  }
  return [];
}

describe("a configuration file", () => {
  test("that is empty gives every default", async () => {
    const settings = await settingsOf({});
    expect(settings).toMatchObject({
      servers: [],
      prefix: "lock:",
      lockDefaults: { ttlMs: 10_000, waitMs: 10_000 },
      exec: { ttlMs: 30_000, waitMs: 10_000, graceMs: 5_000 },
      monitoring: { isEnabled: true },
      hasAlerts: false,
    });
    expect(() => requireServers(settings)).toThrow(/^No servers; set --instances/);
  });

  test("has durations of whole milliseconds", async () => {
    const { lockDefaults } = await settingsOf({ text: "lock_defaults: { ttl: 1.005s, wait: 0.5m }" });
    expect(lockDefaults).toEqual({ ttlMs: 1_005, waitMs: 30_000 });
    const problems = await problemsOf({ text: "lock_defaults: { ttl: 1000.5 }\nexec: { ttl: 2s }" });
    expect(problems).toEqual([
      expect.stringMatching(/`lock_defaults\.ttl`: 1000\.5 must be a whole number from 100 to \d+$/),
      // `--ttl` of exec has the same limit.
      expect.stringMatching(/`exec\.ttl`: 2000 must be a number from 3000 to \d+$/),
    ]);
  });

  test("can be JSON, and has durations as numbers of ms or with a unit", async () => {
    const { lockDefaults, exec, servers } = await settingsOf({
      text: '{"redis_instances": ["a:1"], "lock_defaults": {"ttl": 5000, "retry_count": 5, "retry_delay": "1s"}, "exec": {"wait": "2m"}}',
    });
    expect(lockDefaults).toEqual({ ttlMs: 5_000, waitMs: 5_000 });
    expect(exec.waitMs).toBe(120_000);
    expect(servers.map(({ label }) => label)).toEqual(["a:1"]);
  });

  test("describes servers by host and port, by URL, or by their parts; secrets come from files", async () => {
    const { servers } = await settingsOf({
      text: `
redis_instances:
  - redis-a:6379
  - redis://ann:p%40ss@redis-b:7000/2
  - { url: "redis-c", name: c, username: ql, password_file: secret, cluster: true }
  - { url: "redis://redis-d", tls: { ca_file: ca, server_name: d.example.com } }
  - "[::1]:6380"
`,
      files: { secret: "from-the-file\n", ca: "PEM" },
      env: { QUORUMLOCK_PASSWORD: "common" },
    });
    expect(servers).toEqual([
      server({ url: "redis://redis-a:6379", label: "redis-a:6379", password: "common" }),
      server({ url: "redis://redis-b:7000/2", label: "redis-b:7000", username: "ann", password: "p@ss" }),
      server({
        url: "redis://redis-c:6379",
        label: "c",
        username: "ql",
        password: "from-the-file",
        isCluster: true,
      }),
      server({
        url: "rediss://redis-d:6379",
        label: "redis-d:6379",
        password: "common",
        tls: { ca: "PEM", cert: undefined, key: undefined, serverName: "d.example.com" },
      }),
      server({ url: "redis://[::1]:6380", label: "[::1]:6380", password: "common" }),
    ]);
  });

  test("reports all problems at once, with the place, the value and what was meant, and no password", async () => {
    const problems = await problemsOf({
      text: `redis_instances:
  - "redis://ann:topsecret@redis-a:63800000"
  - { ulr: redis-b }
  - "http://ann:topsecret@redis-c"
  - "redis d"
  - { url: e, password: 4711 }
lock_defaults: { retry_dely: 5, ttl: soon }
monitr: {}
exec: { grace: -1 }
monitor: { tls: { key_file: missing.pem } }
monitor_tokens: [{ name: anna, role: admin }]
client: { restart_guard: maybe }
alerts: { suppres: 1 }
`,
    });
    expect(problems.map((line) => line.replace("quorumlock.yaml:", ""))).toEqual([
      '2:5: `redis_instances[0]`: "redis://***@redis-a:63800000": port must be 1 to 65535',
      "3:5: `redis_instances[1].url` is missing; write host:port or a URL such as redis://redis-a:6379",
      "3:7: `redis_instances[1].ulr` is not a known key; did you mean `url`?",
      '4:5: `redis_instances[2]`: "http://***@redis-c" must be host:port, or a URL such as redis://redis-a:6379',
      '5:5: `redis_instances[3]`: "redis d" must be host:port, or a URL such as redis://redis-a:6379',
      "6:15: `redis_instances[4].password` must be a text; write it in quotes",
      "7:18: `lock_defaults.retry_dely` is not a known key; did you mean `retry_delay`?",
      expect.stringMatching(/^7:33: `lock_defaults\.ttl`: "soon" must be milliseconds/),
      "8:1: `monitr` is not a known key; did you mean `monitor`?",
      "9:9: `exec.grace`: -1 must be a number from 0 to 86400000",
      "10:12: `monitor.tls.cert_file` is needed with `key_file`",
      '10:19: `monitor.tls.key_file`: "missing.pem" cannot be read (ENOENT)',
      expect.stringMatching(/^11:\d+: `monitor_tokens\[0\]\.token_file` is missing$/),
      expect.stringMatching(/^11:\d+: `monitor_tokens\[0\]\.role`: "admin" must be one of read, release$/),
      expect.stringMatching(/^12:11: `client\.restart_guard`: "maybe" must be/),
      "13:11: `alerts.suppres` is not a known key; did you mean `suppress`?",
    ]);
    expect(problems.join("\n")).not.toMatch(/topsecret|4711/);
  });

  test("refuses the same server twice", async () => {
    expect(await problemsOf({ text: "redis_instances: [a:1, b:1, 'redis://a:1']" })).toEqual([
      'quorumlock.yaml:1:1: `redis_instances`: "a:1" is there twice; each server has one entry',
    ]);
  });
});

/** Everything here contains the secret. */
const SECRETS: readonly (readonly [string, Given])[] = [
  ["a text instead of a list", { text: "redis_instances: redis://:topsecret@a:6379" }],
  [
    "a variable instead of a list",
    { text: "redis_instances: ${LIST}", env: { LIST: "redis://:topsecret@a" } },
  ],
  ["a list at the top", { text: '["redis://:topsecret@a"]' }],
  ["a list as url", { text: "redis_instances: [{ url: [redis://:topsecret@a] }]" }],
  ["a nested list", { text: "redis_instances: [[redis://:topsecret@a]]" }],
  ["a URL as a key", { text: "redis_instances:\n  - redis://:topsecret@a: 6379" }],
  ["an object instead of a list", { text: "redis_instances: { redis://:topsecret@a: 6379 }" }],
  ["a token instead of a list", { text: "monitor_tokens: topsecret" }],
  ["a token instead of an object", { text: "monitor_tokens: [topsecret]" }],
  ["a token as a key", { text: "monitor_tokens: [topsecret: read]" }],
  ["a token as the name", { text: "monitor_tokens: [{ name: [topsecret], role: read, token_file: x }]" }],
  ["an alias", { text: "redis_instances: [{ url: a, password: *topsecret }]" }],
  ["an alias in a list of tokens", { text: "monitor_tokens: [*topsecret]" }],
  ["a text that ends too early", { text: 'redis_instances: [{ url: a, password: "x"topsecret" }]' }],
  ["a tag", { text: "redis_instances: [{ url: a, password: !topsecret!x }]" }],
  ["a webhook in a list", { text: "alerts: { slack_webhook: [https://hooks/topsecret] }" }],
  ["a mail server in a list", { text: "alerts: { email_smtp: [topsecret] }" }],
  ["a URL in a place for an object", { text: "lock_defaults: redis://:topsecret@a" }],
  ["a comma in a password", { instances: "redis://:topsecret,x@a:1" }],
  ["a comma in a password without a scheme", { instances: ":topsecret,x@a:1" }],
  ["a comma in a password with a user", { instances: "ann:topsecret,x@a:1" }],
  ["a line break in a password", { instances: "redis://:topsecret\nx@a:1" }],
  ["a slash in a password", { instances: "redis://ann:12/topsecret@a:1" }],
  ["a percent sign in a password", { instances: "redis://:topsecret%@a" }],
];

test.each(SECRETS)("no problem shows a secret: %s", async (_, given) => {
  const problems = await problemsOf(given);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.join("\n")).not.toContain("topsecret");
});

test("an alias without an anchor, and a percent sign in a password, are problems with their place", async () => {
  expect(await problemsOf({ text: "redis_instances:\n  - { url: a, password: *Secret1 }" })).toEqual([
    'quorumlock.yaml:2:25: there is no anchor for this alias; write a text that begins with "*" in quotes',
  ]);
  expect(await problemsOf({ text: 'redis_instances:\n  - "redis://:100%@a"' })).toEqual([
    'quorumlock.yaml:2:5: `redis_instances[0]`: "redis://***@a": in a user or password, write % as %25',
  ]);
});

test("--timeout limits the requests if it is given, whatever the file says", async () => {
  const text = "client: { request_timeout: 5s }";
  const config = join(directoryWith({ "quorumlock.yaml": text }), "quorumlock.yaml");
  const limits = async (timeout?: number): Promise<readonly unknown[]> => {
    const { timeoutMs, client } = await readSettings({ config, timeout }, {});
    return [timeoutMs, client.requestTimeoutMs];
  };
  expect(await limits()).toEqual([2_000, 5_000]);
  expect(await limits(300)).toEqual([300, 300]);
  expect(await limits(9_000)).toEqual([9_000, 5_000]);
});

test("what the monitor would refuse is a problem with its place", async () => {
  const text = `monitor: { listen: everywhere, keep_events: 1.5, tls: { cert_file: pem, key_file: pem } }
monitor_tokens: [{ name: "an na", role: read, token_file: token }]
monitoring: { metric_prefix: a-b, classes: 0, class_rules: [{ match: "(", class: x }, { match: a, klass: b }] }
`;
  const problems = await problemsOf({ text, files: { pem: "no PEM", token: "short" } });
  expect(problems.map((line) => line.replace(/^quorumlock\.yaml:(\d+):\d+/, "$1"))).toEqual([
    '1: `monitor.listen`: "everywhere" must be host:port, such as 127.0.0.1:5000',
    "1: `monitor.keep_events`: 1.5 must be a whole number from 1 to 1000000",
    expect.stringMatching(/^1: `monitor\.tls`: TLS cannot use these files/),
    "2: `monitor_tokens[0].name` must be 1 to 64 printable characters without spaces",
    "2: `monitor_tokens[0].token_file`: its token has 5 characters and needs at least 16",
    '3: `monitoring.metric_prefix`: "a-b" must be letters, digits and "_"',
    "3: `monitoring.classes`: 0 must be a number from 1 to 10000",
    expect.stringMatching(/^3: `monitoring\.class_rules\[0\]\.match`: Invalid regular expression/),
    "3: `monitoring.class_rules[1].class` is missing",
    "3: `monitoring.class_rules[1].klass` is not a known key; did you mean `class`?",
  ]);
});

test("only the monitor and the alerts read their secrets and modules; others check the form", async () => {
  const text = `redis_instances: [a]
monitor: { tls: { cert_file: missing, key_file: missing } }
monitor_tokens: [{ name: anna, role: read, token_file: missing }]
alerts: { webhook: https://a, webhook_secret_file: missing, custom: missing.js }
`;
  const config = join(directoryWith({ "quorumlock.yaml": text }), "quorumlock.yaml");
  const read = (secretsOf: readonly SecretPart[], file = config): Promise<number> =>
    readSettings({ config: file }, {}, secretsOf).then(
      () => 0,
      (error: unknown) => (error as Error).message.split("\n").length,
    );
  expect(await read([])).toBe(0);
  expect(await read(["monitor"])).toBe(3);
  expect(await read(["alerts"])).toBe(2);
  const wrong = text.replace("role: read", "role: admin").replace("webhook:", "webook:");
  expect(await read([], join(directoryWith({ "q.yaml": wrong }), "q.yaml"))).toBe(2);
});

test("an option comes before the environment, and that before the file", async () => {
  const text = "redis_instances: [file:1]\nprefix: 'file:'";
  const env = { QUORUMLOCK_INSTANCES: "environment:1" };
  const labels = async (given: Given): Promise<readonly string[]> =>
    (await settingsOf(given)).servers.map(({ label }) => label);
  expect(await labels({ text })).toEqual(["file:1"]);
  expect(await labels({ text, env })).toEqual(["environment:1"]);
  expect(await labels({ text, env, instances: "option:1, other:2" })).toEqual(["option:1", "other:2"]);
  expect((await settingsOf({ text })).prefix).toBe("file:");
  expect((await settingsOf({ text, prefix: "" })).prefix).toBe("");
});

test("every typing error of one letter in a key gets the key that was meant", async () => {
  const { nearestKey } = await import("../../../src/config/nearest-key.ts");
  const { CONFIG_KEYS } = await import("../../../src/cli/settings/settings.ts");
  for (const key of CONFIG_KEYS) {
    for (let at = 0; at < key.length; at += 1) {
      const wrong = [`${key.slice(0, at)}${key.slice(at + 1)}`, `${key.slice(0, at)}x${key.slice(at)}`];
      for (const each of wrong) expect(nearestKey(each, CONFIG_KEYS)).toBe(key);
    }
  }
});

function server(fields: Partial<Settings["servers"][number]>): Settings["servers"][number] {
  return {
    url: "",
    label: "",
    username: undefined,
    password: undefined,
    tls: undefined,
    isCluster: false,
    ...fields,
  };
}
