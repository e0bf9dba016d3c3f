import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const workspace = fileURLToPath(new URL("../../..", import.meta.url));
const { checkLayers } = (await import(join(workspace, "scripts/check-layers.mjs"))) as {
  checkLayers: (root: string) => string[];
};

it("finds nothing in this repository", () => {
  expect(checkLayers(workspace)).toEqual([]);
});

describe("in a tree with planted violations", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "quorumlock-layers-"));
    plant("index.ts", 'export { acquire } from "./quorum/round.ts";');
    plant("base/clock.ts", "export const now = () => 0;");
    plant("quorum/round.ts", 'import { now } from "../clock.ts";\nexport const acquire = now;');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("finds nothing while none is planted", () => {
    expect(checkLayers(root)).toEqual([]);
  });

  it.each(["import type { Round } from", "export {\n  round,\n} from", "import", "type R = import("])(
    "names an import that goes up, written as %j",
    (words) => {
      plant("members/member.ts", `${words} "../quorum/round.ts"${words.endsWith("(") ? ")" : ""};`);
      expect(checkLayers(root)).toEqual([
        "members/member.ts (floor 3, members) imports quorum/round.ts (floor 4, quorum): that is upwards",
      ]);
    },
  );

  it("names a circle by its path, even when it is made of types", () => {
    plant("waiting/queue.ts", 'import type { Turn } from "./turn.ts";');
    plant("waiting/turn.ts", 'import { turn } from "./next.ts";');
    plant("waiting/next.ts", 'import { Queue } from "./queue.ts";');
    expect(checkLayers(root)).toEqual([
      "circle: waiting/next.ts → waiting/queue.ts → waiting/turn.ts → waiting/next.ts",
    ]);
  });

  it("names a foreign package, and lets the two clients be imported where URLs are opened", () => {
    plant("instances/url.ts", 'export const open = () => import("ioredis");');
    plant(
      "instances/port.ts",
      'import { createHash } from "node:crypto";\nimport type { Redis } from "ioredis";',
    );
    plant("quorum/tally.ts", 'import ms from "ms";');
    expect(checkLayers(root)).toEqual([
      expect.stringMatching(/^instances\/port\.ts imports the package ioredis: /),
      expect.stringMatching(/^quorum\/tally\.ts imports the package ms: /),
    ]);
  });

  it("names a way around the public face, from below and from beside", () => {
    plant("holding/lock.ts", 'import { acquire } from "./index.ts";');
    plant("observe/stats.ts", 'import { acquire } from "../index.ts";\nimport "../quorum/round.ts";');
    plant("patterns/once.ts", 'import "../observe/stats.ts";');
    expect(checkLayers(root)).toEqual([
      "lock.ts (floor 6, locks) imports index.ts (face): the public face is for users and onlookers only",
      "observe/stats.ts (onlooker) imports quorum/round.ts (floor 4, quorum): observe looks in only through index.ts",
      "patterns/once.ts (floor 8, patterns) imports observe/stats.ts (onlooker): nothing looks up at observe",
    ]);
  });

  it("names a room without a floor, an import from outside, and one it cannot read", () => {
    plant("helpers/misc.ts", "export const misc = 1;");
    plant("errors.ts", 'import manifest from "../package.json";');
    plant("events.ts", "export const load = (name: string) => import(name);");
    expect(checkLayers(root)).toEqual([
      "helpers is on no floor: give it one in scripts/check-layers.mjs",
      "errors.ts imports ../package.json, which is outside of packages/quorumlock/src",
      "events.ts imports a computed name, which cannot be checked",
    ]);
  });

  it("names what ops knows too much of", () => {
    plant("cli/main.ts", 'import "quorumlock";\nimport "quorumlock/testing";\nimport "../config.ts";', "ops");
    plant("cli/deep.ts", 'import "quorumlock/src/clock.ts";', "ops");
    plant("config.ts", 'import "../src/base/clock.ts";', "ops");
    expect(checkLayers(root)).toEqual([
      expect.stringMatching(/^packages\/ops\/src\/cli\/deep\.ts imports quorumlock\/src\/clock\.ts: /),
      expect.stringMatching(
        /^packages\/ops\/src\/config\.ts imports \.\.\/\.\.\/quorumlock\/src\/clock\.ts: /,
      ),
    ]);
  });

  it("does not take words in comments and strings for imports", () => {
    plant("options.ts", '// import "x";\n/* import "y" */\nexport const help = \'import "z"\';');
    expect(checkLayers(root)).toEqual([]);
  });

  function plant(path: string, source: string, workspacePackage = "quorumlock"): void {
    const file = join(root, "packages", workspacePackage, "src", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source);
  }
});
