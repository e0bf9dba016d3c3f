import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The file that runs the command: `node <commandMain> list`. */
    commandMain: string;
  }
}

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Builds the command from its sources, once for all tests. It starts in a fifth of the time that the sources take. The path has no space,
 * wherever the repository is, so that shell commands of tests can begin with it.
 */
export default async function bundleCommand({ provide }: TestProject): Promise<() => void> {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-command-bundle-"));
  const out = join(directory, "dist", "cli");
  mkdirSync(out, { recursive: true });
  // The parts of the bundle look for it one folder above their own.
  for (const folder of [directory, join(directory, "dist")])
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "version": "0.0.0" }');
  await build({
    // The demo starts its workers from a file beside its own.
    entryPoints: [join(PACKAGE, "src/cli/main.ts"), join(PACKAGE, "src/demo/worker-main.ts")],
    entryNames: "[name]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outdir: out,
    chunkNames: "[name]-[hash]",
    conditions: ["@quorumlock/source"],
    // Packages in CommonJS require modules of Node.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  provide("commandMain", join(out, "main.js"));
  return () => rmSync(directory, { recursive: true, force: true });
}
