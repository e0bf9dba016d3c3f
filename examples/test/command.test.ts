import type { ChildProcess } from "node:child_process";
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
  const { code, output } = await runExample([]);
  for (const { name, summary } of stories) expect(output).toContain(`${name.padEnd(16)}${summary}`);
  expect(code).toBe(0);
});

test("a wrong name or flag is an error that says what to do", async () => {
  const wrongName = await runExample(["fence"]);
  expect(wrongName.output).toContain('there is no story "fence"; there are fencing, inventory');
  expect(wrongName.code).toBe(1);
  const wrongSeed = await runExample(["fencing", "--seed", "x"]);
  expect(wrongSeed.output).toContain('"x" must be a whole number');
  expect(wrongSeed.code).toBe(1);
  const wrongKills = await runExample(["fencing", "--kills", "3"]);
  expect(wrongKills.output).toContain("--kills is a flag of orders");
  expect(wrongKills.code).toBe(1);
});

test("a database that cannot be reached is an error that says what to do, without the password", async () => {
  const { code, output } = await runExample(["fencing", "--short"], {
    DATABASE_URL: "postgres://someone:secret@127.0.0.1:1/shop",
  });
  expect(output).toContain(
    "DATABASE_URL: no connection to postgres://127.0.0.1:1/shop (connect ECONNREFUSED",
  );
  expect(output).toContain("start the database");
  expect(output).not.toContain("secret");
  // It is no fault of the example, so there is no stack.
  expect(output).not.toContain("    at ");
  expect(code).toBe(1);
});

test("a DATABASE_URL of another kind is an error that shows the form", async () => {
  const { code, output } = await runExample(["fencing", "--short"], {
    DATABASE_URL: "mysql://127.0.0.1/shop",
  });
  expect(output).toContain("DATABASE_URL: it must have the form postgres://USER:PASSWORD@HOST:PORT/DATABASE");
  expect(code).toBe(1);
});

const isLinux = process.platform === "linux";
if (!isLinux) console.log("command: the clean-up is skipped, because it needs /proc");

test.runIf(isLinux)(
  "after SIGTERM no server and no process remains, and the exit code names it",
  async () => {
    const { child } = await startUntilSecondColumn();
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([128 + constants.signals.SIGTERM, null]);
    await expectNothingRemains();
  },
);

test.runIf(isLinux)("after SIGKILL of the harness no server and no process remains", async () => {
  const { child, harness } = await startUntilSecondColumn();
  const ended = once(child, "exit");
  process.kill(harness, "SIGKILL");
  await ended;
  await expectNothingRemains();
});

/** Starts a story. When its first column is done, the processes of the second one run or start. */
async function startUntilSecondColumn(): Promise<{ readonly child: ChildProcess; readonly harness: number }> {
  const child = startExample(["fencing", "--short"], { TMPDIR: directory });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await vi.waitUntil(() => /with the token +[\d.]+ s/.test(output), { timeout: 120_000, interval: 20 });
  const harness = ownProcesses().find(({ command }) => command.includes("harness/main.ts"));
  if (harness === undefined) throw new Error("the harness does not run");
  return { child, harness: harness.pid };
}

function ownProcesses(): ReturnType<typeof processesWith> {
  return processesWith(`TMPDIR=${directory}`);
}

async function expectNothingRemains(): Promise<void> {
  await vi.waitUntil(() => ownProcesses().length === 0, { timeout: 60_000, interval: 20 });
  // The cache of the TypeScript loader may remain.
  const remains = (): readonly string[] =>
    readdirSync(directory).filter((entry) => entry.startsWith("quorumlock-"));
  await vi.waitUntil(() => remains().length === 0, { timeout: 60_000, interval: 20 });
}
