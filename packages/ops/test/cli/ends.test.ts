import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { platform } from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { runMonitor } from "../../src/cli/actions/monitor.ts";
import { observedBy } from "../../src/cli/monitor-server.ts";
import { readSettings } from "../../src/cli/settings/settings.ts";
import { globalOptions, runAction } from "./support/in-process.ts";
import { startLockBed } from "./support/lock-bed.ts";
import { configFile, NODE_ARGS } from "./support/run-command.ts";

const bed = await startLockBed();
const instances = bed.urls.join(",");
afterAll(() => bed[Symbol.asyncDispose]());

interface End {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs the command and closes its output at the first data, or writes the output to a device. */
async function run(args: readonly string[], device?: string): Promise<End> {
  const stdout = device === undefined ? "pipe" : openSync(device, "w");
  const child = spawn(process.execPath, [...NODE_ARGS, ...args], { stdio: ["ignore", stdout, "pipe"] });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout?.once("data", () => child.stdout?.destroy());
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

describe("a reader that closes the output is no mistake", () => {
  test.each([
    ["top", ["--json", "--interval", "200ms"]],
    ["list", ["--json", "--watch"]],
  ])("of %s", async (command, args) => {
    expect(await run([command, ...args, "--instances", instances])).toEqual({ code: 0, stderr: "" });
  });
});

describe.skipIf(platform() !== "linux")("an output on a full disk is one line and 73", () => {
  test.each([
    ["alerts", ["list"]],
    ["list", ["--json", "--watch", "--instances", instances]],
    ["diagnose", ["--quiet", "--instances", instances]],
  ])("of %s", async (command, args) => {
    const { code, stderr } = await run([command, ...args], "/dev/full");
    expect([code, stderr]).toEqual([73, "The output cannot be written (ENOSPC)\n"]);
  });
});

test("Ctrl-C during diagnose ends it with 130 and without a stack", async () => {
  const [redis] = bed.plain;
  const fill = "for i = 1, 300000 do redis.call('SET', 'many:' .. i, 'x', 'PX', 600000) end";
  await redis?.eval(fill, 0);
  const watching = await redis?.duplicate().monitor();
  const scans = new Promise<void>((resolve) =>
    watching?.on("monitor", (_time, [command]: readonly string[]) => {
      if (command?.toUpperCase() === "SCAN") resolve();
    }),
  );
  const args = [...NODE_ARGS, "diagnose", "--instances", instances, "--prefix", "many:"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close");
  await Promise.race([scans, ended]);
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(stderr).toBe("Interrupted.\n");
  watching?.disconnect();
  await redis?.flushall();
});

test.each([
  ["prefix", 'prefix: "{a"', /^The configuration cannot be used: prefix: "\{a" begins a hash tag/],
  [
    "restart guard",
    "client: { restart_guard: 500 }",
    /^The configuration cannot be used: restartGuard: 500 /,
  ],
])(
  "a %s that the library refuses is a wrong configuration: 78, and no connection keeps the process",
  async (_, line, message) => {
    const text = `redis_instances: ${JSON.stringify(bed.urls)}\n${line}\n`;
    for (const words of [["health"], ["top", "--json"]]) {
      const { code, stderr } = await run([...words, "--config", configFile(text)]);
      expect(code).toBe(78);
      expect(stderr).toMatch(message);
      // No stack.
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
  },
);

describe("the monitor", () => {
  test.each(["listen", "prometheus_port"])("that cannot listen at its %s says so: 75", async (key) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const [listen, metrics] = key === "listen" ? [`127.0.0.1:${port}`, ""] : ["127.0.0.1:0", String(port)];
    const config = configFile(
      `${bed.configText}monitor: { listen: "${listen}" }\nmonitoring: { prometheus_port: ${metrics} }\n`,
    );
    const { code, stderr } = await runAction(() => runMonitor(globalOptions(config)));
    other.close();
    expect([code, stderr]).toEqual([
      75,
      expect.stringContaining(`127.0.0.1:${port} cannot be used: another process listens there (EADDRINUSE)`),
    ]);
  });

  test("and top judge locks with the options of the applications", async () => {
    const text = "redis_instances: [a]\nclient: { strict: true, drift_factor: 0.1, restart_guard: 40s }\n";
    const config = configFile(`${text}lock_defaults: { ttl: 7s }\n`);
    expect(observedBy(await readSettings({ config }, {})).redlock).toEqual({
      ttl: 7_000,
      strict: true,
      driftFactor: 0.1,
      restartGuard: 40_000,
    });
  });
});
