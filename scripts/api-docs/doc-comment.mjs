/**
 * Splits a doc comment into its text and its tags.
 *
 * @param {string} comment the comment without its delimiters.
 * @returns {{ text: string, params: string[], returns: string[], throws: string[], default?: string, examples: string[] }}
 */
export function parseDocComment(comment) {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const doc = { text: "", params: [], returns: [], throws: [], examples: [] };
  // A tag begins a part. `@default` can also stand at the end of a line.
  const parts = lines.join("\n").split(/(?:^|(?<=\s))@(?=(?:param|returns|throws|default|example)\b)/);
  doc.text = parts[0].trim();
  for (const part of parts.slice(1)) {
    const [, tag, value] = /^(\w+)\s?(.*)$/s.exec(part);
    if (tag === "param") doc.params.push(value.trim());
    // The default of the parameter before it.
    else if (tag === "default" && doc.params.length > 0)
      doc.params.push(`${doc.params.pop()} Default: ${value.trim()}.`);
    else if (tag === "default") doc.default = value.trim();
    else if (tag === "returns") doc.returns.push(value.trim());
    else if (tag === "throws") doc.throws.push(value.trim());
    else doc.examples.push(value.trimEnd());
  }
  return doc;
}
