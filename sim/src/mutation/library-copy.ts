import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bug, pathOf } from "./bug.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const LIBRARY = "packages/quorumlock";
const COPIED = [
  "package.json",
  "tsconfig.base.json",
  "vitest.config.ts",
  "scripts",
  LIBRARY,
  "packages/ops/package.json",
  "sim",
  "examples",
];
const NOT_COPIED = /\/(node_modules|dist)$/;

/** A copy of the library, the simulator and the examples, with their tests, in a temporary directory. Holds one planted bug at a time. */
export class LibraryCopy implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "quorumlock-mutation-"));

  constructor() {
    for (const path of COPIED) {
      cpSync(join(root, path), join(this.root, path), {
        recursive: true,
        filter: (source) => !NOT_COPIED.test(source),
      });
    }
    this.#linkPackages();
  }

  /**
   * Plants a bug, and returns a function that removes it.
   *
   * @throws Error if the text of the bug does not occur exactly once in the file, because then the list of bugs is out of date.
   */
  plant(bug: Bug): () => void {
    const { name, file, find, replace } = bug;
    const path = join(this.root, pathOf(bug));
    const source = existsSync(path) ? readFileSync(path, "utf8") : "";
    const times = source.split(find).length - 1;
    if (times !== 1)
      throw new Error(`"${name}": ${file} must contain its text once, not ${times} times:\n${find}`);
    const planted = source.replace(find, () => replace);
    this.#write(path, planted);
    return () => this.#write(path, source);
  }

  /** The script that servers get is generated from the Lua files. */
  #write(path: string, source: string): void {
    writeFileSync(path, source);
    if (path.endsWith(".lua")) execFileSync(process.execPath, [join(this.root, "scripts/generate-lua.mjs")]);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Links all installed packages, except those of this workspace. They are linked to their copies. */
  #linkPackages(): void {
    const link = (target: string, path: string): void => {
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(target, path);
    };
    const installed = join(root, "node_modules");
    const own = new Set(["quorumlock", "@quorumlock", ".vite", ".cache"]);
    for (const name of readdirSync(installed)) {
      if (!own.has(name)) link(join(installed, name), join(this.root, "node_modules", name));
    }
    link(join(this.root, LIBRARY), join(this.root, "node_modules/quorumlock"));
    link(join(this.root, "sim"), join(this.root, "node_modules/@quorumlock/sim"));
    for (const workspace of [LIBRARY, "examples"]) {
      const nested = join(root, workspace, "node_modules");
      if (existsSync(nested)) link(nested, join(this.root, workspace, "node_modules"));
    }
  }
}
