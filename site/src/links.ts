import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import type { Document } from "./documents.ts";
import { repository, workspace } from "./places.ts";

/** What is wrong with a link, such as "docs/recipes.md: faq.md#safe does not exist". */
type LinkProblem = string;

export interface Rewritten {
  readonly text: string;
  readonly problems: readonly LinkProblem[];
  /** The paths of the images that the text shows. */
  readonly images: readonly string[];
}

/** Code, which has no links, or the target of a link, of a reference at the end of a document, or of a picture in HTML. */
const CODE_OR_LINK =
  /^( *)```[^]*?^\1```$|(`+)(?!`)[^]*?(?<!`)\2(?!`)|(?<before>\]\()(?<target>[^()\s]+)(?=\))|(?<name>^\[[^\]\n]+\]:\s+)(?<reference>\S+)$|(?<source>\ssrc=")(?<picture>[^"]+)(?=")/gm;

/** Changes the links between files of the repository into links between pages of the site. */
export class LinkRewriter {
  readonly #documents: ReadonlyMap<string, Document>;

  constructor(documents: readonly Document[]) {
    this.#documents = new Map(documents.map((document) => [document.path, document]));
  }

  /**
   * @param text the document, or a part of it. @param path the document in the repository.
   * @param page the page on which the text will be.
   */
  rewrite(text: string, path: string, page: string): Rewritten {
    const problems: LinkProblem[] = [];
    const images: string[] = [];
    const rewritten = text.replaceAll(CODE_OR_LINK, (...args) => {
      const whole = args[0];
      const groups = args.at(-1) as Readonly<Record<string, string | undefined>>;
      const target = groups["target"] ?? groups["reference"] ?? groups["picture"];
      if (target === undefined || /^[a-z]+:/.test(target)) return whole;
      const { link, problem, image } = this.#resolve(target, path, page);
      if (problem !== undefined) problems.push(`${path}: ${target} ${problem}`);
      if (image !== undefined) images.push(image);
      return `${groups["before"] ?? groups["name"] ?? groups["source"] ?? ""}${link}`;
    });
    return { text: rewritten, problems, images };
  }

  #resolve(
    target: string,
    from: string,
    page: string,
  ): { readonly link: string; readonly problem?: string; readonly image?: string } {
    const [file = "", anchor] = target.split("#");
    const path = file === "" ? from : posix.join(posix.dirname(from), file);
    const document = this.#documents.get(path);
    if (document !== undefined) return linkToDocument(document, anchor, page);
    if (!existsSync(join(workspace, path))) return { link: target, problem: "does not exist" };
    if (/\.(?:png|svg)$/.test(path)) return { link: `/images/${posix.basename(path)}`, image: path };
    const view = statSync(join(workspace, path)).isDirectory() ? "tree" : "blob";
    const line = anchor === undefined ? "" : `#${anchor}`;
    return { link: `${repository}/${view}/HEAD/${path}${line}` };
  }
}

function linkToDocument(
  document: Document,
  anchor: string | undefined,
  page: string,
): { readonly link: string; readonly problem?: string } {
  if (anchor === undefined) return { link: relativeLink(page, document.page) };
  if (document.headings.every((heading) => heading.anchor !== anchor))
    return { link: "#", problem: "leads to a heading that does not exist" };
  const part = document.parts.find(({ anchors }) => anchors.has(anchor));
  const target = part === undefined ? document.page : part.page;
  const own = part?.anchors.get(anchor) ?? anchor;
  return { link: `${target === page ? "" : relativeLink(page, target)}#${own}` };
}

/** Relative, so that the pages also work as Markdown, and under any base of the site. */
function relativeLink(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}
