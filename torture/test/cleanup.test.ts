import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processesWith, waitUntil } from "./support.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const FLAGS = ["--faults", "client-pause", "--seconds", "6", "--processes", "2"];

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "torture-test-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Starts the command and waits until a worker process is paused. A paused process cannot exit by itself. */
async function startUntilPause(): Promise<ReturnType<typeof spawn>> {
  const args = ["--import", "tsx", "--conditions=@quorumlock/source", "src/main.ts", ...FLAGS];
  const env = { ...process.env, TMPDIR: directory };
  const controller = spawn(process.execPath, args, { cwd: PACKAGE, env, stdio: "ignore" });
  await waitUntil(
    "a worker process is paused",
    () => ownProcesses().some(({ state }) => state === "T"),
    60_000,
  );
  return controller;
}

function ownProcesses(): ReturnType<typeof processesWith> {
  return processesWith(`TMPDIR=${directory}`);
}

/** Ignores the cache of the TypeScript loader. */
function runDirectories(): readonly string[] {
  return readdirSync(directory).filter((name) => name.startsWith("quorumlock-"));
}

async function expectNothingRemains(): Promise<void> {
  await waitUntil("no process remains", () => ownProcesses().length === 0);
  await waitUntil("no directory remains", () => runDirectories().length === 0);
}

const isLinux = process.platform === "linux";
if (!isLinux) console.log("cleanup: skipped, because it needs /proc");

test.runIf(isLinux)("after SIGINT no process remains, and the exit code names the signal", async () => {
  const controller = await startUntilPause();
  expect(runDirectories()).not.toEqual([]);
  controller.kill("SIGINT");
  expect(await once(controller, "exit")).toEqual([128 + constants.signals.SIGINT, null]);
  await expectNothingRemains();
});

test.runIf(isLinux)("after SIGKILL of the controller no process remains", async () => {
  const controller = await startUntilPause();
  controller.kill("SIGKILL");
  await once(controller, "exit");
  await expectNothingRemains();
});
