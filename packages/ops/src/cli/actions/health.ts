import stringWidth from "string-width";
import { formatMemory } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { describeQuorum } from "../../monitor/servers/quorum-text.ts";
import { connect } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { readServerHealth, type ServerHealth } from "../health/server-health.ts";
import { MARKS, Output, type Style } from "../output/output.ts";
import { type Column, formatTable } from "../output/table.ts";
import { readSettings } from "../settings/settings.ts";

const STATES: Readonly<
  Record<ServerHealth["state"], readonly [style: keyof typeof MARKS & Style, word: string]>
> = {
  up: ["good", "Up"],
  unsafe: ["attention", "Unsafe"],
  quarantined: ["paused", "Quarantined"],
  refused: ["bad", "Refused"],
  "no-answer": ["bad", "No answer"],
};

/** Shows which servers vote, and sets the exit code. */
export async function showHealth(options: GlobalOptions): Promise<void> {
  const output = new Output(options);
  await using connection = await connect(await readSettings(options), { isOneShot: true });
  const { quorum } = connection;
  const servers = await readServerHealth(connection);
  const configured = servers.length;
  const voting = servers.filter(({ votes }) => votes).length;
  const hasUnsafe = servers.some(({ state }) => state === "unsafe");
  const { level, text } = describeQuorum(voting, configured, quorum);
  process.exitCode = level === "bad" ? 2 : level === "attention" || hasUnsafe ? 1 : 0;
  if (output.isJson) {
    output.printJson({ voting, configured, quorum, servers });
    return;
  }
  const style = level === "good" && hasUnsafe ? "attention" : level;
  output.print(`${output.paint(style, MARKS[style])} ${text}`, ...tableOf(output, servers));
}

function tableOf(output: Output, servers: readonly ServerHealth[]): readonly string[] {
  const columns: readonly Column<ServerHealth>[] = [
    { title: "SERVER", cell: ({ label }) => label },
    {
      title: "STATE",
      cell: ({ state }) => `${MARKS[STATES[state][0]]} ${STATES[state][1]}`,
      paint: (text, { state }) => output.paint(STATES[state][0], text),
    },
    { title: "LATENCY", cell: ({ latencyMs }) => textOf(latencyMs, formatDuration), isRight: true },
    {
      title: "MEMORY",
      cell: ({ usedBytes, limitBytes }) => textOf(usedBytes, (used) => formatMemory(used, limitBytes)),
    },
    { title: "VERSION", cell: ({ version }) => version ?? "–" },
    { title: "CLOCK", cell: ({ clockOffsetMs }) => textOf(clockOffsetMs, formatOffset), isRight: true },
    { title: "NOTE", cell: ({ note = "" }) => note },
  ];
  const withoutNotes = formatTable(columns.slice(0, -1), servers);
  const noted = servers.filter(({ note }) => note !== undefined);
  if (noted.length === 0) return withoutNotes;
  const table = formatTable(columns, servers);
  const { width } = output;
  if (width === undefined || table.every((line) => stringWidth(line) <= width)) return table;
  return [...withoutNotes, ...noted.map(({ label, note = "" }) => `${label}: ${note}`)];
}

function textOf(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "–" : format(value);
}

/** `+3 ms`, `−1.2 s` */
function formatOffset(ms: number): string {
  const rounded = Math.round(ms);
  if (rounded === 0) return "0 ms";
  return `${rounded < 0 ? "−" : "+"}${Math.abs(rounded) < 1_000 ? `${Math.abs(rounded)} ms` : formatDuration(Math.abs(rounded))}`;
}
