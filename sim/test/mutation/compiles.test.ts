import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Bug, pathOf } from "../../src/mutation/bug.ts";
import { bugs } from "../../src/mutation/bugs.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Each list has at most one bug of each file, so that a copy of the library can hold all of them. */
function listsOfBugs(): readonly (readonly Bug[])[] {
  const lists: Bug[][] = [];
  for (const bug of bugs.filter(({ file }) => file.endsWith(".ts"))) {
    const list = lists.find((each) => each.every(({ file }) => file !== bug.file));
    if (list === undefined) lists.push([bug]);
    else list.push(bug);
  }
  return lists;
}

/** The packages of the copies are those of this workspace. */
function isSource(path: string): boolean {
  return basename(path) !== "node_modules";
}

/** Runs the compiler, and returns what it reports. */
function compile(directory: string): Promise<string> {
  return new Promise((resolve) => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    execFile(process.execPath, [compiler, "--project", directory], (_error, stdout) => resolve(stdout));
  });
}

test("every planted bug compiles, so that a check catches the bug and not an error of its text", async () => {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-planted-"));
  try {
    listsOfBugs().forEach((list, index) => {
      const copy = join(directory, String(index));
      for (const source of ["packages/quorumlock/src", "examples"])
        cpSync(join(root, source), join(copy, source), { recursive: true, filter: isSource });
      for (const bug of list) {
        const { find, replace } = bug;
        const path = join(copy, pathOf(bug));
        writeFileSync(
          path,
          readFileSync(path, "utf8").replace(find, () => replace),
        );
      }
    });
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
    const compilerOptions = {
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      customConditions: ["@quorumlock/source"],
    };
    const project = { extends: join(root, "tsconfig.base.json"), compilerOptions, include: ["**/*"] };
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(project));
    expect(await compile(directory)).toBe("");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
