import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { readBlocks } from "../docs/blocks.ts";
import { testServers } from "../support/server-access.ts";
import { EmptyProject, packLibrary } from "./empty-project.ts";
import {
  BOTH_BUILDS_PROGRAM,
  CJS_PROGRAM,
  CLIENT_PROGRAM,
  COUNTING_PROGRAM,
  ESM_PROGRAM,
  TYPED_PROGRAM,
  WORKS,
} from "./programs.ts";

// The packed library in other versions of Node, in Bun, in Deno, in Jest, and for importers with older settings.

const servers = await testServers(3);
const urls = servers.map(({ server }) => server.url);
const port = String(servers[0]!.server.port);

const directory = mkdtempSync(join(tmpdir(), "quorumlock-tarball-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const tarball = await packLibrary(directory);
/** The directory whose `node_modules` has the programs. `npm test` installs them first. */
const installed = execFileSync(
  process.execPath,
  [fileURLToPath(new URL("../../../../scripts/ensure-environments.mjs", import.meta.url)), "--installed"],
  { encoding: "utf8" },
).trim();

const project = new EmptyProject();
afterAll(() => project[Symbol.dispose]());
await project.installTarball(tarball.path);
for (const name of ["ioredis", "@types/node"]) project.link(name);
for (const name of ["jest", "typescript"]) project.link(name, installed);

interface Runtime {
  readonly name: string;
  /** What it prints for `--version`. */
  readonly version: RegExp;
  /** The program, and its arguments before the file. */
  readonly command: readonly [program: string, ...args: string[]];
}

const programOf = (path: string): string => join(installed, "node_modules", path);
/** The platforms for which npm has them, as `scripts/ensure-environments.mjs` lists them. */
const isThere = ["linux-x64", "linux-arm64"].includes(`${process.platform}-${process.arch}`);
const runtimes: readonly Runtime[] = !isThere
  ? []
  : [
      { name: "Node 20", version: /^v20\./, command: [programOf("node20/bin/node")] },
      { name: "Node 22", version: /^v22\./, command: [programOf("node22/bin/node")] },
      { name: "Node 24", version: /^v24\./, command: [programOf("node24/bin/node")] },
      { name: "Bun", version: /^1\./, command: [programOf("bun/bin/bun")] },
      {
        name: "Deno",
        version: /^deno 2\./,
        command: [programOf("deno/deno"), "run", "--quiet", "--allow-all", "--node-modules-dir=manual"],
      },
    ];
const whyNot = isThere ? "" : " (skipped: npm has no programs of other runtimes for this platform)";

test.each(runtimes)(
  "$name runs ES modules, CommonJS, both builds, and a client of a server",
  async (runtime) => {
    const [program, ...args] = runtime.command;
    expect(await project.run(program, "--version")).toMatch(runtime.version);
    for (const [file, text, output] of [
      ["program.mjs", ESM_PROGRAM, WORKS],
      ["program.cjs", CJS_PROGRAM, WORKS],
      ["both.mjs", BOTH_BUILDS_PROGRAM, ""],
      ["client.mjs", CLIENT_PROGRAM, WORKS],
    ] as const) {
      project.write(file, text);
      expect([file, await project.run(program, ...args, file, port)]).toEqual([file, output]);
    }
  },
);

test.skipIf(!isThere)(`processes of all runtimes exclude each other${whyNot}`, async () => {
  project.write("count.mjs", COUNTING_PROGRAM);
  const commands = [[process.execPath] as const, ...runtimes.map(({ command }) => command)];
  const steps = 20;
  const outputs = await Promise.all(
    commands.map(([program, ...args]) =>
      project.run(program, ...args, "count.mjs", urls.join(","), String(steps)),
    ),
  );
  expect(outputs).toEqual(commands.map(() => WORKS));
  expect(await servers[0]!.admin.get("count")).toBe(String(commands.length * steps));
});

test("TypeScript 5.9 compiles with node10", async () => {
  project.write("program.cts", TYPED_PROGRAM);
  await project.compile({ target: "es2022", module: "commonjs", moduleResolution: "node10" }, "program.cts");
  expect(await project.node("out/program.cjs")).toBe(WORKS);
});

describe("Jest", () => {
  const runJest = async (text: string): Promise<void> => {
    project.write("lock.test.cjs", text);
    await project.node("node_modules/jest/bin/jest.js", "--watchman=false");
  };

  test("runs tests that use the package", async () => {
    await runJest(`
      const { Redis } = require("ioredis");
      const { LockError, LockTimeoutError, Redlock } = require("quorumlock");
      const client = new Redis(${port});
      afterAll(() => client.quit());
      test.each([
        ["memory", () => Redlock.memory()],
        ["a server", () => new Redlock([client], { restartGuard: false })],
      ])("a lock on %s", async (_, open) => {
        const redlock = open();
        await redlock.acquire("jest");
        const refused = redlock.acquire("jest", { wait: 1 });
        await expect(refused).rejects.toThrow(LockTimeoutError);
        await expect(refused).rejects.toBeInstanceOf(LockError);
        await redlock.close();
      });`);
  });

  test("runs the recipe of the docs", async () => {
    const recipe = readBlocks().find(({ code }) => code.startsWith("// Jest"));
    await runJest(recipe!.code);
  });
});
