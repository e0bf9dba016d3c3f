import { oneLine } from "../texts.ts";

/** Secrets that are shorter would match by chance. */
const MIN_SECRET_LENGTH = 4;

/** An error that has no secret: its message in one line, with each secret replaced by `***`. */
export function safeError(error: unknown, secrets: readonly string[]): Error {
  return new Error(redact(describe(error), secrets));
}

export function redact(text: string, secrets: readonly string[]): string {
  let result = text.replace(/\/\/[^/@\s]*@/g, "//***@");
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
      result = result.replaceAll(form, "***");
  }
  return oneLine(result);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // `fetch` says only "fetch failed". Its cause says why.
  const { cause } = error;
  if (cause instanceof Error) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    return cause.message === "" ? code : cause.message;
  }
  return error.message;
}
