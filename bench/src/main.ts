import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { runBench } from "./bench.ts";
import { parseFlags } from "./flags.ts";
import { drawChart } from "./report/chart.ts";
import { replaceTables } from "./report/docs.ts";
import { asJson, asMarkdown, asTables, asText, type Report } from "./report/report.ts";
import { toJson } from "./report/results-json.ts";

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));

const began = performance.now();
try {
  const args = process.argv.slice(2);
  const { out, docs, ...flags } = parseFlags(args);
  // Before the work, not after it.
  if (out !== undefined) await mkdir(out, { recursive: true });
  const report = await runBench(
    flags,
    `npm run bench${args.length > 0 ? ` -- ${args.join(" ")}` : ""}`,
    tell,
  );
  tell(`finished after ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
  console.log(`\n${asText(report)}`);
  if (out !== undefined) await write(report, out);
  if (docs) await renewDocs(report);
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) console.error(error.message);
  process.exitCode = error.exitCode;
}
// Acquisitions that nobody waits for any more must not keep it running.
process.exit();

function tell(what: string): void {
  const seconds = ((performance.now() - began) / 1_000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${what}\n`);
}

async function write(report: Report, directory: string): Promise<void> {
  await writeFile(join(directory, "results.md"), asMarkdown(report));
  await writeFile(join(directory, "results.json"), asJson(report));
  await writeFile(join(directory, "speed.svg"), drawChart(toJson(report)));
  console.log(`\nWritten to ${join(directory, "results.md")}, results.json and speed.svg.`);
}

async function renewDocs(report: Report): Promise<void> {
  const page = join(DOCS, "performance.md");
  const renewed = replaceTables(await readFile(page, "utf8"), asTables(report, 3));
  await writeFile(page, renewed);
  await writeFile(join(DOCS, "speed.svg"), drawChart(toJson(report)));
  console.log(`\nRenewed ${page} and speed.svg beside it.`);
}
