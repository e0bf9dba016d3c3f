import type { Environment } from "../environment.ts";
import type { Result, Scenario, Target } from "../scenario.ts";
import { decimal, ratio } from "./format.ts";
import { toJson } from "./results-json.ts";
import { markdownTable, plainTable, type Table } from "./table.ts";

/** All results of one scenario, with all numbers of servers. */
export interface Section {
  readonly scenario: Scenario;
  readonly results: readonly Result[];
}

export interface Report {
  readonly environment: Environment;
  readonly sections: readonly Section[];
}

export function asText({ environment, sections }: Report): string {
  const parts = sections.flatMap(({ scenario, results }) => [
    `${scenario.name}\n${wrap(scenario.about)}`,
    plainTable(tableOf(scenario, results)) +
      results.flatMap(({ notes }) => notes.map((note) => `\n${note}`)).join(""),
  ]);
  const targets = targetTable(sections);
  const table = targets.rows.length > 0 ? [`targets\n\n${plainTable(targets)}`] : [];
  return [describe(environment), ...parts, ...table, summarize(sections)].join("\n\n");
}

export function asMarkdown(report: Report): string {
  return `# Benchmark\n\n${asTables(report, 2)}\n`;
}

/** The tables of all scenarios, under headings of this level. */
export function asTables({ environment, sections }: Report, level: number): string {
  const heading = "#".repeat(level);
  const parts = sections.flatMap(({ scenario, results }) => {
    const notes = results.flatMap((result) => result.notes.map((note) => `- ${note}`));
    return [
      `${heading} ${scenario.name}`,
      scenario.about,
      markdownTable(tableOf(scenario, results)),
      ...(notes.length > 0 ? [notes.join("\n")] : []),
    ];
  });
  const targets = targetTable(sections);
  const table = targets.rows.length > 0 ? [`${heading} targets`, markdownTable(targets)] : [];
  return [describe(environment), ...parts, ...table, summarize(sections)].join("\n\n");
}

export function asJson(report: Report): string {
  return `${JSON.stringify(toJson(report), undefined, 2)}\n`;
}

function tableOf({ columns }: Scenario, results: readonly Result[]): Table {
  return { columns, rows: results.map(({ cells }) => cells) };
}

/** All targets of the run, one per row. */
function targetTable(sections: readonly Section[]): Table {
  const rows = sections.flatMap(({ scenario, results }) =>
    results.flatMap(({ figures, targets }) =>
      targets.map((target) => [
        scenario.name,
        String(figures.servers),
        figures.contender,
        figures["names"] === "same" ? `${target.what}, same names` : target.what,
        figureText(target.measured),
        `${target.sense === "at most" ? "≤" : "≥"} ${figureText(target.limit)} ${target.unit}`,
        target.met ? "met" : "missed",
      ]),
    ),
  );
  return { columns: ["scenario", "servers", "contender", "figure", "measured", "target", "result"], rows };
}

function figureText(value: number): string {
  return Number.isInteger(value) ? String(value) : value < 10 ? ratio(value) : decimal(value);
}

const PINNED: Readonly<Record<Environment["pin"], string>> = {
  one: "clients and servers pinned to one core",
  two: "clients pinned to one core, servers to another",
  none: "not pinned to cores",
};

function describe({ node, cores, processor, server, pin, date, command }: Environment): string {
  return `\`${command}\`, ${date}: Node.js ${node}, ${server} on the same machine, ${cores} cores (${processor}), ${PINNED[pin]}.`;
}

function summarize(sections: readonly Section[]): string {
  const targets: readonly Target[] = sections.flatMap(({ results }) =>
    results.flatMap((result) => result.targets),
  );
  const met = targets.filter((target) => target.met).length;
  return `Targets: ${met} of ${targets.length} met.`;
}

const LINE_WIDTH = 110;

function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
