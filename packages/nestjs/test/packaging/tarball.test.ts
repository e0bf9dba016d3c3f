import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { EmptyProject, packLibrary, packPackage } from "../../../quorumlock/test/packaging/empty-project.ts";

// The packed package, beside the packed library, in an empty project. It needs a current build.

const directory = mkdtempSync(join(tmpdir(), "quorumlock-tarball-"));
const project = new EmptyProject();
afterAll(() => {
  project[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

const program = (load: string): string => `${load}
class Jobs {
  async run() { return currentLock().names.join(); }
}
const decorated = Object.getOwnPropertyDescriptor(Jobs.prototype, "run");
UseLock("packaged")(Jobs.prototype, "run", decorated);
Object.defineProperty(Jobs.prototype, "run", decorated);
class AppModule {}
Module({ imports: [QuorumlockModule.forRoot({ redlock: Redlock.memory() })], providers: [Jobs] })(AppModule);
async function main() {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  console.log(await app.get(Jobs).run());
  await app.close();
}
main();
`;
const IMPORTS = {
  "@nestjs/common": "Module",
  "@nestjs/core": "NestFactory",
  "@quorumlock/nestjs": "currentLock, QuorumlockModule, UseLock",
  quorumlock: "Redlock",
};

test("the packed package runs with import and with require", async () => {
  const library = await packLibrary(directory);
  const nestjs = await packPackage(fileURLToPath(new URL("../../", import.meta.url)), directory);
  expect(nestjs.files).toEqual(
    expect.arrayContaining(["dist/index.d.ts", "dist/cjs/index.d.ts", "README.md"]),
  );
  expect(nestjs.files.filter((file) => /\.map$|^src\/|^test\//.test(file))).toEqual([]);
  // Nest is the workspace's, so no registry is needed.
  const flags = ["--offline", "--legacy-peer-deps", "--no-audit", "--no-fund"];
  await project.run("npm", "install", ...flags, library.path, nestjs.path);
  for (const name of ["@nestjs/common", "@nestjs/core", "reflect-metadata", "rxjs"]) project.link(name);

  const load = (line: (names: string, from: string) => string): string =>
    Object.entries(IMPORTS)
      .map(([from, names]) => line(names, from))
      .join("\n");
  project.write("main.mjs", program(load((names, from) => `import { ${names} } from "${from}";`)));
  project.write("main.cjs", program(load((names, from) => `const { ${names} } = require("${from}");`)));
  for (const file of ["main.mjs", "main.cjs"])
    expect([file, await project.node(file)]).toEqual([file, "packaged"]);
});
