import { processWide } from "./process-wide.ts";

const warned = processWide("warned", () => new Set<string>());

/** Emits a process warning, once for each code. */
export function warnOnce(code: string, message: string): void {
  if (warned.has(code)) return;
  warned.add(code);
  process.emitWarning(message, { type: "QuorumlockWarning", code });
}
