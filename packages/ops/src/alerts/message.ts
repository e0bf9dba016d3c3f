import type { AlertLabels, AlertSeverity } from "./rule.ts";

/** Lines of a message. More alerts are only counted. */
const MAX_LINES = 10;

/** What a line of a message is about. */
export interface AlertLine {
  readonly rule: string;
  readonly severity: AlertSeverity;
  /** `reminder`: it still fires. `note`: something that an operator did. */
  readonly kind: "firing" | "reminder" | "resolved" | "note";
  readonly labels: AlertLabels;
  /** One sentence or two, with its sign: "✕ No locks: …" */
  readonly text: string;
  /** In ms since 1970. */
  readonly sinceAt: number;
  readonly remedy: string | undefined;
}

/** What a channel sends. */
export interface AlertMessage {
  readonly kind: "alerts" | "test";
  /** The name of the set of servers. */
  readonly title: string;
  /** In ms since 1970. */
  readonly at: number;
  /** `[quorumlock production] ` and the first line. It has no line break. */
  readonly subject: string;
  /** One line for each alert, worst first, at most 10. Then "and 14 more". */
  readonly text: string;
  /** The lines with their times, remedies and links. */
  readonly body: string;
  readonly lines: readonly AlertLine[];
  /** How many alerts have no line. */
  readonly more: number;
}

export interface MessageContext {
  readonly title: string;
  readonly monitorUrl: string | undefined;
  readonly now: number;
}

const DOCS_URL = "https://github.com/quorumlock/quorumlock/blob/main/docs/operations.md";

/** `all` is sorted. */
export function alertMessage(all: readonly AlertLine[], context: MessageContext): AlertMessage {
  const lines = all.slice(0, MAX_LINES);
  const more = all.length - lines.length;
  const texts = lines.map(({ text, kind, sinceAt }) =>
    kind === "reminder" ? `${text} Since ${formatTime(sinceAt)}.` : text,
  );
  const end = more > 0 ? [`and ${more} more`] : [];
  const blocks = lines.map((line, index) => blockOf(line, texts[index] ?? line.text));
  return {
    kind: "alerts",
    title: context.title,
    at: context.now,
    subject: subjectOf(context.title, texts[0] ?? ""),
    text: [...texts, ...end].join("\n"),
    body: [...blocks, ...end, ...linksOf(lines, context.monitorUrl)].join("\n\n"),
    lines,
    more,
  };
}

export function testMessage({ title, now, monitorUrl }: MessageContext): AlertMessage {
  const text = "· This is a test of the alerts. Nothing is wrong.";
  return {
    kind: "test",
    title,
    at: now,
    subject: subjectOf(title, text),
    text,
    body: [text, ...linksOf([], monitorUrl)].join("\n\n"),
    lines: [],
    more: 0,
  };
}

function subjectOf(title: string, line: string): string {
  return `[quorumlock ${title}] ${line}`;
}

function blockOf({ kind, sinceAt, remedy }: AlertLine, text: string): string {
  const since = kind === "firing" || kind === "resolved" ? [`Since ${formatTime(sinceAt)}.`] : [];
  const advice = remedy === undefined ? [] : [`Do this: ${remedy}.`];
  return [text, ...since, ...advice].join("\n");
}

function linksOf(lines: readonly AlertLine[], monitorUrl: string | undefined): readonly string[] {
  const rules = [...new Set(lines.filter(({ kind }) => kind !== "note").map(({ rule }) => rule))];
  const links = [
    ...(monitorUrl === undefined ? [] : [`Monitor: ${monitorUrl}`]),
    ...rules.map((rule) => `About ${rule}: ${DOCS_URL}#${rule}`),
  ];
  return links.length === 0 ? [] : [links.join("\n")];
}

function formatTime(at: number): string {
  return `${new Date(at).toISOString().replace("T", " ").slice(0, 19)} UTC`;
}
