import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as library from "../src/index.ts";
import { LockError } from "../src/index.ts";
import * as patterns from "../src/patterns/index.ts";

const readText = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const source = (path: string): string => readText(`../src/${path}`);
const docs = (path: string): string => readText(`../../../docs/${path}`);

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "").toSorted();
}

describe("docs/errors.md", () => {
  const page = docs("errors.md");
  const code = ["base", "compositions", "policies", "patterns"]
    .map((room) => source(`${room}/errors.ts`))
    .join("");

  test("has one heading for each code, and no other headings", () => {
    const unions = matches(code, /export type \w+ErrorCode =([^;]+);/g).join("|");
    const codes = matches(unions, /"([A-Z_]+)"/g);
    expect(codes.length).toBeGreaterThan(9);
    expect(matches(page, /^### `([A-Z_]+)`/gm)).toEqual(codes);
  });

  test("has the class of each code in its heading", () => {
    const classes = Object.entries(library).flatMap(([name, value]) =>
      typeof value === "function" && value.prototype instanceof LockError ? [name] : [],
    );
    expect(classes.length).toBe(15);
    expect(matches(page, /^### `LOCK_[A-Z_]+` — `(\w+)`/gm)).toEqual(classes.toSorted());
    for (const name of classes) {
      const own = new RegExp(`class ${name} extends \\w+ \\{[^}]*?code = "(\\w+)"`).exec(code)?.[1];
      expect(page).toContain(`### \`${own}\` — \`${name}\``);
    }
  });

  test("has the class of each code of a pattern in its heading", () => {
    const classes = Object.entries(patterns).flatMap(([name, value]) =>
      typeof value === "function" && value.prototype instanceof patterns.PatternError ? [name] : [],
    );
    const section = /^## Of a pattern\n([^]*?)(?=^## |(?![^]))/m.exec(page)?.[1] ?? "";
    expect(matches(section, /^### `[A-Z_]+` — `(\w+)`/gm)).toEqual(classes.toSorted());
    for (const name of classes) {
      const own = new RegExp(`class ${name} extends \\w+ \\{[^}]*?code = "(\\w+)"`).exec(code)?.[1];
      expect(page).toContain(`### \`${own}\` — \`${name}\``);
    }
  });

  test("has classes that are all exported", () => {
    for (const name of matches(code, /export (?:abstract )?class (\w+)/g))
      expect({ ...library, ...patterns }).toHaveProperty(name);
  });
});

test("docs/kubernetes.md has a row for each code of a DiscoveryError, and the names of the annotations", () => {
  const page = docs("kubernetes.md");
  const union = /export type DiscoveryErrorCode =([^;]+);/.exec(
    source("kubernetes/discovery/errors.ts"),
  )?.[1];
  const codes = matches(union ?? "", /"([A-Z_]+)"/g);
  expect(codes.length).toBeGreaterThan(5);
  expect(matches(page, /^\| `([A-Z_]+)` +\|/gm)).toEqual(codes);
  for (const name of matches(source("kubernetes/discovery/declared-size.ts"), /_ANNOTATION = "(.*?)"/g))
    expect(page).toContain(`${name}=`);
});

describe("docs/events.md", () => {
  const page = docs("events.md");
  const map = /interface LockEvents \{\n(.*?)\n\}/s.exec(source("base/events.ts"))?.[1] ?? "";
  const events = [...map.matchAll(/^ {2}"([\w:]+)": \{(.*?)\n? *\};/gms)].map(([, name, body]) => ({
    name: name ?? "",
    fields: matches(body ?? "", /readonly (\w+):/g),
  }));

  test("has one heading for each event, and no other headings", () => {
    expect(events.length).toBeGreaterThan(8);
    expect(matches(page, /^### `([\w:]+)`/gm)).toEqual(events.map(({ name }) => name).toSorted());
  });

  test.each(events)("has every field of $name, and no other fields", ({ name, fields }) => {
    const section = page.split(/^### /m).find((part) => part.startsWith(`\`${name}\``)) ?? "";
    expect(matches(section, /^\| `(\w+)`\s*\|/gm)).toEqual(fields);
  });

  test("has only events that the library emits", () => {
    const paths = readdirSync(new URL("../src", import.meta.url), { recursive: true, encoding: "utf8" });
    const code = paths
      .filter((path) => path.endsWith(".ts"))
      .map(source)
      .join("\n");
    for (const { name } of events) expect(code).toContain(`to("${name}")`);
  });
});

describe("README.md", () => {
  const page = readText("../../../README.md");
  const section = /^## Options\n([^]*?)^## /m.exec(page)?.[1] ?? "";
  const rows = [...section.matchAll(/^\| `(\w+)`\s*\| (.*?)\s*\|/gm)].map(([, name = "", value = ""]) => ({
    name,
    value,
  }));
  const optionsOf = (type: string, file = "base/options.ts"): { name: string; value: string }[] => {
    const body =
      new RegExp(`interface ${type} (?:extends \\w+ )?\\{([^]*?)\\n\\}`).exec(source(file))?.[1] ?? "";
    return [...body.matchAll(/@default ([^]*?)\s*\*\/\s*readonly (\w+)\?/g)].map(
      ([, value = "", name = ""]) => ({
        name,
        value,
      }),
    );
  };
  const all = [
    ...optionsOf("MutexRedlockOptions"),
    ...optionsOf("RedlockOptions", "client/health-options.ts"),
    ...optionsOf("AcquireOptions"),
  ];

  test("has every option", () => {
    expect(all.length).toBeGreaterThan(14);
    expect(rows.map(({ name }) => name).toSorted()).toEqual(
      [...new Set(all.map(({ name }) => name))].toSorted(),
    );
  });

  test("has the default of every option whose default is a literal", () => {
    const literals = all.filter(({ value }) => /^([\d_.]+|"\S+"|true|false)$/.test(value));
    expect(literals.length).toBeGreaterThan(5);
    for (const { name, value } of literals) {
      const shown = rows.find((row) => row.name === name)?.value.replaceAll(/[`,]/g, "");
      expect({ name, value: shown }).toEqual({ name, value: value.replaceAll("_", "") });
    }
  });
});

describe("links", () => {
  const root = new URL("../../../", import.meta.url);
  const pages = [
    "README.md",
    "README.ko.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "bench/README.md",
  ];
  pages.push(
    ...readdirSync(new URL("docs", root))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  );

  /** The anchors of a page, as GitHub makes them. */
  const anchorsOf = (text: string): string[] =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-"),
    );

  test.each(pages)("of %s lead to files and headings that exist", (page) => {
    const text = readFileSync(new URL(page, root), "utf8").replaceAll(/^```[^]*?^```/gm, "");
    const inline = [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = ""]) => target);
    const broken = inline.filter((target) => {
      const [path = "", anchor] = target.split("#");
      const url = path === "" ? new URL(page, root) : new URL(path, new URL(page, root));
      if (!existsSync(url)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(url, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
    const undefinedNames = matches(text, /\]\[([a-z-]+)\]/g).filter((name) => !text.includes(`\n[${name}]:`));
    expect(undefinedNames).toEqual([]);
  });
});
