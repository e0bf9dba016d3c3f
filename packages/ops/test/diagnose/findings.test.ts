import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ALL_CHECKS } from "../../src/diagnose/checks/all-checks.ts";
import { FINDINGS, type FindingCode, findingOf } from "../../src/diagnose/finding.ts";
import { nameArgument, shellQuote } from "../../src/diagnose/shell-quote.ts";
import { findingLines, summaryLines } from "../../src/cli/output/diagnosis.ts";
import { Output } from "../../src/cli/output/output.ts";
import { wrap } from "../../src/cli/output/wrap.ts";

const ROOT = new URL("../../../../", import.meta.url);
const OPERATIONS = new URL("docs/operations.md", ROOT);
const CODES = Object.keys(FINDINGS) as readonly FindingCode[];

test("each code has one check, and each check a code", () => {
  expect(ALL_CHECKS.map(({ code }) => code).toSorted()).toEqual(CODES.toSorted());
});

test("findings lead to the documentation at the homepage of the package", () => {
  const manifest = JSON.parse(readFileSync(new URL("packages/ops/package.json", ROOT), "utf8")) as {
    homepage: string;
  };
  const { url } = findingOf("QL107", { subject: "a", cause: "", remedy: "" });
  expect(url).toBe(manifest.homepage.replace("#readme", "/blob/main/docs/operations.md#ql107"));
});

test("docs/operations.md has a section for each code", () => {
  const text = readFileSync(OPERATIONS, "utf8");
  expect(
    CODES.filter((code) => !new RegExp(`^#+ ${code}\\b|id="${code.toLowerCase()}"`, "m").test(text)),
  ).toEqual([]);
});

test("names are quoted for a shell", () => {
  expect(shellQuote("order:42")).toBe("order:42");
  expect(shellQuote("a b")).toBe("'a b'");
  expect(shellQuote("it's $(x)")).toBe(String.raw`'it'\''s $(x)'`);
  expect(shellQuote("a\n\u202e'")).toBe(String.raw`$'a\x0a\xe2\x80\xae\''`);
  expect(nameArgument("-x")).toBe("-- -x");
});

test("text is wrapped at spaces, and a pipe gets whole lines", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("in 22 ms.", 5)).toEqual(["in", "22 ms."]);
  expect(wrap("unbreakable x", 4)).toEqual(["unbreakable", "x"]);
  expect(wrap("one two three", undefined)).toEqual(["one two three"]);
});

test("a finding and the summary as text", () => {
  const output = new Output({ json: false, color: false, ascii: false, quiet: false }, {});
  const commands = ["redis-cli CONFIG SET maxmemory-policy noeviction"];
  const finding = findingOf("QL107", { subject: "a", cause: "a evicts.", remedy: "Set it.", commands });
  expect(findingLines(finding, output)).toEqual([
    "✕ QL107  a evicts.",
    "         Remedy: Set it.",
    "           redis-cli CONFIG SET maxmemory-policy noeviction",
  ]);
  const unchecked = [{ code: "QL204", reason: "no process reports" }] as const;
  expect(summaryLines({ findings: [finding], passed: 19, unchecked }, 400, output)).toEqual([
    "✕ 1 error, 0 warnings, 19 checks passed in 400\u202fms",
    "  1 check not possible, because no process reports: QL204",
  ]);
});
