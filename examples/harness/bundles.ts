import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** CommonJS packages inside an ES module still call `require`. */
const REQUIRE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

/**
 * The code of each process as one file. A process that loads one file starts in a quarter of the time that it takes to load and
 * translate all sources, and a story starts many processes.
 */
export class Bundles {
  readonly #directory: string;
  readonly #files = new Map<string, string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * @param entry the TypeScript file, as `import.meta.resolve` returns it.
   * @returns the path of the JavaScript file.
   */
  of(entry: string): string {
    const known = this.#files.get(entry);
    if (known !== undefined) return known;
    const path = fileURLToPath(entry);
    const outfile = join(this.#directory, `${basename(dirname(path))}-${basename(path, ".ts")}.mjs`);
    buildSync({
      entryPoints: [path],
      outfile,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      // The library loads a client by a computed name if it gets a URL. The processes pass their clients.
      external: ["pg-native", "redis"],
      // A queue can run on another client, whose file for the machine cannot be translated.
      loader: { ".node": "empty" },
      banner: { js: REQUIRE },
      logLevel: "silent",
    });
    this.#files.set(entry, outfile);
    return outfile;
  }
}
