import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

const ENSURE = fileURLToPath(new URL("../../../../scripts/ensure-chromium.mjs", import.meta.url));

const path = findBrowser();

/** Whether this machine has a browser. If it has none, the tests that need one are left out, and a line says so. */
export const hasBrowser = path !== undefined;

/** Starts the browser of this machine. */
export async function launchBrowser(): Promise<Browser> {
  if (path === undefined) throw new Error("there is no browser; run node scripts/ensure-chromium.mjs");
  // The sandbox of the browser refuses to run as root, as tests in containers often do.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: path, args });
}

/** It installs none, because test files run at the same time. `npm test` does it before them. */
function findBrowser(): string | undefined {
  const args = [ENSURE, "--optional", "--no-install"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const found = / at (.+)$/m.exec(stdout)?.[1];
  if (found === undefined) console.warn(`NOT CHECKED in a browser: ${stderr}`);
  return found;
}
