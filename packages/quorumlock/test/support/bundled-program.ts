import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";

/** CommonJS packages inside an ES module still call `require`. */
const REQUIRE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

/**
 * Translates a program to one file, for tests that start processes of it: such a process starts several times as fast as one that translates
 * all sources. The file is removed when the test file ends.
 * @returns the path of the file.
 */
export async function bundle(program: URL): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-program-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const outfile = join(directory, "program.mjs");
  await build({
    entryPoints: [fileURLToPath(program)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    // Clients that the programs do not use.
    external: ["pg-native", "redis"],
    // A queue can run on another client, whose file for the machine cannot be translated.
    loader: { ".node": "empty" },
    banner: { js: REQUIRE },
    logLevel: "silent",
  });
  return outfile;
}

/** Translates a program to one file. @returns a function that starts a process. */
export async function bundledProgram(program: URL): Promise<(args: readonly string[]) => ChildProcess> {
  const file = await bundle(program);
  return (args) => fork(file, args);
}
