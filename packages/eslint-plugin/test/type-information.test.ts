import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeEslint } from "./support/lint.ts";

/** A project with a file that exports a client of the library, and a pool that has the same methods. */
const project = realpathSync(mkdtempSync(join(tmpdir(), "quorumlock-types-")));
afterAll(() => rmSync(project, { recursive: true, force: true }));

const FILES = {
  "node_modules/quorumlock/package.json": `{ "name": "quorumlock", "types": "dist/index.d.ts" }`,
  "node_modules/quorumlock/dist/index.d.ts": `export declare class Redlock { acquire(name: string): Promise<{ release(): void }>; }`,
  "locks.ts": `import { Redlock } from "quorumlock";\nexport const locks = new Redlock();\nexport class Locks extends Redlock {}\nexport class Pool { async acquire(name: string) { return name; } }`,
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "types": [], "paths": { "src/*": ["./*"] } }, "include": ["*.ts"] }`,
  "client.ts": `import { locks } from "./locks";\nexport async function f() { await locks.acquire("a"); }`,
  "optional.ts": `import { locks } from "./locks";\nexport async function f(other: typeof locks | undefined) { await other?.acquire("a"); }`,
  "alias.ts": `import { locks } from "src/locks";\nexport async function f() { await locks.acquire("a"); }`,
  "alias-of-class.ts": `import { Locks } from "src/locks";\nexport async function f(locks: Locks) { await locks.acquire("a"); }`,
  "alias-of-pool.ts": `import { Pool } from "src/locks";\nexport async function f(redlock: Pool) { await redlock.acquire("a"); }`,
  "pool.ts": `import { Pool } from "./locks";\nexport async function f(redlock: Pool) { await redlock.acquire("a"); }`,
} as const;
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}

test.each([
  ["the client of another file is known by its type", "client.ts", true, 1],
  ["an optional client is known by its type", "optional.ts", true, 1],
  ["also behind an import that looks like one from a package", "alias.ts", true, 1],
  ["as is the class of a client", "alias-of-class.ts", true, 1],
  ["an object of another class behind such an import is left out", "alias-of-pool.ts", true, 0],
  ["an object of another type is left out, whatever its name", "pool.ts", true, 0],
  ["without types, a client with another name is not known", "client.ts", false, 0],
  ["without types, the name decides", "pool.ts", false, 1],
])("%s", async (_, file, withTypes, reports) => {
  const options = withTypes ? { project: "./tsconfig.json", tsconfigRootDir: project } : {};
  const eslint = makeEslint({ "quorumlock/release-on-all-paths": "error" }, project, options);
  const [result] = await eslint.lintFiles([file]);
  expect(result!.messages.map(({ ruleId, message }) => ruleId ?? message)).toEqual(
    Array.from({ length: reports }, () => "quorumlock/release-on-all-paths"),
  );
});
