import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { testServers } from "../support/server-access.ts";
import { EmptyProject, packLibrary } from "./empty-project.ts";
import { CLIENT_PROGRAM, TYPED_PROGRAM, WORKS } from "./programs.ts";

// The packed library in more environments that npm downloads: `npm run test:packages`.

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

describe.each(["5.4.5"])("TypeScript %s", (version) => {
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
