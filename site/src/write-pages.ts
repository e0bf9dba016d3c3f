import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { apiContents } from "./api-pages.ts";
import { type Document, readDocuments } from "./documents.ts";
import { groupsOf } from "./groups.ts";
import { descriptionOf } from "./headings.ts";
import { LinkRewriter } from "./links.ts";
import { renderLlms } from "./llms.ts";
import { pagesDirectory, site, workspace } from "./places.ts";

/** The pages that only the site has: the two entries. */
const ENTRIES: Readonly<Record<string, string>> = {
  "home/index.md": "index.md",
  "home/ko.md": "ko/index.md",
};

interface Page {
  readonly page: string;
  readonly text: string;
  /** The document in the repository. */
  readonly source: string;
  /** False for a page that is made from comments of the code. */
  readonly isEditable: boolean;
}

/**
 * Writes the pages of the site from the documents of the repository.
 * @throws Error that lists every link to a file or heading that does not exist.
 */
export function writePages(): void {
  const documents = readDocuments();
  const rewriter = new LinkRewriter(documents);
  const problems: string[] = [];
  rmSync(pagesDirectory, { recursive: true, force: true });
  cpSync(join(site, "public"), join(pagesDirectory, "public"), { recursive: true });
  for (const page of documents.flatMap(pagesOf)) {
    const { text, images, problems: found } = rewriter.rewrite(page.text, page.source, page.page);
    problems.push(...found);
    write(page.page, frontMatterOf(page) + text);
    for (const image of images) copyImage(image);
  }
  if (problems.length > 0) throw new Error(`dead links:\n${problems.join("\n")}`);
  for (const [path, page] of Object.entries(ENTRIES)) write(page, readFileSync(join(site, path), "utf8"));
  for (const name of readdirSync(join(workspace, "docs/images"))) copyImage(`docs/images/${name}`);
  write("public/llms.txt", renderLlms(documents, groupsOf(documents)));
}

function pagesOf({ path, page, text, parts }: Document): readonly Page[] {
  if (parts.length === 0) return [{ page, text, source: path, isEditable: true }];
  const contents = { page, text: apiContents(text), source: path, isEditable: false };
  return [contents, ...parts.map((part) => ({ ...contents, page: part.page, text: part.text }))];
}

function frontMatterOf({ text, source, isEditable }: Page): string {
  const fields = [`description: ${JSON.stringify(descriptionOf(text))}`, `source: ${source}`];
  if (!isEditable) fields.push("editLink: false");
  return `---\n${fields.join("\n")}\n---\n\n`;
}

function copyImage(path: string): void {
  cpSync(join(workspace, path), join(pagesDirectory, "public/images", basename(path)));
}

function write(page: string, text: string): void {
  const path = join(pagesDirectory, page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
