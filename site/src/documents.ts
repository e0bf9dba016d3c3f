import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ApiPage, splitApi } from "./api-pages.ts";
import { type Heading, headingsOf } from "./headings.ts";
import { workspace } from "./places.ts";

/** A Markdown file of the repository that the site shows. */
export interface Document {
  /** Its path in the repository, such as "docs/recipes.md". */
  readonly path: string;
  /** The path of its page on the site, such as "recipes.md". */
  readonly page: string;
  readonly text: string;
  readonly headings: readonly Heading[];
  /** The parts of a document that is too long for one page. */
  readonly parts: readonly ApiPage[];
}

/** Documents outside of docs/, and their pages. */
const OTHERS: Readonly<Record<string, string>> = {
  "README.md": "guide.md",
  "README.ko.md": "ko/guide.md",
  "ARCHITECTURE.md": "architecture.md",
  "CONTRIBUTING.md": "contributing.md",
  "CHANGELOG.md": "changelog.md",
  "SECURITY.md": "security.md",
};

/** Reads every document of the site. */
export function readDocuments(): readonly Document[] {
  const docs = readdirSync(join(workspace, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => [`docs/${name}`, name === "api.md" ? "api/index.md" : name] as const);
  return [...Object.entries(OTHERS), ...docs, ...packageReadmes()].map(([path, page]) => {
    const text = readFileSync(join(workspace, path), "utf8");
    const parts = path === "docs/api.md" ? splitApi(text) : [];
    return { path, page, text, headings: headingsOf(text), parts };
  });
}

/** The READMEs of packages that have no page in docs/. The package quorumlock has that of the repository. */
function packageReadmes(): readonly (readonly [path: string, page: string])[] {
  return readdirSync(join(workspace, "packages"))
    .filter((name) => name !== "quorumlock" && name !== "ops")
    .filter((name) => existsSync(join(workspace, "packages", name, "README.md")))
    .filter((name) => !existsSync(join(workspace, "docs", `${name}.md`)))
    .map((name) => [`packages/${name}/README.md`, `${name}.md`]);
}
