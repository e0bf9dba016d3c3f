import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

const ENSURE = fileURLToPath(new URL("../../../../scripts/ensure-chromium.mjs", import.meta.url));

/** Starts the browser of this machine. Installs one if there is none. */
export async function launchBrowser(): Promise<Browser> {
  const output = execFileSync(process.execPath, [ENSURE], { encoding: "utf8" });
  const path = / at (.+)$/m.exec(output)?.[1];
  if (path === undefined) throw new Error(`scripts/ensure-chromium.mjs names no browser: ${output}`);
  // The sandbox of the browser refuses to run as root, as tests in containers often do.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: path, args });
}
