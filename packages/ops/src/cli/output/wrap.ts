import stringWidth from "string-width";

/** Breaks a text at its spaces. A longer word has a line of its own. Without a width, which a pipe has not, it stays one line. */
export function wrap(text: string, width: number | undefined): readonly string[] {
  if (width === undefined) return [text];
  // No line breaks between a number and its unit.
  const words = text.replace(/(\d) (?=(?:ms|[smhd]|%|MB)(?:\W|$))/g, "$1\u00a0").split(" ");
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && stringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((each) => each.replaceAll("\u00a0", " "));
}
