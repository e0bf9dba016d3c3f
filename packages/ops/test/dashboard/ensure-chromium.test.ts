import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../../../scripts/ensure-chromium.mjs", import.meta.url));

// The PATH of every run. It contains no package manager, so the script cannot install a browser.
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "quorumlock-bin-"));
});

afterEach(() => {
  rmSync(bin, { recursive: true, force: true });
});

it("reports the browser in QUORUMLOCK_CHROMIUM", () => {
  const browser = addProgram("my-browser", "Chromium 150.0");
  const { status, stdout } = run([], { QUORUMLOCK_CHROMIUM: browser });
  expect({ status, stdout }).toEqual({ status: 0, stdout: `Chromium 150.0 at ${browser}\n` });
});

it("rejects a QUORUMLOCK_CHROMIUM that is not executable", () => {
  const { status, stderr } = run([], { QUORUMLOCK_CHROMIUM: "/nowhere/chromium" });
  expect(status).toBe(1);
  expect(stderr).toContain('QUORUMLOCK_CHROMIUM: "/nowhere/chromium" must be the path of an executable file');
});

it("finds a browser on PATH", () => {
  const chrome = addProgram("google-chrome", "Google Chrome 150.0");
  expect(run(["--path-only"]).stdout).toBe(`Google Chrome 150.0 at ${chrome}\n`);
});

it("prints instructions if there is no browser and no package manager", () => {
  const { status, stderr } = run(["--path-only"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/Found no Chromium or Chrome[^]*apt-get install chromium[^]*QUORUMLOCK_CHROMIUM/);
  expect(run(["--path-only", "--optional"])).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("Continuing without a browser"),
  });
});

it.each([
  ["Package chromium is not available\nE: Package 'chromium' has no installation candidate", "exit 0", 0],
  ["E: Unable to locate package chromium", "exit 0", 0],
  ["E: Unable to locate package chromium", "exit 100", 1],
  ["E: Failed to fetch http://deb.debian.org/chromium.deb", "exit 0", 1],
])(
  "with --if-available, an installation that fails with %j after an update of %s: exit code %i",
  (message, update, expected) => {
    addScript("apt-get", `[ "$1" = update ] && ${update}\necho "${message}" >&2; exit 100`);
    addScript("env", 'shift 3; exec "$@"');
    addScript("sudo", 'shift; [ "$1" = true ] || exec "$@"');
    const { status, stderr } = run(["--path-only", "--if-available"]);
    expect(status).toBe(expected);
    expect(stderr).toContain(`apt-get could not install a browser (chromium: ${message.split("\n").at(-1)})`);
  },
);

it("with --if-available, a machine without a package manager is no error", () => {
  expect(run(["--path-only", "--if-available"])).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("there is no known package manager"),
  });
});

it("with --no-install, it only searches", () => {
  addScript("apt-get", "exit 100");
  const { status, stderr } = run(["--path-only", "--no-install"]);
  expect(status).toBe(1);
  expect(stderr).toContain("Found no Chromium or Chrome, and --no-install forbids to install one.");
});

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { QUORUMLOCK_CHROMIUM: _, ...rest } = process.env;
  return spawnSync(process.execPath, [SCRIPT, ...args], {
    encoding: "utf8",
    env: { ...rest, PATH: bin, ...env },
  });
}

function addProgram(name: string, version: string): string {
  return addScript(name, `echo "${version}"`);
}

function addScript(name: string, script: string): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}
