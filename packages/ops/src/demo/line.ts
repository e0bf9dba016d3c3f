import { styleText } from "node:util";

export type Style = "plain" | "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** Text in one style. Every character must be one column wide. */
type Span = readonly [text: string, style?: Style];

export type Line = readonly Span[];

export interface LineFormat {
  /** Maximum number of columns. */
  readonly width: number;
  readonly hasColour: boolean;
}

/** Formats a line as text. Cuts a line that is too long, and ends it with "…". */
export function formatLine(line: Line, { width, hasColour }: LineFormat): string {
  const length = line.reduce((sum, [text]) => sum + text.length, 0);
  const isTooLong = length > width;
  let columnsLeft = isTooLong ? width - 1 : width;
  const spans = line.map(([text, style = "plain"]) => {
    const visible = text.slice(0, Math.max(0, columnsLeft));
    columnsLeft -= visible.length;
    return hasColour && style !== "plain" && visible !== ""
      ? styleText(style, visible, { validateStream: false })
      : visible;
  });
  return spans.join("") + (isTooLong ? "…" : "");
}

/** Breaks a text into lines between words. A word that is longer than `width` gets a line of its own. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Draws a bar of at most `width` columns. `share` is from 0 to 1, and the steps are eighths of a column. */
export function drawBar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "";
  return "█".repeat(Math.floor(eighths / 8)) + partial;
}
