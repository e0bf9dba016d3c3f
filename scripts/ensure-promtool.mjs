#!/usr/bin/env node
// Finds promtool, the checker of Prometheus, on this machine. If there is none, it installs it with the package manager. Prints its
// path.
//
//   node scripts/ensure-promtool.mjs              if there is none and the installation fails: exit code 1 and instructions
//   node scripts/ensure-promtool.mjs --optional   in that case: exit code 0, and the instructions on the standard error output
//
// The environment variable QUORUMLOCK_PROMTOOL sets its path and skips the search.
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";

const USUAL_DIRECTORIES = ["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin", "/opt/local/bin"];

/** The package of each package manager that contains promtool. */
const PACKAGE_MANAGERS = [
  {
    command: "apt-get",
    refresh: ["update"],
    install: [
      "install",
      "-y",
      "--no-install-recommends",
      "-o",
      "DPkg::Lock::Timeout=120",
      "-o",
      "Dpkg::Options::=--force-confdef",
    ],
    package: "prometheus",
    needsRoot: true,
  },
  { command: "dnf", install: ["install", "-y"], package: "golang-github-prometheus", needsRoot: true },
  { command: "apk", install: ["add", "--no-cache"], package: "prometheus", needsRoot: true },
  { command: "brew", install: ["install"], package: "prometheus", needsRoot: false },
];

/** SYSTEMD_OFFLINE prevents the package from starting its service, because only the binary is needed. */
const INSTALL_ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", SYSTEMD_OFFLINE: "1" };
const INSTALL_TIMEOUT_MS = 300_000;

const INSTRUCTIONS = `Install Prometheus, which contains promtool, and run this script again:
  Debian, Ubuntu   sudo apt-get install prometheus
  Alpine           sudo apk add prometheus
  macOS            brew install prometheus
or set QUORUMLOCK_PROMTOOL to the path of a promtool binary.`;

const isOptional = process.argv.includes("--optional");

const configured = process.env.QUORUMLOCK_PROMTOOL;
if (configured) {
  if (!isExecutable(configured))
    fail(`QUORUMLOCK_PROMTOOL: "${configured}" must be the path of an executable file.`);
  console.log(resolve(configured));
} else {
  const found = findExecutable("promtool");
  if (found !== undefined) console.log(found);
  else installAndReport();
}

function installAndReport() {
  const problem = install();
  const found = findExecutable("promtool");
  if (found !== undefined) {
    console.log(found);
    return;
  }
  const text = `Found no promtool, and ${problem}.\n${INSTRUCTIONS}`;
  if (!isOptional) fail(text);
  console.error(`${text}\nContinuing without promtool.`);
}

function findExecutable(name) {
  const onPath = (process.env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
  return [...onPath, ...USUAL_DIRECTORIES].map((directory) => resolve(directory, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Installs Prometheus. Returns the result as the second half of the sentence "Found no promtool, and …". */
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
  // The standard output is the path alone.
  console.error(`Installing ${manager.package} with ${manager.command} …`);
  const problem = run(...manager.install, manager.package);
  if (problem === "")
    return `${manager.command} installed ${manager.package}, but the package contains no promtool`;
  return `${manager.command} could not install ${manager.package} (${problem})`;
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

function fail(text) {
  console.error(text);
  process.exit(1);
}
