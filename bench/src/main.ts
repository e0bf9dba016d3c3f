import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { runBench } from "./bench.ts";
import { parseFlags } from "./flags.ts";
import { drawChart } from "./report/chart.ts";
import { DOCS_BLOCKS, replaceTables } from "./report/docs.ts";
import { asJson, asMarkdown, asTables, asText, type Report } from "./report/report.ts";
import { toJson } from "./report/results-json.ts";

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));

const startedAt = performance.now();
try {
  const args = process.argv.slice(2);
  const { out, docs, ...flags } = parseFlags(args);
  // A directory that cannot be made must fail before the run, not after it.
  if (out !== undefined) await mkdir(out, { recursive: true });
  const report = await runBench(
    flags,
    `npm run bench${args.length > 0 ? ` -- ${args.join(" ")}` : ""}`,
    printProgress,
  );
  printProgress(`finished after ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes`);
  console.log(`\n${asText(report)}`);
  if (out !== undefined) await write(report, out);
  if (docs) await updateDocs(report);
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) console.error(error.message);
  process.exitCode = error.exitCode;
}
// Acquisitions that timed out may still be waiting, and would keep the process running.
process.exit();

function printProgress(what: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${what}\n`);
}

async function write(report: Report, directory: string): Promise<void> {
  await writeFile(join(directory, "results.md"), asMarkdown(report));
  await writeFile(join(directory, "results.json"), asJson(report));
  await writeFile(join(directory, "speed.svg"), drawChart(toJson(report)));
  console.log(`\nWritten to ${join(directory, "results.md")}, results.json and speed.svg.`);
}

/** Replaces the blocks of which any scenario was run. */
async function updateDocs({ environment, sections }: Report): Promise<void> {
  const path = join(DOCS, "performance-method.md");
  let page = await readFile(path, "utf8");
  for (const block of DOCS_BLOCKS) {
    const own = sections.filter(({ scenario }) => (scenario.docsBlock ?? "mutex") === block);
    if (own.length === 0) continue;
    const report = { environment, sections: own };
    page = replaceTables(page, block, asTables(report, 3));
    if (block === "mutex") await writeFile(join(DOCS, "speed.svg"), drawChart(toJson(report)));
  }
  await writeFile(path, page);
  console.log(`\nUpdated ${path}.`);
}
