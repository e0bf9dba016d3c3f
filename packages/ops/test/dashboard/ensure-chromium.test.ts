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

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { QUORUMLOCK_CHROMIUM: _, ...rest } = process.env;
  return spawnSync(process.execPath, [SCRIPT, ...args], {
    encoding: "utf8",
    env: { ...rest, PATH: bin, ...env },
  });
}

function addProgram(name: string, version: string): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\necho "${version}"\n`, { mode: 0o755 });
  return path;
}
