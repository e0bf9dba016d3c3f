import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const PACKAGE = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * The command, built from its sources into files of its own. It starts in a fifth of the time that the sources take. The path has no
 * space, wherever the repository is, so that shell commands of tests can begin with it.
 */
export interface Bundle extends Disposable {
  readonly main: string;
}

export async function bundleCommand(): Promise<Bundle> {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-exec-test-"));
  const out = join(directory, "dist", "cli");
  mkdirSync(out, { recursive: true });
  // The parts of the bundle look for it one folder above their own.
  for (const folder of [directory, join(directory, "dist")])
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "version": "0.0.0" }');
  await build({
    entryPoints: [join(PACKAGE, "src/cli/main.ts")],
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
  return {
    main: join(out, "main.js"),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}
