import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Checker, Path } from "./checker.ts";

/** The text of the file that a field names, without spaces at its ends. Relative paths begin at `directory`. Its text is never shown. A checker of the form alone does not read it. */
export async function readSecretFile(
  checker: Checker,
  path: Path,
  value: unknown,
  directory: string,
): Promise<string | undefined> {
  const file = checker.text(path, value);
  if (file === undefined || checker.isFormOnly) return undefined;
  try {
    const secret = (await readFile(resolve(directory, file), "utf8")).trim();
    if (secret !== "") return secret;
    checker.add(path, `: ${JSON.stringify(file)} is empty`);
  } catch (error) {
    checker.add(path, `: ${JSON.stringify(file)} cannot be read (${codeOf(error)})`);
  }
  return undefined;
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string }).code ?? String(error);
}
