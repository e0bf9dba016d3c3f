import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const workspace = fileURLToPath(new URL("../../..", import.meta.url));
const { checkLayers } = (await import(join(workspace, "scripts/check-layers.mjs"))) as {
  checkLayers: (root: string) => string[];
};

it("finds no violation in this repository", () => {
  expect(checkLayers(workspace)).toEqual([]);
});

describe("in a tree with violations", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "quorumlock-layers-"));
    addFile("index.ts", 'export { acquire } from "./quorum/round.ts";');
    addFile("base/clock.ts", "export const now = () => 0;");
    addFile("quorum/round.ts", 'import { now } from "../base/clock.ts";\nexport const acquire = now;');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("finds no violation in a correct tree", () => {
    expect(checkLayers(root)).toEqual([]);
  });

  it.each(["import type { Round } from", "export {\n  round,\n} from", "import", "type R = import("])(
    "finds an import from a higher floor, written as %j",
    (words) => {
      addFile("members/member.ts", `${words} "../quorum/round.ts"${words.endsWith("(") ? ")" : ""};`);
      expect(checkLayers(root)).toEqual([
        "members/member.ts (floor 4, members) imports quorum/round.ts (floor 5, quorum): that floor is higher",
      ]);
    },
  );

  it("finds an import cycle, even if it consists of types", () => {
    addFile("waiting/queue.ts", 'import type { Turn } from "./turn.ts";');
    addFile("waiting/turn.ts", 'import { turn } from "./next.ts";');
    addFile("waiting/next.ts", 'import { Queue } from "./queue.ts";');
    expect(checkLayers(root)).toEqual([
      "import cycle: waiting/next.ts → waiting/queue.ts → waiting/turn.ts → waiting/next.ts",
    ]);
  });

  it("finds an import of a package, except the two clients in the file that opens URLs", () => {
    addFile("instances/url.ts", 'export const open = () => import("ioredis");');
    addFile(
      "instances/port.ts",
      'import { createHash } from "node:crypto";\nimport type { Redis } from "ioredis";',
    );
    addFile("quorum/tally.ts", 'import ms from "ms";');
    expect(checkLayers(root)).toEqual([
      expect.stringMatching(/^instances\/port\.ts imports the package ioredis: /),
      expect.stringMatching(/^quorum\/tally\.ts imports the package ms: /),
    ]);
  });

  it("finds imports of the public entry from a floor, and other imports from an outer room", () => {
    addFile("holding/lock.ts", 'import { acquire } from "../index.ts";');
    addFile("integrations/nest.ts", 'import { acquire } from "../index.ts";\nimport "../quorum/round.ts";');
    addFile("patterns/once.ts", 'import "../integrations/nest.ts";');
    expect(checkLayers(root)).toEqual([
      "holding/lock.ts (floor 7, holding) imports index.ts (public entry): only users and outer rooms may import it",
      "integrations/nest.ts (outer room) imports quorum/round.ts (floor 5, quorum): integrations may import only index.ts",
      "patterns/once.ts (floor 13, patterns) imports integrations/nest.ts (outer room): no other room may import integrations",
    ]);
  });

  it("finds a room without a floor, an import from outside, and an import with a computed name", () => {
    addFile("helpers/misc.ts", "export const misc = 1;");
    addFile("base/errors.ts", 'import manifest from "../../package.json";');
    addFile("base/events.ts", "export const load = (name: string) => import(name);");
    expect(checkLayers(root)).toEqual([
      "helpers has no floor; add it to FLOORS in scripts/check-layers.mjs",
      "base/errors.ts imports ../../package.json, which is outside packages/quorumlock/src",
      "base/events.ts imports a computed name, which this script cannot check; use a string",
    ]);
  });

  it("finds imports of ops that the library does not export", () => {
    addFile(
      "cli/main.ts",
      'import "quorumlock";\nimport "quorumlock/testing";\nimport "../config.ts";',
      "ops",
    );
    addFile("cli/deep.ts", 'import "quorumlock/src/base/clock.ts";', "ops");
    addFile("config.ts", 'import "../../quorumlock/src/base/clock.ts";', "ops");
    expect(checkLayers(root)).toEqual([
      expect.stringMatching(/^packages\/ops\/src\/cli\/deep\.ts imports quorumlock\/src\/base\/clock\.ts: /),
      expect.stringMatching(
        /^packages\/ops\/src\/config\.ts imports \.\.\/\.\.\/quorumlock\/src\/base\/clock\.ts: /,
      ),
    ]);
  });

  it("ignores the word import in comments and strings", () => {
    addFile("base/options.ts", '// import "x";\n/* import "y" */\nexport const help = \'import "z"\';');
    expect(checkLayers(root)).toEqual([]);
  });

  function addFile(path: string, source: string, workspacePackage = "quorumlock"): void {
    const file = join(root, "packages", workspacePackage, "src", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source);
  }
});
