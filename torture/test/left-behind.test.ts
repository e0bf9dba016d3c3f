import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processesWith, untilSo } from "./support.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const FLAGS = ["--faults", "client-pause", "--seconds", "6", "--processes", "2"];

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "torture-test-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Starts the command and waits until a worker is stopped, which could then notice nothing by itself. */
async function startAndStop(): Promise<ReturnType<typeof spawn>> {
  const args = ["--import", "tsx", "--conditions=@quorumlock/source", "src/main.ts", ...FLAGS];
  const env = { ...process.env, TMPDIR: directory };
  const controller = spawn(process.execPath, args, { cwd: PACKAGE, env, stdio: "ignore" });
  await untilSo("a worker is stopped", () => ours().some(({ state }) => state === "T"), 60_000);
  return controller;
}

function ours(): ReturnType<typeof processesWith> {
  return processesWith(`TMPDIR=${directory}`);
}

/** What the loader keeps for the next time is its own affair. */
function directories(): readonly string[] {
  return readdirSync(directory).filter((name) => name.startsWith("quorumlock-"));
}

async function untilNothingIsLeft(): Promise<void> {
  await untilSo("no process is left", () => ours().length === 0);
  await untilSo("no directory is left", () => directories().length === 0);
}

const onLinux = process.platform === "linux";
if (!onLinux) console.log("left-behind: skipped, processes are looked for in /proc");

test.runIf(onLinux)("after Ctrl-C nothing is left, and the exit code says why", async () => {
  const controller = await startAndStop();
  expect(directories()).not.toEqual([]);
  controller.kill("SIGINT");
  expect(await once(controller, "exit")).toEqual([128 + constants.signals.SIGINT, null]);
  await untilNothingIsLeft();
});

test.runIf(onLinux)("after the violent death of the controller nothing is left", async () => {
  const controller = await startAndStop();
  controller.kill("SIGKILL");
  await once(controller, "exit");
  await untilNothingIsLeft();
});
