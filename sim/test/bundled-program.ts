import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";

/** CommonJS packages inside an ES module still call `require`. */
const REQUIRE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

/**
 * Translates a program to one file, which starts several times as fast as its sources. It can start no other programs of the simulator. The
 * file is removed when the test file ends.
 * @returns the path of the file.
 */
export async function bundledProgram(program: URL): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-sim-program-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const outfile = join(directory, "program.mjs");
  await build({
    entryPoints: [fileURLToPath(program)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    conditions: ["@quorumlock/source"],
    banner: { js: REQUIRE },
    logLevel: "error",
  });
  return outfile;
}
