import { readdirSync, readFileSync } from "node:fs";

export const root = new URL("../../../../", import.meta.url);

/** A fenced block of a page. */
export interface CodeBlock {
  readonly page: string;
  /** The line of its first fence. */
  readonly line: number;
  /** The heading above it. */
  readonly heading: string;
  readonly language: string;
  readonly code: string;
  /** Why it cannot run, from the comment `<!-- not run: … -->` above it. */
  readonly notRun: string | undefined;
  /** The `text` block that shows what it prints. */
  readonly output: string | undefined;
}

const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "bench/README.md",
  "packages/nestjs/README.md",
  "site/home/index.md",
  "site/home/ko.md",
];

/** All fenced blocks of the README and the docs, in the order of the pages. README.ko.md has the code of README.md. */
export function readBlocks(): readonly CodeBlock[] {
  const docs = readdirSync(new URL("docs", root)).filter((name) => name.endsWith(".md"));
  return [...PAGES, ...docs.map((name) => `docs/${name}`)].flatMap(blocksOf);
}

export function blocksOf(page: string): readonly CodeBlock[] {
  const text = readFileSync(new URL(page, root), "utf8");
  const fences = [...text.matchAll(/^( *)```(.*)\n([^]*?)^ *```$/gm)];
  const blocks: { -readonly [Key in keyof CodeBlock]: CodeBlock[Key] }[] = [];
  for (const { index, 2: language = "", 3: code = "" } of fences) {
    const before = text.slice(0, index);
    const line = before.split("\n").length;
    const heading =
      before
        .match(/^#+ .*$/gm)
        ?.at(-1)
        ?.replace(/^#+ /, "") ?? "";
    const notRun = /<!-- not run: ((?:(?!-->)[^])*) -->\s*$/.exec(before)?.[1]?.replace(/\s+/g, " ");
    const program = blocks.findLast((block) => isProgram(block));
    if (language === "text" && program !== undefined) program.output = code;
    else blocks.push({ page, line, heading, language, code, notRun, output: undefined });
  }
  return blocks;
}

export function isProgram({ language }: Pick<CodeBlock, "language">): boolean {
  return language === "js" || language === "ts";
}

/** "docs/recipes.md:17 Graceful shutdown" */
export function titleOf({ page, line, heading }: CodeBlock): string {
  return `${page}:${line} ${heading}`;
}
