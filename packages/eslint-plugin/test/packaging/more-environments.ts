import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EmptyProject, packPackage } from "../../../quorumlock/test/packaging/empty-project.ts";

// The packed plugin with the versions of ESLint that it supports: `npm run test:packages`.

const directory = mkdtempSync(join(tmpdir(), "quorumlock-tarball-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const tarball = await packPackage(fileURLToPath(new URL("../../", import.meta.url)), directory);

const PROGRAM = `import { redlock } from "./locks.js"; export async function f() { await redlock.acquire("a"); }\n`;
const WARN = `{ rules: { "quorumlock/release-on-all-paths": "warn" } }`;

test("the tarball has the pages of the rules, and the types of the entry alone", () => {
  expect(tarball.files).toContain("docs/rules/ttl-range.md");
  expect(tarball.files.filter((file) => file.endsWith(".d.ts"))).toEqual(["dist/index.d.ts"]);
});

describe.each(["9.0.0", "9.39.5", "10.15.0"])("ESLint %s", (version) => {
  let project: EmptyProject;
  beforeAll(async () => {
    project = new EmptyProject();
    await project.install(tarball.path, `eslint@${version}`);
    project.write("program.js", PROGRAM);
  });
  afterAll(() => project[Symbol.dispose]());

  test.each([
    ["eslint.config.mjs", `import quorumlock from "@quorumlock/eslint-plugin";\nexport default`],
    ["eslint.config.cjs", `const quorumlock = require("@quorumlock/eslint-plugin");\nmodule.exports =`],
  ])("reports with %s", async (file, start) => {
    project.write(file, `${start} [quorumlock.configs.recommended, ${WARN}];\n`);
    const args = ["node_modules/eslint/bin/eslint.js", "--config", file, "--format", "json", "program.js"];
    const [result] = JSON.parse(await project.node(...args)) as [{ messages: { ruleId: string }[] }];
    expect(result.messages.map(({ ruleId }) => ruleId)).toEqual(["quorumlock/release-on-all-paths"]);
  });
});
