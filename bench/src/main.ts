import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommanderError } from "commander";
import { runBench } from "./bench.ts";
import { parseFlags } from "./flags.ts";
import { asJson, asMarkdown, asText, type Report } from "./report/report.ts";

try {
  const { out, ...flags } = parseFlags(process.argv.slice(2));
  // Before the work, not after it.
  if (out !== undefined) await mkdir(out, { recursive: true });
  const report = await runBench(flags, (what) => process.stderr.write(`… ${what}\n`));
  console.log(`\n${asText(report)}`);
  if (out !== undefined) await write(report, out);
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) console.error(error.message);
  process.exitCode = error.exitCode;
}

async function write(report: Report, directory: string): Promise<void> {
  await writeFile(join(directory, "results.md"), asMarkdown(report));
  await writeFile(join(directory, "results.json"), asJson(report));
  console.log(`\nWritten to ${join(directory, "results.md")} and results.json.`);
}
