#!/usr/bin/env node
// Finds a Chromium or Chrome browser on this machine. If there is none, it installs one with the package manager. Prints one line
// with the browser. The tests of the dashboard use it.
//
//   node scripts/ensure-chromium.mjs              if there is no browser and the installation fails: exit code 1 and instructions
//   node scripts/ensure-chromium.mjs --optional   in that case: exit code 0 and the same instructions
//   node scripts/ensure-chromium.mjs --path-only  searches only PATH, not the usual directories; for the tests of this script
//
// The environment variable QUORUMLOCK_CHROMIUM sets the path of the browser and skips the search.
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";

const BROWSER_NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "headless_shell",
];

const USUAL_DIRECTORIES = [
  "/usr/local/bin",
  "/usr/bin",
  "/usr/lib/chromium",
  "/opt/google/chrome",
  "/opt/homebrew/bin",
  "/snap/bin",
];

/** On macOS the browsers are no commands. */
const APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const PACKAGE_MANAGERS = [
  {
    command: "apt-get",
    refresh: ["update"],
    install: ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"],
    // The package of Ubuntu installs a snap, which does not work in containers.
    packages: ["chromium"],
    needsRoot: true,
  },
  {
    command: "dnf",
    install: ["install", "-y"],
    packages: ["chromium-headless", "chromium"],
    needsRoot: true,
  },
  { command: "apk", install: ["add", "--no-cache"], packages: ["chromium"], needsRoot: true },
];

const INSTALL_ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", SYSTEMD_OFFLINE: "1" };
const INSTALL_TIMEOUT_MS = 600_000;

const INSTRUCTIONS = `Install a browser and run this script again:
  Debian           sudo apt-get install chromium
  Fedora, RHEL     sudo dnf install chromium
  Alpine           sudo apk add chromium
  macOS            brew install --cask chromium
or set QUORUMLOCK_CHROMIUM to the path of a Chromium or Chrome binary.`;

const isOptional = process.argv.includes("--optional");
const isPathOnly = process.argv.includes("--path-only");

const configured = process.env.QUORUMLOCK_CHROMIUM;
if (configured) {
  if (!isExecutable(configured))
    fail(`QUORUMLOCK_CHROMIUM: "${configured}" must be the path of an executable file.`);
  report(resolve(configured));
} else {
  const found = findBrowser();
  if (found !== undefined) report(found);
  else installAndReport();
}

function installAndReport() {
  const problem = install();
  const found = findBrowser();
  if (found !== undefined) {
    report(found);
    return;
  }
  const text = `Found no Chromium or Chrome, and ${problem}.\n${INSTRUCTIONS}`;
  if (!isOptional) fail(text);
  console.log(`${text}\nContinuing without a browser.`);
}

function findBrowser() {
  for (const name of BROWSER_NAMES) {
    const found = findExecutable(name, isPathOnly ? [] : USUAL_DIRECTORIES);
    if (found !== undefined) return found;
  }
  return isPathOnly ? undefined : APPLICATIONS.find(isExecutable);
}

function findExecutable(name, furtherDirectories = []) {
  const onPath = (process.env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
  return [...onPath, ...furtherDirectories].map((directory) => resolve(directory, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Installs a browser. Returns the result as the second half of the sentence "Found no browser, and …". */
function install() {
  const manager = PACKAGE_MANAGERS.find(({ command }) => findExecutable(command) !== undefined);
  if (manager === undefined) {
    const known = PACKAGE_MANAGERS.map(({ command }) => command).join(", ");
    return `there is no known package manager (${known})`;
  }
  const prefix = manager.needsRoot ? rootPrefix() : [];
  if (prefix === undefined) return `${manager.command} needs root, and sudo needs a password`;

  const variables = Object.entries(INSTALL_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  const run = (...args) => runCommand([...prefix, "env", ...variables, manager.command, ...args]);
  // If the refresh fails, the old package lists may still be sufficient.
  if (manager.refresh) run(...manager.refresh);
  const problems = [];
  for (const name of manager.packages) {
    console.log(`Installing ${name} with ${manager.command} …`);
    const problem = run(...manager.install, name);
    if (problem === "") return `${manager.command} installed ${name}, but the package contains no browser`;
    problems.push(`${name}: ${problem}`);
  }
  return `${manager.command} could not install a browser (${problems.join("; ")})`;
}

/** The words before a command to run it as root. Undefined if that needs a password. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return findExecutable("sudo") && runCommand(["sudo", "-n", "true"]) === "" ? ["sudo", "-n"] : undefined;
}

/** Runs a command. Returns "" if it succeeds, otherwise the last line of its error output. */
function runCommand([command, ...args]) {
  const { status, stderr, error } = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (error) return error.message;
  if (status === 0) return "";
  return stderr.trimEnd().split("\n").at(-1) || `exit code ${status}`;
}

function report(path) {
  const { status, stdout, error } = spawnSync(path, ["--version", "--no-sandbox"], {
    encoding: "utf8",
    timeout: 30_000,
  });
  if (error || status !== 0) fail(`${path} does not run: ${error?.message ?? `exit code ${status}`}`);
  console.log(`${stdout.trim().split("\n").at(-1)} at ${path}`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
