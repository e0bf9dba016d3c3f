import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";
import { type ProgramName, PROGRAMS_VARIABLE } from "../../src/workers/program.ts";

const NAMES: readonly ProgramName[] = ["main", "cool", "allocation", "memory"];

/** CommonJS packages inside an ES module still call `require`. */
const REQUIRE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

/** Translates the programs of child processes, once for a test file. They load one file instead of hundreds. */
export async function bundlePrograms(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-bench-programs-"));
  afterAll(() => {
    delete process.env[PROGRAMS_VARIABLE];
    rmSync(directory, { recursive: true, force: true });
  });
  await build({
    entryPoints: NAMES.map((name) => fileURLToPath(new URL(`../../src/workers/${name}.ts`, import.meta.url))),
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    conditions: ["@quorumlock/source"],
    banner: { js: REQUIRE },
    logLevel: "error",
  });
  process.env[PROGRAMS_VARIABLE] = directory;
}
