import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stories } from "../stories.ts";
import { processesWith, runExample, startExample } from "./run-example.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "example-test-"));
  // If the tests run as root, PostgreSQL runs as another user.
  chmodSync(directory, 0o711);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("without a name it lists the stories", async () => {
  const { code, output } = await runExample();
  for (const { name, summary } of stories) expect(output).toContain(`${name.padEnd(16)}${summary}`);
  expect(code).toBe(0);
});

test("a wrong name or flag is an error that says what to do", async () => {
  const wrongName = await runExample("fence");
  expect(wrongName.output).toContain('there is no story "fence"; there are fencing, inventory');
  expect(wrongName.code).toBe(1);
  const wrongSeed = await runExample("fencing", "--seed", "x");
  expect(wrongSeed.output).toContain('"x" must be a whole number');
  expect(wrongSeed.code).toBe(1);
  const wrongKills = await runExample("fencing", "--kills", "3");
  expect(wrongKills.output).toContain("--kills is a flag of orders");
  expect(wrongKills.code).toBe(1);
});

const isLinux = process.platform === "linux";
if (!isLinux) console.log("command: the clean-up is skipped, because it needs /proc");

test.runIf(isLinux).each(["SIGTERM", "SIGKILL"] as const)(
  "after %s no server and no process remains",
  async (name) => {
    const variable = `TMPDIR=${directory}`;
    const child = startExample(["fencing", "--short"], { TMPDIR: directory });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    // The first column is done, so the processes of the second one are running or starting.
    await vi.waitUntil(() => /with the token +[\d.]+ s/.test(output), { timeout: 60_000, interval: 20 });
    const ended = once(child, "exit");
    const [harness] = processesWith(variable).filter((pid) => pid !== child.pid);
    if (name === "SIGTERM") child.kill(name);
    else for (const pid of [child.pid, harness]) if (pid !== undefined) process.kill(pid, name);
    const [code] = (await ended) as [number | null];
    if (name === "SIGTERM") expect(code).toBe(128 + constants.signals.SIGTERM);
    await vi.waitUntil(() => processesWith(variable).length === 0, { timeout: 30_000, interval: 20 });
    const remains = (): readonly string[] =>
      readdirSync(directory).filter((entry) => entry.startsWith("quorumlock-"));
    await vi.waitUntil(() => remains().length === 0, { timeout: 30_000, interval: 20 });
  },
);
