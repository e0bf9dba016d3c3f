import { asOperation, type Operation } from "./operation.ts";

/**
 * Reads a history: a JSON array of operations, or JSON lines, one operation each; empty lines are skipped.
 *
 * @throws SyntaxError if the text is not JSON, and the errors of `asOperation`. Each names the field and the line. In an
 *   array it names the entry instead, counted from 1.
 */
export function parseHistory(text: string): readonly Operation[] {
  return text.trimStart().startsWith("[") ? parseArray(text) : parseLines(text);
}

function parseArray(text: string): readonly Operation[] {
  const entries = json(text, "the array") as readonly unknown[];
  return entries.map((entry, index) => asOperation(entry, `entry ${index + 1}`));
}

function parseLines(text: string): readonly Operation[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `line ${index + 1}`;
    return [asOperation(json(line, where), where)];
  });
}

function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SyntaxError(`${where} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
