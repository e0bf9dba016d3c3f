const MAX_LENGTH = 300;

/** The message of an error in one line, without the credentials of a URL. Errors of clients can have a command with a password. */
export function safeMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const message = text === "" ? code : text;
  return message
    .replace(/\/\/[^/@\s]*@/g, "//***@")
    .replace(/\s+/g, " ")
    .slice(0, MAX_LENGTH);
}
