import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { blocksOf, root } from "./blocks.ts";

// README.ko.md follows README.md. code.test.ts runs the programs of README.md, which are the same.

const english = readFileSync(new URL("README.md", root), "utf8");
const korean = readFileSync(new URL("README.ko.md", root), "utf8");

/** The level of each heading, such as "##". */
function headingsOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/^#+(?= )/gm)].map(([level]) => level);
}

/** The number of rows of each table. */
function tablesOf(text: string): readonly number[] {
  return [...text.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => table.trim().split("\n").length);
}

/** The targets of all links, in any order. Sentences of two languages have their words in different orders. */
function linksOf(text: string): readonly string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !target.startsWith("README"))
    .map((target) => (target.startsWith("#") ? "#" : target))
    .toSorted();
}

/** The names of options and calls: the code in the first cells of rows, with their defaults if these are literals. */
function rowsOf(text: string): readonly string[] {
  const row = /^\| ((?:`[^`|]*`(?:, )?)+) +\| ((?:`[^`|]*`|[\d.,]+) *(?=\|))?/gm;
  return [...text.matchAll(row)].map(([, name = "", value = ""]) => `${name} ${value.trim()}`);
}

/** The numbers of each section, without those of links, each once. */
function numbersOf(text: string): readonly (readonly string[])[] {
  const sections = withoutCode(text)
    .replaceAll(/\]\([^)]*\)/g, " ")
    .split(/^## .*$/m);
  return sections.map((section) => [...new Set(section.match(/\d(?:[\d,.:]*\d)?/g))].toSorted());
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```/gm, "");
}

/** The code without its comments and the spaces before them. */
function codeOf(page: string): readonly string[] {
  return blocksOf(page).map(({ language, code, output }) => {
    const comment = { sh: / *(?:^|(?<=\s))#.*$/gm, sql: / *--.*$/gm }[language] ?? / *(?:^|(?<=\s))\/\/.*$/gm;
    return [language, code.replaceAll(comment, ""), output].join("\n");
  });
}

describe("README.ko.md has, as README.md has,", () => {
  test("the same headings", () => {
    expect(headingsOf(korean)).toEqual(headingsOf(english));
    expect(headingsOf(english).length).toBeGreaterThan(10);
  });

  test("the same code, apart from comments", () => {
    expect(codeOf("README.ko.md")).toEqual(codeOf("README.md"));
  });

  test("the same tables, with the same options, defaults and calls", () => {
    expect(tablesOf(korean)).toEqual(tablesOf(english));
    expect(rowsOf(korean)).toEqual(rowsOf(english));
    expect(rowsOf(english).length).toBeGreaterThan(20);
  });

  test("the same figures in each section", () => {
    expect(numbersOf(korean)).toEqual(numbersOf(english));
  });

  test("the same links", () => {
    expect(linksOf(korean)).toEqual(linksOf(english));
  });

  test("a link to the other language", () => {
    expect(english).toContain("(README.ko.md)");
    expect(korean).toContain("(README.md)");
  });
});

test("no section of README.ko.md has been left in English", () => {
  const prose = withoutCode(korean)
    .replaceAll(/`[^`]*`|\]\([^)]*\)|^\|.*$/gm, " ")
    .split(/^#+ .*$/m);
  for (const part of prose) {
    const hangul = part.match(/\p{Script=Hangul}/gu)?.length ?? 0;
    const latin = part.match(/[a-z]/gi)?.length ?? 0;
    expect({ part, isKorean: hangul >= latin || latin < 120 }).toEqual({ part, isKorean: true });
  }
});
