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
  "locks.ts": `import { Redlock } from "quorumlock";\nexport const locks = new Redlock();\nexport class Pool { async acquire(name: string) { return name; } }`,
  "node_modules/quorumlock/dist/compat/redlock/redlock.d.ts": `export declare class Redlock { acquire(names: string[], duration: number): Promise<object>; using(names: string[], duration: number, routine: (signal: AbortSignal) => Promise<void>): Promise<void>; }`,
  "node_modules/quorumlock/dist/cjs/compat/redlock/redlock.d.ts": `export declare class Redlock { acquire(names: string[], duration: number): Promise<object>; using(names: string[], duration: number, routine: (signal: AbortSignal) => Promise<void>): Promise<void>; }`,
  "drop-in.ts": `import { Redlock } from "./node_modules/quorumlock/dist/compat/redlock/redlock";\nexport const locks = new Redlock();\nexport declare const ttl: number;`,
  "drop-in-cjs.ts": `import { Redlock } from "./node_modules/quorumlock/dist/cjs/compat/redlock/redlock";\nexport const locks = new Redlock();\nexport declare const ttl: number;`,
  "routine.ts": `import { locks, ttl } from "./drop-in";\nexport const f = (one: () => Promise<void>) => locks.using(["a"], ttl, async (signal) => {\nawait one();\nif (!signal.aborted) await one();\n});\nexport const g = (one: () => Promise<void>) => locks.using(["a"], ttl, async (signal) => {\nawait one();\nawait one();\n});`,
  "routine-cjs.ts": `import { locks, ttl } from "./drop-in-cjs";\nexport const f = (one: () => Promise<void>) => locks.using(["a"], ttl, async (signal) => {\nawait one();\nif (!signal.aborted) await one();\n});\nexport const g = (one: () => Promise<void>) => locks.using(["a"], ttl, async (signal) => {\nawait one();\nawait one();\n});`,
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "types": [] }, "include": ["*.ts"] }`,
  "client.ts": `import { locks } from "./locks";\nexport async function f() { await locks.acquire("a"); }`,
  "optional.ts": `import { locks } from "./locks";\nexport async function f(other: typeof locks | undefined) { await other?.acquire("a"); }`,
  "pool.ts": `import { Pool } from "./locks";\nexport async function f(redlock: Pool) { await redlock.acquire("a"); }`,
  // A package of the project.
  "node_modules/@acme/locks/package.json": `{ "name": "@acme/locks", "types": "index.d.ts" }`,
  "node_modules/@acme/locks/index.d.ts": `import { Redlock } from "quorumlock";\nexport declare class Locks extends Redlock {}\nexport declare const locks: Locks;\nexport declare class Pool { acquire(name: string): Promise<string>; }`,
  "package-client.ts": `import { locks } from "@acme/locks";\nexport async function f() { await locks.acquire("a"); }`,
  "package-class.ts": `import { Locks } from "@acme/locks";\nexport async function f(locks: Locks) { await locks.acquire("a"); }`,
  "package-pool.ts": `import { Pool } from "@acme/locks";\nexport async function f(redlock: Pool) { await redlock.acquire("a"); }`,
} as const;
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}

test.each([
  ["the client of another file is known by its type", "client.ts", true, 1],
  ["an optional client is known by its type", "optional.ts", true, 1],
  ["the client of a package is known by its type", "package-client.ts", true, 1],
  ["a client of a class of a package is known by its type", "package-class.ts", true, 1],
  ["an object of another class of a package is left out", "package-pool.ts", true, 0],
  ["also without types", "package-pool.ts", false, 0],
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

test.each([
  ["a module", "routine.ts"],
  ["CommonJS", "routine-cjs.ts"],
])("the client of the drop-in in another file is known by its type, as %s", async (_, file) => {
  const options = { project: "./tsconfig.json", tsconfigRootDir: project };
  const eslint = makeEslint({ "quorumlock/pass-signal": "error" }, project, options);
  const [result] = await eslint.lintFiles([file]);
  // The report is at the signal, which is the first parameter.
  expect(result!.messages.map(({ line, column }) => [line, column])).toEqual([[6, 79]]);
});
