import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../../../scripts/ensure-kcat.mjs", import.meta.url));

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "quorumlock-bin-"));
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

const run = (...args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [SCRIPT, "--path-only", ...args], { env: { PATH: bin }, encoding: "utf8" });

it.each(["kcat", "kafkacat"])("prints the path of %s alone, which its callers run", (name) => {
  const path = join(bin, name);
  writeFileSync(path, "#!/bin/sh\necho 'Version 1.7'\n", { mode: 0o755 });
  expect(run()).toMatchObject({ status: 0, stdout: `${path}\n`, stderr: "" });
});

it("prints nothing on the standard output if it is missing and cannot be installed", () => {
  expect(run()).toMatchObject({ status: 1, stdout: "" });
  const { status, stdout, stderr } = run("--optional");
  expect([status, stdout]).toEqual([0, ""]);
  expect(stderr).toMatch(/Found no kcat[^]*apt-get install kcat[^]*Continuing without kcat/);
});

it("a program that does not run is no success", () => {
  writeFileSync(join(bin, "kcat"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining("does not run: exit code 3") });
});
