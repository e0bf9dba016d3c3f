import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startRedisServers } from "quorumlock/testing";
import { expect, onTestFinished, test } from "vitest";
import { configFile, type Ended, runCommand } from "../cli/support/run-command.ts";

function alerts(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runCommand(["alerts", ...args], { env });
}

test("`alerts test` says for each channel whether it was sent, and sets the exit code", async () => {
  const server = createServer((request, response) => void request.resume().on("end", () => response.end()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const path = configFile(`alerts:
  slack_webhook: \${SLACK_URL}
  webhook: http://127.0.0.1:1/hook
`);
  const env = { SLACK_URL: `http://127.0.0.1:${port}/services/secret` };
  const all = await alerts(["test", "--config", path], env);
  expect(all.code).toBe(1);
  expect(all.stdout).toMatch(/^Sent to slack \(200, \d\.\d s\)\. Not sent to webhook: .+\.\n$/);
  expect(all.stdout + all.stderr).not.toContain("secret");
  const one = await alerts(["test", "slack", "--config", path, "--json"], env);
  expect(one.code).toBe(0);
  expect(JSON.parse(one.stdout)).toMatchObject({ schema: 1, results: [{ channel: "slack", isSent: true }] });
  expect(await alerts(["test", "slak", "--config", path], env)).toMatchObject({
    code: 64,
    stderr: "slak is not a channel; the channels are slack, webhook\n",
  });
});

test("a wrong configuration is reported with all places, and ends with 78; a missing one with 66", async () => {
  const path = configFile(`alerts:
  slack_webhook: \${NO_SUCH_VARIABLE:-}
  email_smtp: "smtp.example.com:0"
  rules:
    long_wait: { abvoe: 5s }
`);
  expect(await alerts(["list", "--config", path])).toMatchObject({
    code: 78,
    stdout: "",
    stderr: [
      `${path}:3:3: \`alerts.email_smtp\`: "smtp.example.com:0": port must be 1 to 65535`,
      `${path}:5:18: \`alerts.rules.long_wait.abvoe\` is not a known key; did you mean \`above\`?`,
      "",
    ].join("\n"),
  });
  const unset = configFile("alerts:\n  slack_webhook: ${NO_SUCH_VARIABLE}\n");
  expect(await alerts(["list", "--config", unset])).toMatchObject({
    code: 78,
    stderr: `${unset}:2:18: \`\${NO_SUCH_VARIABLE}\` is not set; set it, or write \`\${NO_SUCH_VARIABLE:-}\` to leave it empty\n`,
  });
  expect((await alerts(["list", "--config", "/no/such/file.yaml"])).code).toBe(66);
});

test("`alerts list` and `alerts check` show rules and what is wrong now", async () => {
  await using servers = await startRedisServers(3);
  const list = servers.map(({ url }) => url).join(",");
  const path = configFile(`alerts: { log: true, rules: { memory: { enabled: false } } }
redis_instances: [${list}]
client: { restart_guard: false }
`);
  const listed = await alerts(["list", "--config", path]);
  expect(listed.stdout).toMatch(/^RULE +SEVERITY +FOR +KEEP +FIRES IF\nquorum_lost +critical +30 s +1 min /);
  expect(listed.stdout).toMatch(/Channels: log\.\n$/);
  expect(listed.stdout).not.toContain("memory ");
  await servers[0]?.kill();
  const one = await alerts(["check", "--config", path]);
  expect(one.stdout).toContain("One more failure stops all locks.");
  expect(one.code).toBe(1);
  await servers[1]?.kill();
  const two = await alerts(["check", "--config", path, "--json"]);
  expect(two.code).toBe(2);
  const { alerts: found } = JSON.parse(two.stdout) as {
    readonly alerts: readonly { readonly rule: string }[];
  };
  expect(found.map(({ rule }) => rule)).toEqual(["quorum_lost"]);
});
