import { styleText } from "node:util";

export type Style = "plain" | "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** A piece of a line in one style. Every character is one column wide. */
type Span = readonly [text: string, style?: Style];

export type Line = readonly Span[];

/** How lines are shown: how wide, and whether in colour. */
export interface Paper {
  readonly width: number;
  readonly colour: boolean;
}

/** The line as text that never wraps: what is too long ends in "…". */
export function paint(line: Line, { width, colour }: Paper): string {
  let room = width;
  const length = line.reduce((sum, [text]) => sum + text.length, 0);
  const painted = line.map(([text, style = "plain"]) => {
    const shown = cut(text, length > width ? room - 1 : room);
    room -= shown.length;
    return colour && style !== "plain" && shown !== ""
      ? styleText(style, shown, { validateStream: false })
      : shown;
  });
  return painted.join("") + (length > width ? "…" : "");
}

/** Breaks a sentence between words. A word that is longer than `width` has a line to itself. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A bar of `width` columns, filled to `share` in steps of an eighth of a column. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "";
  return "█".repeat(Math.floor(eighths / 8)) + rest;
}

function cut(text: string, length: number): string {
  return text.slice(0, Math.max(0, length));
}
