import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type SessionReply, type Snapshot, startMonitor } from "../../src/monitor/index.ts";
import { Access } from "../../src/monitor/http/access.ts";
import { hostNameOf, isAllowedHost } from "../../src/monitor/http/host-check.ts";
import { parseListenAddress } from "../../src/monitor/http/listen-address.ts";
import { rawRequest, READ_TOKEN, RELEASE_TOKEN, startBed, statusOf } from "./support/monitor-bed.ts";

function request(head: string, headers: readonly string[], body = ""): string {
  const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`${head} HTTP/1.1`, ...headers, ...length, "Connection: close", "", body].join("\r\n");
}

describe("access on loopback", () => {
  test("refuses host names that a foreign page could point here, and takes public hosts with a token", async () => {
    await using bed = await startBed({ publicHosts: ["monitor.example.com"] });
    const { url } = bed.monitor;
    const status = async (
      host: string,
      more: readonly string[] = [],
      path = "/api/snapshot",
    ): Promise<number> => statusOf(await rawRequest(url, request(`GET ${path}`, [`Host: ${host}`, ...more])));
    expect(await status("localhost:5000")).toBe(200);
    expect(await status("[::1]:5000")).toBe(200);
    expect(await status("127.0.0.1")).toBe(200);
    expect(await status("evil.example.com")).toBe(403);
    expect(await status("127.0.0.1.evil.example.com")).toBe(403);
    expect(await status("evil.example.com", [], "/health")).toBe(403);
    expect([400, 403]).toContain(await status("localhost@evil.example.com"));
    expect(await status("monitor.example.com")).toBe(401);
    expect(await status("monitor.example.com", [`Authorization: Bearer ${READ_TOKEN}`])).toBe(200);
    expect(await status("monitor.example.com", ["Authorization: Bearer wrong-token-0123456789"])).toBe(401);
    expect(await status("monitor.example.com", [], "/health")).not.toBe(401);
    expect(await status("localhost", ["X-Forwarded-For: 10.1.2.3"])).toBe(401);
    expect(await status("localhost", [], "/metrics")).toBe(200);
  });

  test("refuses writes of other sites, and cookies without an origin", async () => {
    await using bed = await startBed();
    const { url } = bed.monitor;
    const { host } = new URL(url);
    const body = JSON.stringify({ token: RELEASE_TOKEN });
    const post = (more: readonly string[], path = "/api/session", text = body): Promise<string> =>
      rawRequest(
        url,
        request(`POST ${path}`, [`Host: ${host}`, "Content-Type: application/json", ...more], text),
      );
    expect(statusOf(await post(["Origin: https://evil.example.com"]))).toBe(403);
    expect(statusOf(await post(["Origin: null"]))).toBe(403);
    expect(statusOf(await post(["Sec-Fetch-Site: cross-site"]))).toBe(403);
    const reply = await post([`Origin: http://${host}`]);
    expect(statusOf(reply)).toBe(200);
    const [, cookie = "", attributes = ""] = /^set-cookie: (quorumlock_\d+=[^;]+)(.*)$/im.exec(reply) ?? [];
    expect(attributes).toMatch(/HttpOnly/);
    expect(attributes).toMatch(/SameSite=Strict/);
    expect(attributes).toMatch(/Max-Age=28800/);
    expect(cookie).not.toContain(RELEASE_TOKEN);
    const release = JSON.stringify({ name: "a", holderId: "x", mode: "drain", reason: "r" });
    const path = "/api/locks/a/release";
    expect(statusOf(await post([`Cookie: ${cookie}`], path, release))).toBe(403);
    expect(
      statusOf(await post([`Cookie: ${cookie}`, "Origin: http://evil.example.com"], path, release)),
    ).toBe(403);
    expect(statusOf(await post([`Cookie: ${cookie}`, `Origin: http://${host}`], path, release))).toBe(409);
  });

  test("swaps a token for a session, which ends with the sign-out", async () => {
    await using bed = await startBed();
    const signIn = await bed.post("/api/session", { token: READ_TOKEN });
    expect((await signIn.json()) as SessionReply).toEqual({ name: "rita", role: "read" });
    const cookie = signIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const snapshot = async (): Promise<Snapshot> =>
      (await (await fetch(`${bed.monitor.url}/api/snapshot`, { headers: { cookie } })).json()) as Snapshot;
    expect(await snapshot()).toMatchObject({ viewer: { name: "rita", role: "read" }, canRelease: false });
    const origin = bed.monitor.url;
    const out = await fetch(`${origin}/api/session`, { method: "DELETE", headers: { cookie, origin } });
    expect(out.status).toBe(204);
    expect((await snapshot()).viewer).toBeUndefined();
    expect((await bed.post("/api/session", { token: "wrong-token-0123456789" })).status).toBe(401);
    expect((await bed.post("/api/session", { token: 5 })).status).toBe(401);
  });

  test("limits bodies and heads, and sends the security headers", async () => {
    await using bed = await startBed();
    const large = await bed.post("/api/session", { token: "x".repeat(100_000) });
    expect(large.status).toBe(413);
    const { url } = bed.monitor;
    const head = request("GET /api/snapshot", ["Host: localhost", `X-Long: ${"x".repeat(100_000)}`]);
    expect(statusOf(await rawRequest(url, head))).toBe(431);
    for (const path of ["/dashboard", "/health", "/api/snapshot", "/nothing"]) {
      const { headers } = await bed.get(path);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'self'; /);
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
    for (const path of [
      "/api/locks?sort=x",
      "/api/locks?limit=0",
      "/api/locks?offset=-1",
      "/api/snapshot?range=1d",
    ])
      expect((await bed.get(path)).status).toBe(400);
    expect((await bed.get("/stats/nothing")).status).toBe(404);
    expect(await (await bed.get("/metrics")).text()).toMatch(/^redlock_quorum_required 2$/m);
  });
});

describe("access beyond loopback", () => {
  test("needs a token for everything but the health and the files of the page", async () => {
    await using bed = await startBed({ listen: "0.0.0.0:0" });
    const url = bed.monitor.url.replace("0.0.0.0", "127.0.0.1");
    const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(url + path, { headers })).status;
    for (const path of [
      "/api/snapshot",
      "/api/locks",
      "/api/locks/a",
      "/api/events",
      "/api/audit",
      "/metrics",
      "/stats/a",
    ])
      expect([path, await status(path)]).toEqual([path, 401]);
    expect([200, 503]).toContain(await status("/health"));
    expect(await status("/dashboard")).not.toBe(401);
    expect(await status("/api/snapshot", { authorization: `Bearer ${READ_TOKEN}` })).toBe(200);
    const named = await rawRequest(
      url,
      request("GET /api/snapshot", ["Host: evil.example.com", `Authorization: Bearer ${READ_TOKEN}`]),
    );
    expect(statusOf(named)).toBe(403);
  });

  test("is refused at the start without tokens", async () => {
    const options = { instances: ["redis://127.0.0.1:1"], listen: "0.0.0.0:0" };
    await expect(startMonitor(options)).rejects.toThrow(/beyond loopback and needs tokens/);
    const short = { ...options, tokens: [{ name: "a", role: "read", token: "short-secret" }] as const };
    await expect(startMonitor(short)).rejects.toThrow(/token of a has 12 characters and needs at least 16/);
    await expect(startMonitor(short)).rejects.not.toThrow(/short-secret/);
    const bad = { instances: ["redis://127.0.0.1:1"], listen: "nowhere" };
    await expect(startMonitor(bad)).rejects.toThrow(/must be host:port/);
  });
});

describe("tokens", () => {
  test("are compared in constant time", () => {
    const source = readFileSync(new URL("../../src/monitor/http/access.ts", import.meta.url), "utf8");
    expect(source).toMatch(/timingSafeEqual\(known\.hash, hash\)/);
    expect(source).not.toMatch(/token === |=== token/);
    const access = new Access([{ name: "anna", role: "release", token: RELEASE_TOKEN }]);
    expect(access.viewerOf(RELEASE_TOKEN)).toEqual({ name: "anna", role: "release" });
    expect(access.viewerOf(RELEASE_TOKEN.slice(0, -1))).toBeUndefined();
    expect(access.viewerOf("")).toBeUndefined();
  });

  test.each([
    ["localhost:80", "localhost"],
    ["[::1]:80", "::1"],
    ["A.example.com", "a.example.com"],
    ["a b", undefined],
    ["user@host", undefined],
    ["", undefined],
  ])("the host of %j is %j", (host, expected) => {
    expect(hostNameOf(host)).toBe(expected);
  });

  test("hosts depend on the address", () => {
    const [inner, outer] = [parseListenAddress("127.0.0.1:1"), parseListenAddress("[::]:1")];
    expect(isAllowedHost("10.0.0.1", inner, [])).toBe(false);
    expect(isAllowedHost("10.0.0.1", outer, [])).toBe(true);
    expect(isAllowedHost("evil.example.com", outer, [])).toBe(false);
    expect(isAllowedHost("a.example.com", outer, ["a.example.com"])).toBe(true);
  });
});
