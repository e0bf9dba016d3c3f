import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { SMALL_PROGRAM } from "./programs.ts";

// What users add to a bundle or to the start of a serverless function, as esbuild minifies the build. It needs a current build.

const library = fileURLToPath(new URL("../../", import.meta.url));

/** A program, and how large its bundle may be. */
interface Limit {
  readonly program: string;
  readonly minified: number;
  readonly gzipped: number;
}

const all = (subpath: string): string => `export * from "quorumlock${subpath}";`;

/** About 2 % above what they are. An entry point counts with all that it exports and needs. */
const LIMITS: Readonly<Record<string, Limit>> = {
  "a mutex alone": { program: SMALL_PROGRAM, minified: 198_500, gzipped: 67_700 },
  ".": { program: all(""), minified: 356_000, gzipped: 119_700 },
  "./compat/redlock": { program: all("/compat/redlock"), minified: 178_500, gzipped: 61_200 },
  "./kafka": { program: all("/kafka"), minified: 21_200, gzipped: 8_400 },
  "./kubernetes": { program: all("/kubernetes"), minified: 139_700, gzipped: 47_000 },
  "./observe": { program: all("/observe"), minified: 54_000, gzipped: 19_400 },
  "./opentelemetry": { program: all("/opentelemetry"), minified: 24_700, gzipped: 8_750 },
  "./operator": { program: all("/operator"), minified: 139_000, gzipped: 47_500 },
  "./patterns": { program: all("/patterns"), minified: 144_500, gzipped: 50_400 },
  "./prometheus": { program: all("/prometheus"), minified: 25_300, gzipped: 9_200 },
  "./testing": { program: all("/testing"), minified: 72_400, gzipped: 25_900 },
  "./web-locks": { program: all("/web-locks"), minified: 156_500, gzipped: 53_300 },
};

interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

async function sizeOf(program: string): Promise<Size> {
  const { outputFiles, warnings } = await build({
    stdin: { contents: program, resolveDir: library },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "silent",
  });
  expect(warnings).toEqual([]);
  const { contents } = outputFiles[0]!;
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}

test("bundles stay small", async () => {
  const sizes = new Map<string, Size>();
  for (const [name, { program }] of Object.entries(LIMITS)) sizes.set(name, await sizeOf(program));
  const lines = [...sizes].map(
    ([name, { minified, gzipped }]) =>
      `${name.padEnd(18)}${minified.toLocaleString("en").padStart(10)} B minified${gzipped.toLocaleString("en").padStart(10)} B gzipped`,
  );
  console.log(lines.join("\n"));
  for (const [name, { minified, gzipped }] of sizes) {
    expect(minified, `${name}, minified`).toBeLessThanOrEqual(LIMITS[name]!.minified);
    expect(gzipped, `${name}, gzipped`).toBeLessThanOrEqual(LIMITS[name]!.gzipped);
  }
});

const LARGE_PROGRAM = SMALL_PROGRAM.replaceAll("MutexRedlock", "Redlock");

test("the docs name the sizes of bundles", async () => {
  const [small, large, dropIn] = (await Promise.all(
    [SMALL_PROGRAM, LARGE_PROGRAM, all("/compat/redlock")].map(sizeOf),
  )) as [Size, Size, Size];
  for (const [file, pattern, ...bytes] of [
    ["README.md", /(\d+) kB, mutex only/, small.minified],
    ["README.ko.md", /\| (\d+) kB, /, small.minified],
    ["docs/migration.md", /has (\d+) kB,\s+and (\d+) kB with gzip/, dropIn.minified, dropIn.gzipped],
    ["docs/comparison.md", /but it\s+is (\d+) kB/, small.minified],
    ["docs/comparison.md", /quorumlock (\d+) kB \((\d+) kB with gzip\)/, small.minified, small.gzipped],
    ["docs/comparison.md", /and (\d+) kB \((\d+) kB\) with `Redlock`/, large.minified, large.gzipped],
  ] as const) {
    const [, ...named] = pattern.exec(readFileSync(`${library}../../${file}`, "utf8")) ?? [];
    expect(named, `${file}: ${pattern}`).toHaveLength(bytes.length);
    for (const [index, size] of bytes.entries())
      expect(Math.abs(Number(named[index]) - size / 1_000), `${file}: ${pattern}`).toBeLessThan(2);
  }
});

test("each entry point has a limit", () => {
  const { exports } = JSON.parse(readFileSync(`${library}package.json`, "utf8")) as { exports: object };
  const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
  expect(Object.keys(LIMITS).filter((name) => name.startsWith("."))).toEqual(entries.toSorted());
});
