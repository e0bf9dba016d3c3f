import type { Environment } from "../environment.ts";
import type { Result, Scenario } from "../scenario.ts";
import { toJson } from "./results-json.ts";
import { markdownTable, plainTable } from "./table.ts";

/** All results of one scenario, over all numbers of servers. */
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
  return [describe(environment), ...parts, summary(sections)].join("\n\n");
}

export function asMarkdown(report: Report): string {
  return `# Benchmark\n\n${asTables(report, 2)}\n`;
}

/** The tables of all scenarios under headings of a level. */
export function asTables({ environment, sections }: Report, level: number): string {
  const parts = sections.flatMap(({ scenario, results }) => {
    const notes = results.flatMap((result) => result.notes.map((note) => `- ${note}`));
    return [
      `${"#".repeat(level)} ${scenario.name}`,
      scenario.about,
      markdownTable(tableOf(scenario, results)),
      ...(notes.length > 0 ? [notes.join("\n")] : []),
    ];
  });
  return [describe(environment), ...parts, summary(sections)].join("\n\n");
}

export function asJson(report: Report): string {
  return `${JSON.stringify(toJson(report), undefined, 2)}\n`;
}

function tableOf({ columns }: Scenario, results: readonly Result[]) {
  return { columns, rows: results.map(({ cells }) => cells) };
}

const PINNED: Readonly<Record<Environment["pin"], string>> = {
  one: "clients and servers pinned to one core",
  two: "clients pinned to one core, servers to another",
  none: "not pinned to cores",
};

function describe({ node, cores, processor, server, pin, date, command }: Environment): string {
  return `\`${command}\`, ${date}: Node.js ${node}, ${server} on the same machine, ${cores} cores (${processor}), ${PINNED[pin]}.`;
}

function summary(sections: readonly Section[]): string {
  const targets = sections.flatMap(({ results }) => results.flatMap((result) => result.targets));
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
