import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startRedisServers } from "quorumlock/testing";
import { type Snapshot, startMonitor } from "../../src/monitor/index.ts";
import { CommandRun } from "../support/processes.ts";
import { READ_TOKEN, RELEASE_TOKEN, startBed, until } from "./support/monitor-bed.ts";

function timersAndSockets(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|Immediate/.test(name));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** The status of a request for metrics that a page of another site could send. */
async function statusWithHost(port: number, host: string): Promise<number | undefined> {
  const request = get({ host: "127.0.0.1", port, path: "/metrics", headers: { host } });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe("a monitor", () => {
  test("leaves no timer, connection or unknown key behind", async () => {
    const bed = await startBed();
    await bed.monitor.close();
    await until(async () => {
      const clients = (await bed.plain[0]?.client("LIST")) as string;
      // This connection, and that of the application.
      return clients.trim().split("\n").length <= 2;
    });
    const keys = await bed.plain[0]?.keys("*");
    for (const key of keys ?? []) expect(key).toMatch(/^lock:~(server|members:\{.*\}|fence:\{.*\})$/);
    await bed[Symbol.asyncDispose]();
    await until(() => timersAndSockets().filter((name) => name.startsWith("TCP")).length === 0);
  });

  test.each([
    ["of the client", () => ({ redlock: { ttl: 1.5 } }), "ttl"],
    ["of TLS", () => ({ tls: { cert: "no certificate", key: "no key" } }), "PEM"],
    ["of the address", (port: number) => ({ listen: `127.0.0.1:${port}` }), "EADDRINUSE"],
  ])("that cannot start because of an option %s leaves no connection", async (_, optionsFor, why) => {
    await using servers = await startRedisServers(1);
    const { url, port } = servers[0]!;
    const options = optionsFor(port);
    const tcpBefore = timersAndSockets().filter((name) => name.startsWith("TCP")).length;
    await expect(startMonitor({ instances: [url], listen: "127.0.0.1:0", ...options })).rejects.toThrow(why);
    await until(() => timersAndSockets().filter((name) => name.startsWith("TCP")).length <= tcpBefore);
  });

  test("serves metrics on a port of their own, which ends with it; without metrics there are none", async () => {
    const metricsPort = await freePort();
    const bed = await startBed({ metricsPort });
    const metrics = `http://127.0.0.1:${metricsPort}/metrics`;
    expect(await (await fetch(metrics)).text()).toMatch(/^redlock_quorum_required 2$/m);
    expect((await fetch(`http://127.0.0.1:${metricsPort}/`)).status).toBe(404);
    expect(await statusWithHost(metricsPort, "evil.example")).toBe(403);
    await bed[Symbol.asyncDispose]();
    await expect(fetch(metrics)).rejects.toThrow("fetch failed");
    await using without = await startBed({ metrics: false, metricsPort });
    expect((await without.get("/metrics")).status).toBe(404);
    await expect(fetch(metrics)).rejects.toThrow("fetch failed");
  });

  test("evaluates the rules of alerts when a server changes, and outlives rules that throw", async () => {
    let calls = 0;
    const evaluate = (snapshot: Snapshot): Snapshot["alerts"] => {
      calls += 1;
      if (calls === 1) throw new Error("a bad rule");
      const isDown = snapshot.servers.some(({ state }) => state === "no-answer");
      const alert = {
        rule: "server_down",
        severity: "warning",
        text: "▲ No spare.",
        sinceAt: 1,
        remedy: undefined,
      } as const;
      return [{ ...alert, state: isDown ? "firing" : "resolved" }];
    };
    await using bed = await startBed({ alerts: { evaluate } });
    await until(async () => (await bed.get("/health")).status === 200 && calls > 0);
    await bed.servers[0]?.kill();
    const snapshot = await until(async () => {
      const found = await bed.json<Snapshot>("/api/snapshot");
      return found.alerts[0]?.state === "firing" && found;
    });
    expect(snapshot.events.some(({ type, text }) => type === "alert" && text === "▲ No spare.")).toBe(true);
  });

  test("serves the files of the page, and its views", async () => {
    const directory = mkdtempSync(join(tmpdir(), "quorumlock-page-"));
    writeFileSync(join(directory, "index.html"), "<title>page</title>");
    try {
      await using bed = await startBed({ dashboard: directory });
      for (const path of ["/dashboard", "/dashboard/locks/order%3A42", "/dashboard/..%2f..%2fpackage.json"]) {
        const reply = await bed.get(path);
        expect([path, await reply.text()]).toEqual([path, "<title>page</title>"]);
        expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
      }
      expect((await bed.get("/dashboard/assets/none.js")).status).toBe(404);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe("the command `monitor`", () => {
  test("runs until a signal, with tokens from files", async () => {
    await using servers = await startRedisServers(3);
    const directory = mkdtempSync(join(tmpdir(), "quorumlock-tokens-"));
    const [read, release] = [join(directory, "read"), join(directory, "release")];
    writeFileSync(read, `${READ_TOKEN}\n`);
    writeFileSync(release, `${RELEASE_TOKEN}\n`);
    const instances = servers.map(({ port }) => `127.0.0.1:${port}`).join(",");
    const tokens = ["--token-file", `rita:read:${read}`, "--token-file", `anna:release:${release}`];
    const run = new CommandRun([
      "monitor",
      "--instances",
      instances,
      "--listen",
      "127.0.0.1:0",
      "--release",
      ...tokens,
    ]);
    try {
      await run.waitForOutput(/runs at http:\/\/127\.0\.0\.1:\d+\/dashboard/);
      run.kill("SIGTERM");
      const { code, output } = await run.outcome;
      expect([code, output]).toEqual([0, expect.not.stringContaining(RELEASE_TOKEN)]);
    } finally {
      run.kill("SIGKILL");
      rmSync(directory, { recursive: true });
    }
  });

  test("refuses wrong options", async () => {
    const wrong = new CommandRun(["monitor", "--instances", "a:1", "--token-file", "anna:admin:/x"]);
    expect(await wrong.outcome).toMatchObject({
      code: 64,
      output: expect.stringContaining("name:role:path"),
    });
    const open = new CommandRun(["monitor", "--instances", "127.0.0.1:1", "--listen", "0.0.0.0:0"]);
    expect(await open.outcome).toMatchObject({
      code: 64,
      output: expect.stringContaining("beyond loopback"),
    });
  });
});
