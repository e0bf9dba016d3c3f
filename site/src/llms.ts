import type { Document } from "./documents.ts";
import type { Group } from "./groups.ts";
import { descriptionOf, titleOf } from "./headings.ts";

/**
 * The text of llms.txt, by which language models find the pages (https://llmstxt.org). Its links lead to the pages as Markdown,
 * relative to the file.
 */
export function renderLlms(documents: readonly Document[], groups: readonly Group[]): string {
  const readme = documents.find(({ path }) => path === "README.md");
  if (readme === undefined) throw new Error("README.md is missing");
  const byPage = new Map(documents.map((document) => [document.page, document]));
  const sections = groups.map(({ title, entries }) => {
    const lines = entries.map(({ page, label }) => {
      const document = byPage.get(page);
      if (document === undefined) return `- [${label}](${page})`;
      return `- [${titleOf(document.text)}](${page}): ${descriptionOf(document.text)}`;
    });
    return [`## ${title}`, lines.join("\n")].join("\n\n");
  });
  return [`# ${titleOf(readme.text)}`, `> ${descriptionOf(readme.text)}`, ...sections].join("\n\n") + "\n";
}
