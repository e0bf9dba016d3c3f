import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The workspace. Paths of documents are relative to it. */
export const workspace = fileURLToPath(new URL("../../", import.meta.url));
/** The folder of the site. */
export const site = fileURLToPath(new URL("../", import.meta.url));
/** The pages that VitePress builds. They are written anew by each build, and not committed. */
export const pagesDirectory = fileURLToPath(new URL("../pages/", import.meta.url));
/** The built site. */
export const outputDirectory = fileURLToPath(new URL("../dist/", import.meta.url));

const manifest = JSON.parse(
  readFileSync(new URL("../../packages/quorumlock/package.json", import.meta.url), "utf8"),
) as { readonly repository: { readonly url: string } };

/** The address of the repository, such as "https://github.com/quorumlock/quorumlock". */
export const repository = manifest.repository.url.replace(/^git\+|\.git$/g, "");
