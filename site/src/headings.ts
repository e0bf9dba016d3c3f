import GithubSlugger, { slug } from "github-slugger";

export interface Heading {
  /** From 1 to 6. */
  readonly level: number;
  /** The text, still in Markdown. */
  readonly text: string;
  /** The anchor that GitHub gives it, without the "#". */
  readonly anchor: string;
}

/** A fenced block of code. */
const FENCED = /^( *)```[^]*?^\1```$/gm;

/** The headings of a document, in their order. Lines in blocks of code are no headings. */
export function headingsOf(text: string): readonly Heading[] {
  const slugger = new GithubSlugger();
  return [...text.replaceAll(FENCED, "").matchAll(/^(#{1,6}) (.+)$/gm)].map(
    ([, { length: level } = "", heading = ""]) => ({
      level,
      text: heading,
      anchor: slugger.slug(plainText(heading)),
    }),
  );
}

/** The title of a document: its first heading, as plain text. */
export function titleOf(text: string): string {
  const title = headingsOf(text).find(({ level }) => level === 1);
  if (title === undefined) throw new Error(`a document has no title:\n${text.slice(0, 200)}`);
  return plainText(title.text);
}

/** The first sentences of the first paragraph, as plain text. At most 200 characters, or one sentence. */
export function descriptionOf(text: string): string {
  const paragraphs = text.replaceAll(FENCED, "").split(/\n{2,}/);
  const first = paragraphs.find(
    (each) => /^[\p{L}\p{N}"`*[]/u.test(each) && !/^\[[^\]]+\](?:: |\([^)]*\)$)/.test(each),
  );
  const sentences = plainText((first ?? "").replaceAll("\n", " ")).split(/(?<=[.!?]) (?=\S)/);
  let description = sentences.shift() ?? "";
  for (const sentence of sentences) {
    if (description.length + sentence.length > 200) break;
    description += ` ${sentence}`;
  }
  return description;
}

/** The anchor of a heading that no earlier heading of the page has. VitePress numbers the others, as GitHub does. */
export function slugify(text: string): string {
  return slug(text);
}

/** Removes the marks of Markdown. */
function plainText(markdown: string): string {
  return markdown
    .replaceAll(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, "$1")
    .replaceAll(/[`*]/g, "")
    .trim();
}
