// Builds the site from the documents of the repository, or shows it. `npm run site` from the workspace starts it.
//
//   node --import tsx src/main.ts [build] [--base /path/]      writes dist/
//   node --import tsx src/main.ts dev [--port 5173]            shows the documents, and follows their changes
//   node --import tsx src/main.ts preview [--port 4173]        shows dist/
import { cpSync, watch } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, createServer } from "vitepress";
import { outputDirectory, pagesDirectory, site, workspace } from "./places.ts";
import { HOST, startPreview } from "./preview.ts";
import { writePages } from "./write-pages.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { base: { type: "string", default: "/" }, port: { type: "string" } },
});
const [command = "build"] = positionals;
const port = values.port === undefined ? {} : { port: Number(values.port) };

switch (command) {
  case "build":
    await buildSite();
    break;
  case "dev":
    await develop();
    break;
  case "preview":
    await show();
    break;
  default:
    console.error(`${command} is no command of the site: use build, dev or preview`);
    process.exitCode = 2;
}

async function buildSite(): Promise<void> {
  writePages();
  await build(site, { base: values.base });
  // The pages as Markdown, to which llms.txt links. The two entries have only front matter.
  const isPage = (path: string): boolean =>
    !path.startsWith(join(pagesDirectory, "public")) && !/(?:pages|ko)\/index\.md$/.test(path);
  cpSync(pagesDirectory, outputDirectory, { recursive: true, filter: isPage });
}

async function develop(): Promise<void> {
  writePages();
  const server = await createServer(site, { base: values.base, host: HOST, ...port });
  await server.listen();
  server.printUrls();
  for (const directory of [join(workspace, "docs"), join(site, "home"), join(site, "public")])
    watch(directory, rewrite);
  for (const name of ["README.md", "README.ko.md"]) watch(join(workspace, name), rewrite);
}

/** Writes the pages again. A dead link is printed, and does not end the server. */
function rewrite(): void {
  try {
    writePages();
  } catch (error) {
    console.error((error as Error).message);
  }
}

async function show(): Promise<void> {
  const server = await startPreview({ base: values.base, ...port });
  server.printUrls();
}
