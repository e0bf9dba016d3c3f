import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommanderError } from "commander";
import { runBench } from "./bench.ts";
import { parseFlags } from "./flags.ts";
import { asJson, asMarkdown, asText, type Report } from "./report/report.ts";

const began = performance.now();
try {
  const args = process.argv.slice(2);
  const { out, docs: _docs, ...flags } = parseFlags(args);
  // Before the work, not after it.
  if (out !== undefined) await mkdir(out, { recursive: true });
  const report = await runBench(flags, `npm run bench${args.length > 0 ? ` -- ${args.join(" ")}` : ""}`, tell);
  tell(`finished after ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
  console.log(`\n${asText(report)}`);
  if (out !== undefined) await write(report, out);
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
  console.log(`\nWritten to ${join(directory, "results.md")} and results.json.`);
}
