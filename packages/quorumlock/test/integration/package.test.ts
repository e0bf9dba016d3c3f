import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type BuildOptions, transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EmptyProject, packLibrary } from "../packaging/empty-project.ts";
import {
  BOTH_BUILDS_PROGRAM,
  CJS_PROGRAM,
  CLIENT_PROGRAM,
  DIAGNOSED_PROGRAM,
  DISPOSING_PROGRAM,
  ESM_PROGRAM,
  SUPPRESSED_ERROR,
  TYPED_PROGRAM,
  WORKS,
} from "../packaging/programs.ts";
import { testServers } from "../support/server-access.ts";

// The package as users get it: packed, and installed into projects outside the workspace. `npm run test:packages` tests it in
// environments that have to be downloaded.

const [server] = await testServers(1);
const directory = mkdtempSync(join(tmpdir(), "quorumlock-tarball-"));
const tarball = await packLibrary(directory);
const project = new EmptyProject();
beforeAll(async () => {
  await project.installTarball(tarball.path);
  for (const name of ["typescript", "@types/node", "ioredis"]) project.link(name);
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
  project[Symbol.dispose]();
});

const read = (path: string): string =>
  readFileSync(join(project.path, "node_modules/quorumlock", path), "utf8");

describe("the tarball", () => {
  test("has the builds, the README and the licence, and no sources and maps", () => {
    const others = tarball.files.filter((path) => !/^dist\/.*(\.js|\.d\.ts)$/.test(path));
    expect(others.toSorted()).toEqual(["LICENSE", "README.md", "dist/cjs/package.json", "package.json"]);
    for (const path of tarball.files.filter((file) => file.endsWith(".js")))
      expect(read(path)).not.toContain("sourceMappingURL");
  });

  test("has a README whose links lead out of the package", () => {
    const links = [...read("README.md").matchAll(/\]\(([^)]*)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(link).toMatch(/^(https:|#)/);
  });

  test("has the addresses of the repository, the home page and the issues", () => {
    const manifest = JSON.parse(read("package.json")) as Record<string, unknown>;
    for (const field of ["repository", "homepage", "bugs"]) expect(manifest).toHaveProperty(field);
  });
});

describe("Node", () => {
  test("loads the package with import, and with require", async () => {
    project.write("program.mjs", ESM_PROGRAM);
    project.write("program.cjs", CJS_PROGRAM);
    expect(await project.node("program.mjs")).toBe(WORKS);
    expect(await project.node("program.cjs")).toBe(WORKS);
  });

  test("has one state and one set of errors if a process loads both builds", async () => {
    project.write("both.mjs", BOTH_BUILDS_PROGRAM);
    expect(await project.node("both.mjs")).toBe("");
  });

  test.each(["import", "require"])("opens a connection from a URL after %s", async (how) => {
    const load =
      how === "import" ? 'import { Redlock } from "quorumlock"' : 'const { Redlock } = require("quorumlock")';
    const name = `url.${how === "import" ? "mjs" : "cjs"}`;
    project.write(
      name,
      `${load};
       const redlock = new Redlock(["${server!.server.url}"], { restartGuard: false });
       redlock.using("url", () => console.log("${WORKS}")).then(() => redlock.close());`,
    );
    expect(await project.node(name)).toBe(WORKS);
  });
});

describe("TypeScript", () => {
  test.each([
    ["nodenext", "program.mts", { module: "nodenext" }, "out/program.mjs"],
    ["nodenext, CommonJS", "program.cts", { module: "nodenext" }, "out/program.cjs"],
    ["node16", "program.mts", { module: "node16" }, "out/program.mjs"],
    ["node16, CommonJS", "program.cts", { module: "node16" }, "out/program.cjs"],
    ["bundler", "program.ts", { module: "esnext", moduleResolution: "bundler" }, "out/program.js"],
  ])("compiles with %s", async (_, file, options, output) => {
    project.write(file, TYPED_PROGRAM);
    await project.compile({ target: "es2022", ...options }, file);
    expect(await project.node(output)).toBe(WORKS);
  });
});

describe.each(["polyfilled", "missing"] as const)(
  "if SuppressedError is %s, a block that lost its lock",
  (global) => {
    const expectLines = async (program: string): Promise<void> => {
      project.write(`${global}.mjs`, SUPPRESSED_ERROR[global]);
      expect((await project.node("--import", `./${global}.mjs`, program)).split("\n")).toEqual([
        "held: false",
        "lost: true",
        "SuppressedError, lost: true, of the block",
        global === "polyfilled" ? "of the class: true" : "no class",
      ]);
    };

    test("throws the loss, and both errors if it threw as well, as TypeScript compiles it", async () => {
      project.write("disposing.mts", DISPOSING_PROGRAM);
      const lib = ["es2022", "esnext.disposable"];
      await project.compile({ target: "es2022", lib, module: "nodenext" }, "disposing.mts");
      await expectLines("out/disposing.mjs");
    });

    test("does the same as esbuild compiles it", async () => {
      const { code } = transformSync(DISPOSING_PROGRAM, { loader: "ts", target: "node20" });
      expect(code).not.toContain("await using");
      project.write("disposing.mjs", code);
      await expectLines("disposing.mjs");
    });
  },
);

describe("esbuild", () => {
  const bundle = async (program: string, options: BuildOptions): Promise<void> => {
    project.write("entry.mjs", program);
    const { warnings } = await build({
      absWorkingDir: project.path,
      entryPoints: ["entry.mjs"],
      outdir: "bundle",
      bundle: true,
      platform: "node",
      logLevel: "silent",
      ...options,
    });
    expect(warnings).toEqual([]);
  };

  test.each(["esm", "cjs"] as const)(
    "bundles %s if only the client that is handed in is installed",
    async (format) => {
      const extension = format === "esm" ? ".mjs" : ".cjs";
      await bundle(CLIENT_PROGRAM, {
        format,
        outExtension: { ".js": extension },
        ...(format === "esm" && {
          // ioredis is CommonJS. Its bundle needs `require` in an ES module.
          banner: {
            js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
          },
        }),
      });
      expect(await project.node(`bundle/entry${extension}`, String(server!.server.port))).toBe(WORKS);
    },
  );

  test("with diagnostics, places in the code are told apart, alone and in a bundle", async () => {
    project.write("diagnosed.mjs", DIAGNOSED_PROGRAM);
    expect(await project.node("diagnosed.mjs")).toBe("2 true 2");
    await bundle(DIAGNOSED_PROGRAM, { format: "esm", outExtension: { ".js": ".mjs" } });
    expect(await project.node("bundle/entry.mjs")).toMatch(/^2 true/);
  });
});
