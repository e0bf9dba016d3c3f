import { type Heading, headingsOf } from "./headings.ts";

/** One section of docs/api.md, as a page. */
export interface ApiPage {
  /** Its path on the site, such as "api/errors.md". */
  readonly page: string;
  /** The title for the list of pages, such as "Errors" or "quorumlock/testing". */
  readonly title: string;
  /** The section. Its headings are one level higher than in docs/api.md. */
  readonly text: string;
  /** The anchors that docs/api.md has in this section, and those of the page. */
  readonly anchors: ReadonlyMap<string, string>;
}

/** Makes a page of each section of docs/api.md, because the whole is too long for one page. */
export function splitApi(text: string): readonly ApiPage[] {
  const [, ...sections] = sectionsOf(text);
  const headings = headingsOf(text);
  let index = headings.findIndex(({ level }) => level === 2);
  return sections.map((section) => {
    const page = section.replaceAll(/^##(#*) /gm, "#$1 ");
    const own = headingsOf(page);
    const former = headings.slice(index, index + own.length);
    index += own.length;
    const title = (own[0]?.text ?? "").replaceAll("`", "");
    return { page: `api/${fileName(title)}.md`, title, text: page, anchors: pairsOf(former, own) };
  });
}

/** The part of docs/api.md above the first section: what all sections have in common, and the contents. */
export function apiContents(text: string): string {
  return sectionsOf(text)[0] ?? "";
}

function sectionsOf(text: string): readonly string[] {
  return text.split(/^(?=## )/m);
}

function pairsOf(former: readonly Heading[], own: readonly Heading[]): ReadonlyMap<string, string> {
  return new Map(former.map(({ anchor }, index) => [anchor, own[index]?.anchor ?? ""]));
}

/** "Changes of the instances" → "changes-of-the-instances", "quorumlock/testing" → "testing" */
function fileName(title: string): string {
  return title
    .replace(/^quorumlock\//, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
}
