import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { type RedisServerOptions, startRedisServer } from "quorumlock/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { compileClockShim } from "../../../../torture/src/faults/clock-shim.ts";
import { freePort } from "../../../quorumlock/src/testing/free-port.ts";
import { ServerClock } from "../../../../torture/src/faults/server-clock.ts";
import { NEEDED_COMMANDS } from "../../src/diagnose/rights.ts";
import { diagnosed, unusual } from "./support/diagnosed.ts";

/** The user of docs/servers.md. */
const DOCS = readFileSync(new URL("../../../../docs/servers.md", import.meta.url), "utf8");
const USER_RULES = /ACL SETUSER locker (on >secret .*)/.exec(DOCS)?.[1]?.split(" ") ?? [];
const MAX_PORTS = 10;
// A machine under load must not look like a server with slow commands.
const QUIET = ["--slowlog-log-slower-than", "-1"];

async function server(args: readonly string[] = [], options: RedisServerOptions = {}) {
  const started = await startRedisServer({ ...options, args: [...QUIET, ...args] });
  const admin = new Redis(started.port, { maxRetriesPerRequest: null });
  admin.on("error", () => undefined);
  onTestFinished(async () => {
    admin.disconnect();
    await started.stop();
  });
  return { ...started, url: started.url, port: started.port, raw: started, admin };
}

/** Removed when the test ends. */
function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-diagnose-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function three(args: readonly string[] = []) {
  return Promise.all([server(args), server(args), server(args)]);
}

/** Listens on a free port, and closes with the test. */
async function listen(listener: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  listener.on("connection", (socket) => sockets.add(socket));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  onTestFinished(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  return (listener.address() as AddressInfo).port;
}

/** @returns the port of the server for TLS. Another process can take a free port first, so several are tried. */
async function listenWithTls(
  admin: Redis,
  { cert, key }: { readonly cert: string; readonly key: string },
): Promise<number> {
  const files = ["tls-cert-file", cert, "tls-key-file", key, "tls-ca-cert-file", cert];
  await admin.call("CONFIG", "SET", ...files, "tls-auth-clients", "no");
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      await admin.config("SET", "tls-port", port);
      return port;
    } catch (error) {
      if (attempt === MAX_PORTS) throw error;
    }
  }
}

describe("connections", () => {
  test("servers that are away are named, and a quorum that is missing is an error", async () => {
    const [a, b, c] = await three();
    await b.raw.kill();
    const one = await diagnosed([a.url, b.url, c.url]);
    expect(unusual(one)).toEqual(["QL101"]);
    expect(one.of("QL101")[0]).toMatchObject({ subject: `127.0.0.1:${b.port}`, severity: "error" });
    expect(one.of("QL101")[0]?.cause).toContain("ECONNREFUSED");
    await c.raw.kill();
    const two = await diagnosed([a.url, b.url, c.url]);
    expect(unusual(two)).toEqual(["QL101", "QL102"]);
    expect(two.of("QL102")[0]?.cause).toContain("1 of 3 servers votes, 2 are needed");
    expect(two.of("QL102")[0]?.remedy).toContain(`Bring back 1 server of 127.0.0.1:${b.port}`);
    await a.raw.kill();
    // Nothing is known to be in order.
    const none = await diagnosed([a.url, b.url, c.url]);
    expect(unusual(none)).toEqual(["QL101", "QL102"]);
    expect(none.passed).toBe(4);
    expect(new Set(none.unchecked.map(({ reason }) => reason))).toEqual(new Set(["no server answers"]));
  });

  test("a server that hangs delays the diagnosis by some time limits only", async () => {
    const [a, b, c] = await three();
    c.raw.pause();
    const { of, facts } = await diagnosed([a.url, b.url, c.url], { timeoutMs: 3_000 });
    expect(of("QL101")[0]?.cause).toContain("accepts connections, but does not answer");
    expect(facts.locks).toMatchObject({ isComplete: false, unscanned: [`127.0.0.1:${c.port}`] });
    c.raw.resume();
  });

  test("what is no Redis is called by its name", async () => {
    const plain = await server();
    const http = await listen(createHttpServer());
    const silent = await listen(createServer());
    const closing = await listen(createServer((socket) => socket.end()));
    const entries = [
      `redis://127.0.0.1:${http}`,
      `redis://127.0.0.1:${silent}`,
      `redis://127.0.0.1:${closing}`,
      `rediss://127.0.0.1:${plain.port}`,
    ];
    const { of } = await diagnosed(entries, { timeoutMs: 3_000 });
    const causes = of("QL104").map(({ cause }) => cause);
    expect(causes[0]).toContain("there is an HTTP server");
    expect(causes[1]).toContain("it closes the connection");
    expect(causes[2]).toContain("the server does not use TLS, and this entry does");
    expect(of("QL101")[0]?.subject).toBe(`127.0.0.1:${silent}`);
  });

  test("a server that expects TLS, and a certificate that is not accepted", async () => {
    const directory = temporaryDirectory();
    const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
    const subject = ["-subj", "/CN=redis-a", "-addext", "subjectAltName=DNS:redis-a"];
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync("openssl", [...request, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
    const port = await listenWithTls((await server()).admin, { cert, key });
    const secure = `rediss://127.0.0.1:${port}`;
    const { of } = await diagnosed([
      { url: `redis://127.0.0.1:${port}`, name: "plain" },
      { url: secure, name: "unknown authority" },
      { url: secure, name: "other name", tls: { ca_file: cert } },
      { url: secure, name: "right", tls: { ca_file: cert, server_name: "redis-a" } },
    ]);
    const causes = of("QL104").map(({ cause }) => cause);
    expect(causes[0]).toContain("plain: the server expects TLS, and this entry does not use it");
    expect(causes[1]).toMatch(/unknown authority: the TLS connection fails: .*self-signed certificate/);
    expect(causes[2]).toMatch(/other name: the TLS connection fails: .*altnames/);
    expect(causes).toHaveLength(3);
  });

  test("a wrong password, a missing one and a user who is unknown are refusals, and the password is not shown", async () => {
    const [a, b, c] = await three(["--requirepass", "right"]);
    const { of, findings } = await diagnosed([
      `redis://:wrong-one@127.0.0.1:${a.port}`,
      b.url,
      `redis://nobody:wrong-one@127.0.0.1:${c.port}`,
    ]);
    expect(of("QL103").map(({ cause }) => /WRONGPASS|NOAUTH/.exec(cause)?.[0])).toEqual([
      "WRONGPASS",
      "NOAUTH",
      "WRONGPASS",
    ]);
    expect(JSON.stringify(findings)).not.toContain("wrong-one");
  });
});

describe("rights", () => {
  test("the user of docs/servers.md lacks nothing", async () => {
    const [a, b, c] = await three();
    for (const { admin } of [a, b, c]) await admin.call("ACL", "SETUSER", "locker", ...USER_RULES);
    const result = await diagnosed([a, b, c].map(({ port }) => `redis://locker:secret@127.0.0.1:${port}`));
    expect(unusual(result)).toEqual([]);
    const documented = USER_RULES.filter((rule) => rule.startsWith("+") && rule !== "+eval");
    expect(NEEDED_COMMANDS.map(({ rule }) => `+${rule}`).toSorted()).toEqual(documented.toSorted());
  });

  test.each([
    ["QL103", ["-evalsha"], "+evalsha"],
    ["QL103", ["-eval"], "+eval"],
    ["QL103", ["-pexpire", "-get"], "+get +pexpire"],
    ["QL103", ["resetkeys", "~other:*"], "~lock:*"],
    ["QL118", ["resetchannels"], "&lock:*"],
    ["QL118", ["-zadd"], "+zadd"],
  ] as const)(
    "%s for %s: the finding has the rule, and its command repairs it",
    async (code, rules, missing) => {
      const { admin, port } = await server();
      await admin.call("ACL", "SETUSER", "locker", ...USER_RULES, ...rules);
      const entry = `redis://locker:secret@127.0.0.1:${port}`;
      const before = await diagnosed([entry]);
      const [finding] = before.of(code);
      for (const rule of missing.split(" ")) expect(finding?.cause).toContain(rule);
      const words = (finding?.commands?.[0] ?? "").replaceAll("'", "").split(" ");
      expect(words.slice(0, 8)).toEqual([
        "redis-cli",
        "-h",
        "127.0.0.1",
        "-p",
        String(port),
        "ACL",
        "SETUSER",
        "locker",
      ]);
      await admin.call("ACL", "SETUSER", ...words.slice(7));
      const after = await diagnosed([entry]);
      expect([...after.of("QL103"), ...after.of("QL118")]).toEqual([]);
    },
  );
});

test("a server that does not answer INFO is not called good", async () => {
  const { admin, port } = await server();
  await admin.call("ACL", "SETUSER", "locker", ...USER_RULES, "-info");
  const { unchecked } = await diagnosed([`redis://locker:secret@127.0.0.1:${port}`]);
  const codes = unchecked
    .filter(({ reason }) => reason.endsWith("did not answer INFO"))
    .map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(["QL106", "QL107", "QL108", "QL113", "QL116"]));
});

describe("the set", () => {
  test("two entries that are one server are found behind a forwarded port, too", async () => {
    const [a, b] = await Promise.all([server(), server()]);
    const forward = await listen(
      createServer((near) => {
        const far = connect(b.port, "127.0.0.1");
        near.on("error", () => far.destroy()).on("close", () => far.destroy());
        far.on("error", () => near.destroy()).on("close", () => near.destroy());
        near.pipe(far).pipe(near);
      }),
    );
    const result = await diagnosed([a.url, b.url, `redis://127.0.0.1:${forward}`]);
    expect(result.of("QL105")).toHaveLength(1);
    expect(result.of("QL105")[0]?.subject).toBe(`127.0.0.1:${b.port} and 127.0.0.1:${forward}`);
  });

  test("an even number is a warning, and one server is information", async () => {
    const [a, b] = await Promise.all([server(), server()]);
    expect(unusual(await diagnosed([a.url, b.url]))).toEqual(["QL109"]);
    expect(unusual(await diagnosed([a.url]))).toEqual(["QL110"]);
  });

  test("servers that have just started are quarantined, and the finding says until when", async () => {
    const servers = await three();
    const { of } = await diagnosed(
      servers.map(({ url }) => url),
      { restartGuard: true, ttlMs: 600_000 },
    );
    expect(of("QL111")).toHaveLength(3);
    expect(of("QL111")[0]?.cause).toMatch(/It votes again in \d+\sm\s\d+\ss, at \d\d:\d\d:\d\d\./);
    expect(of("QL102")[0]?.remedy).toContain("Wait");
  });
});

describe("settings", () => {
  test("a replica, a server that evicts, and a node of a cluster", async () => {
    const [a, b] = await Promise.all([
      server(["--maxmemory-policy", "allkeys-lru"]),
      server([], { clusterNode: true }),
    ]);
    const c = await server(["--replicaof", "127.0.0.1", String(a.port)]);
    const { of } = await diagnosed([a.url, b.url, c.url]);
    expect(of("QL107")[0]).toMatchObject({
      subject: `127.0.0.1:${a.port}`,
      cause: expect.stringContaining("maxmemory-policy is allkeys-lru. Two can hold one lock."),
    });
    expect(of("QL108")[0]?.subject).toBe(`127.0.0.1:${b.port}`);
    expect(of("QL106")[0]?.cause).toContain(`is a replica of its primary 127.0.0.1:${a.port}`);
    const [, policy = "", value = ""] =
      /CONFIG SET (\S+) (\S+)/.exec(of("QL107")[0]?.commands?.[0] ?? "") ?? [];
    await a.admin.config("SET", policy, value);
    expect((await diagnosed([a.url])).of("QL107")).toEqual([]);
  });

  test("a server that writes each change to disk keeps its locks", async () => {
    const durable = ["--appendonly", "yes", "--appendfsync", "always"];
    const [a, b] = await Promise.all([server(durable), server(["--appendonly", "yes"])]);
    const { of } = await diagnosed([a.url, b.url]);
    expect(of("QL115")[0]?.subject).toBe(`127.0.0.1:${b.port}`);
  });

  test("a clock that is wrong", async ({ skip }) => {
    const directory = temporaryDirectory();
    const shim = compileClockShim(directory);
    if (!("path" in shim)) return skip(shim.missingReason);
    using clock = new ServerClock(shim.path, join(directory, "clock"));
    const [a, b, c] = await Promise.all([server(), server([], { env: clock.env }), server()]);
    const urls = [a, b, c].map(({ url }) => url);
    expect(unusual(await diagnosed(urls))).toEqual([]);
    clock.setOffset(-30_000);
    const { of } = await diagnosed(urls);
    expect(of("QL112").map(({ subject }) => subject)).toEqual([`127.0.0.1:${b.port}`]);
    expect(of("QL112")[0]?.cause).toMatch(/is (29|3\d)\.\d.s behind that of the median server/);
  });

  test("a version that is not tested", async () => {
    const a = await server();
    // The server itself, but for the first digit of its version, as in INFO.
    const older = await listen(
      createServer((near) => {
        const far = connect(a.port, "127.0.0.1");
        near.on("error", () => far.destroy()).on("close", () => far.destroy());
        far.on("error", () => near.destroy());
        near.pipe(far);
        far.on("data", (data) => {
          const text = data.toString("latin1").replace(/((?:redis|valkey)_version:)\d/g, "$15");
          near.write(Buffer.from(text, "latin1"));
        });
      }),
    );
    expect((await diagnosed([a.url])).of("QL116")).toEqual([]);
    const [finding] = (await diagnosed([`redis://127.0.0.1:${older}`])).of("QL116");
    expect(finding).toMatchObject({ severity: "warning", subject: `127.0.0.1:${older}` });
    expect(finding?.cause).toMatch(/ runs (Redis|Valkey) 5\.\d+\.\d+\. The library is not tested with it\.$/);
  });

  test("a server that answers slowly", async () => {
    const a = await server();
    const delayed = await listen(
      createServer((near) => {
        const far = connect(a.port, "127.0.0.1");
        near.on("error", () => far.destroy()).on("close", () => far.destroy());
        far.on("error", () => near.destroy());
        near.pipe(far);
        far.on("data", (data) => void setTimeout(() => near.write(data), 60));
      }),
    );
    const { of } = await diagnosed([`redis://127.0.0.1:${delayed}`], { ttlMs: 1_000 });
    expect(of("QL114")[0]?.cause).toMatch(/is slow: (\d+) of \1 replies took more than 50.ms, the slowest/);
  });

  test("little memory, a slow command", async () => {
    const a = await server(["--slowlog-log-slower-than", "5000", "--enable-debug-command", "yes"]);
    const used = Number(/used_memory:(\d+)/.exec(await a.admin.info("memory"))?.[1]);
    await a.admin.config("SET", "maxmemory", String(Math.round(used * 1.05)));
    await a.admin.call("DEBUG", "SLEEP", "0.5");
    const { of } = await diagnosed([a.url]);
    expect(of("QL113")[0]?.cause).toContain("At the limit it refuses every lock");
    expect(of("QL117")[0]?.cause).toMatch(/the longest DEBUG for /);
  });
});
