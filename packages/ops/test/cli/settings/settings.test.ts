import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CommandError } from "../../../src/cli/command-error.ts";
import { DEFAULT_TIMEOUT_MS } from "../../../src/cli/global-options.ts";
import { readSettings, requireServers, type Settings } from "../../../src/cli/settings/settings.ts";
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
  return readSettings({ config, timeout: DEFAULT_TIMEOUT_MS, ...options }, env);
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
