import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Bug } from "../../src/mutation/bug.ts";
import { bugs } from "../../src/mutation/bugs.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Each list has at most one bug of each file, so that a copy of the library can hold all of them. The bugs in examples are left
 * out: each copy of the examples would take as long to compile as all of the library.
 */
function listsOfBugs(): readonly (readonly Bug[])[] {
  const lists: Bug[][] = [];
  for (const bug of bugs.filter(({ file }) => file.endsWith(".ts") && !file.startsWith("examples/"))) {
    const list = lists.find((each) => each.every(({ file }) => file !== bug.file));
    if (list === undefined) lists.push([bug]);
    else list.push(bug);
  }
  return lists;
}

/** Runs the compiler, and returns what it reports. */
function compile(directory: string): Promise<string> {
  return new Promise((resolve) => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    execFile(process.execPath, [compiler, "--project", directory], (_error, stdout) => resolve(stdout));
  });
}

/** Some dozens of copies of the library are compiled at once. The limit only catches a hang. */
const TIMEOUT_MS = 600_000;

test(
  "every planted bug compiles, so that a check catches the bug and not an error of its text",
  { timeout: TIMEOUT_MS },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "quorumlock-planted-"));
    try {
      listsOfBugs().forEach((list, index) => {
        const source = join(directory, String(index));
        cpSync(join(root, "packages/quorumlock/src"), source, { recursive: true });
        for (const { file, find, replace } of list) {
          const path = join(source, file);
          writeFileSync(
            path,
            readFileSync(path, "utf8").replace(find, () => replace),
          );
        }
      });
      writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
      symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
      const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
      const project = { extends: join(root, "tsconfig.base.json"), compilerOptions, include: ["**/*"] };
      writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(project));
      expect(await compile(directory)).toBe("");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
