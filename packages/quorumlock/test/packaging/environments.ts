import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readBlocks } from "../docs/blocks.ts";
import { testServers } from "../support/server-access.ts";
import { EmptyProject, packLibrary } from "./empty-project.ts";
import {
  BOTH_BUILDS_PROGRAM,
  CJS_PROGRAM,
  CLIENT_PROGRAM,
  ESM_PROGRAM,
  TYPED_PROGRAM,
  WORKS,
} from "./programs.ts";

// The packed library in environments that npm downloads: `npm run test:packages`.

const [server] = await testServers(1);
const port = String(server!.server.port);
const directory = mkdtempSync(join(tmpdir(), "quorumlock-tarball-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const tarball = await packLibrary(directory);

async function newProject(packages: readonly string[], type?: "commonjs"): Promise<EmptyProject> {
  const project = new EmptyProject(type);
  await project.install(tarball.path, ...packages);
  return project;
}

/** A project for one test. */
async function testProject(packages: readonly string[], type?: "commonjs"): Promise<EmptyProject> {
  const project = await newProject(packages, type);
  onTestFinished(() => project[Symbol.dispose]());
  return project;
}

describe.each(["5.4.5", "5.9.3"])("TypeScript %s", (version) => {
  let project: EmptyProject;
  beforeAll(
    async () => (project = await newProject([`typescript@${version}`, "@types/node@20"], "commonjs")),
  );
  afterAll(() => project[Symbol.dispose]());

  test.each([
    ["node10", "program.ts", { module: "commonjs", moduleResolution: "node10" }, "out/program.js"],
    ["node16", "program.ts", { module: "node16" }, "out/program.js"],
    ["node16 from .mts", "program.mts", { module: "node16" }, "out/program.mjs"],
    ["node16 from .cts", "program.cts", { module: "node16" }, "out/program.cjs"],
    ["nodenext from .mts", "program.mts", { module: "nodenext" }, "out/program.mjs"],
  ])("compiles with %s", async (_, file, options, output) => {
    project.write(file, TYPED_PROGRAM);
    await project.compile({ target: "es2022", ...options }, file);
    expect(await project.node(output)).toBe(WORKS);
  });
});

test.each([
  ["ES modules", { outputModule: true }, "module", ".mjs"],
  ["CommonJS", {}, "commonjs2", ".cjs"],
])(
  "webpack bundles %s if only the client that is handed in is installed",
  async (_, experiments, type, extension) => {
    const project = await testProject(["webpack@5", "webpack-cli@6", "ioredis@5"]);
    project.write("entry.mjs", CLIENT_PROGRAM);
    const config = {
      mode: "production",
      target: "node20",
      entry: "./entry.mjs",
      experiments,
      output: { filename: `bundle${extension}`, library: { type } },
    };
    project.write("webpack.config.mjs", `export default ${JSON.stringify(config)};`);
    expect(await project.run("npx", "webpack", "--fail-on-warnings")).toContain("compiled successfully");
    expect(await project.node(`dist/bundle${extension}`, port)).toBe(WORKS);
  },
);

test("Jest runs tests that use the package", async () => {
  const project = await testProject(["jest@30", "ioredis@5"], "commonjs");
  project.write(
    "lock.test.js",
    `const { Redis } = require("ioredis");
     const { LockError, LockTimeoutError, Redlock } = require("quorumlock");
     test.each([
       ["memory", () => Redlock.memory()],
       ["a server", () => new Redlock([new Redis(${port})], { restartGuard: false })],
     ])("a lock on %s", async (_, open) => {
       const redlock = open();
       await redlock.acquire("jest");
       const refused = redlock.acquire("jest", { wait: 1 });
       await expect(refused).rejects.toThrow(LockTimeoutError);
       await expect(refused).rejects.toBeInstanceOf(LockError);
       await redlock.close();
     });`,
  );
  await project.run("npx", "jest", "--forceExit");
});

test("Jest runs the recipe of the docs", async () => {
  const recipe = readBlocks().find(({ code }) => code.startsWith("// Jest"));
  const project = await testProject(["jest@30"], "commonjs");
  project.write("recipe.test.js", recipe!.code);
  await project.run("npx", "jest");
});

describe.each([20, 22, 24])("Node %i", (version) => {
  let project: EmptyProject;
  let node: string;
  beforeAll(async () => {
    const name = `node-${process.platform}-${process.arch}`;
    project = await newProject([`${name}@${version}`, "ioredis@5"]);
    node = join(project.path, "node_modules", name, "bin/node");
    expect(await project.run(node, "--version")).toMatch(`v${version}.`);
  });
  afterAll(() => project[Symbol.dispose]());

  test.each([
    ["an ES module", "program.mjs", ESM_PROGRAM, WORKS],
    ["CommonJS", "program.cjs", CJS_PROGRAM, WORKS],
    ["both builds", "both.mjs", BOTH_BUILDS_PROGRAM, ""],
    ["a client of a server", "client.mjs", CLIENT_PROGRAM, WORKS],
  ])("runs %s", async (_, file, program, output) => {
    project.write(file, program);
    expect(await project.run(node, file, port)).toBe(output);
  });
});

describe.each([
  ["Bun", "bun@1", ["bun", "run"]],
  ["Deno", "deno@2", ["deno", "run", "--allow-all", "--node-modules-dir=manual"]],
])("%s", (_, name, command) => {
  let project: EmptyProject;
  beforeAll(async () => {
    project = await newProject([name, "ioredis@5"]);
    // The packages download their program in a script that npm may not have run.
    await project.run("npm", "rebuild", "--foreground-scripts");
  });
  afterAll(() => project[Symbol.dispose]());

  test.each([
    ["an ES module", "program.mjs", ESM_PROGRAM, WORKS],
    ["CommonJS", "program.cjs", CJS_PROGRAM, WORKS],
    ["both builds", "both.mjs", BOTH_BUILDS_PROGRAM, ""],
    ["a client of a server", "client.mjs", CLIENT_PROGRAM, WORKS],
  ])("runs %s", async (__, file, program, output) => {
    project.write(file, program);
    expect(await project.run("npx", ...command, file, port)).toBe(output);
  });
});
