import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as face from "../src/index.ts";
import { LockError } from "../src/index.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const source = (path: string): string => read(`../src/${path}`);
const docs = (path: string): string => read(`../../../docs/${path}`);

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "").toSorted();
}

describe("docs/errors.md", () => {
  const page = docs("errors.md");
  const code = source("errors.ts");

  test("has a heading for every code, and for no other", () => {
    const unions = all(code, /export type \w+ErrorCode =([^;]+);/g).join("|");
    const codes = all(unions, /"([A-Z_]+)"/g);
    expect(codes.length).toBeGreaterThan(9);
    expect(all(page, /^### `([A-Z_]+)`/gm)).toEqual(codes);
  });

  test("names the class of every code", () => {
    const classes = Object.entries(face).flatMap(([name, value]) =>
      typeof value === "function" && value.prototype instanceof LockError ? [name] : [],
    );
    expect(classes.length).toBe(8);
    expect(all(page, /^### `LOCK_[A-Z_]+` — `(\w+)`/gm)).toEqual(classes.toSorted());
    for (const name of classes) {
      const own = new RegExp(`class ${name} extends LockError \\{[^}]*?code = "(\\w+)"`).exec(code)?.[1];
      expect(page).toContain(`### \`${own}\` — \`${name}\``);
    }
  });

  test("every class is exported, and gives its own name", () => {
    for (const name of all(code, /export (?:abstract )?class (\w+)/g)) expect(face).toHaveProperty(name);
  });
});

describe("docs/events.md", () => {
  const page = docs("events.md");
  const map = /interface LockEvents \{\n(.*?)\n\}/s.exec(source("events.ts"))?.[1] ?? "";
  const events = [...map.matchAll(/^ {2}"([\w:]+)": \{(.*?)\n? *\};/gms)].map(([, name, body]) => ({
    name: name ?? "",
    fields: all(body ?? "", /readonly (\w+):/g),
  }));

  test("has a heading for every event, and for no other", () => {
    expect(events.length).toBeGreaterThan(8);
    expect(all(page, /^### `([\w:]+)`/gm)).toEqual(events.map(({ name }) => name).toSorted());
  });

  test.each(events)("has every field of $name, and no other", ({ name, fields }) => {
    const section = page.split(/^### /m).find((part) => part.startsWith(`\`${name}\``)) ?? "";
    expect(all(section, /^\| `(\w+)`\s*\|/gm)).toEqual(fields);
  });

  test("every event is emitted somewhere", () => {
    const code = [
      "lock.ts",
      "primitives/mutex.ts",
      "members/member.ts",
      "members/acquaintance.ts",
      "members/safety.ts",
      "waiting/wake-ups.ts",
    ]
      .map(source)
      .join("\n");
    for (const { name } of events) expect(code).toContain(`emit("${name}"`);
  });
});
