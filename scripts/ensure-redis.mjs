#!/usr/bin/env node
// Finds a Redis or Valkey server on this machine. If there is none, it installs one with the package manager. Prints one line
// with the server.
//
//   node scripts/ensure-redis.mjs              if there is no server and the installation fails: exit code 1 and instructions
//   node scripts/ensure-redis.mjs --optional   in that case: exit code 0 and the same instructions
//   node scripts/ensure-redis.mjs --path-only  searches only PATH, not the usual directories; for the tests of this script
//
// The environment variable QUORUMLOCK_REDIS_SERVER sets the path of the server and skips the search. The search is the same as
// `findRedisServer` in packages/quorumlock/src/testing. It is repeated here because this script runs before the build.
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";

const SERVER_NAMES = ["redis-server", "valkey-server"];

const USUAL_DIRECTORIES = [
  "/usr/local/bin",
  "/usr/bin",
  "/usr/local/sbin",
  "/usr/sbin",
  "/opt/homebrew/bin",
  "/opt/local/bin",
];

/** The packages are tried in order. Distributions without Redis, which changed its licence, have Valkey. */
const PACKAGE_MANAGERS = [
  {
    command: "apt-get",
    refresh: ["update"],
    install: ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"],
    packages: ["redis-server", "valkey-server"],
    needsRoot: true,
  },
  { command: "dnf", install: ["install", "-y"], packages: ["redis", "valkey"], needsRoot: true },
  { command: "apk", install: ["add", "--no-cache"], packages: ["redis", "valkey"], needsRoot: true },
  { command: "brew", install: ["install"], packages: ["redis", "valkey"], needsRoot: false },
];

/** SYSTEMD_OFFLINE prevents the package from starting its service, because only the binary is needed. */
const INSTALL_ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", SYSTEMD_OFFLINE: "1" };
const INSTALL_TIMEOUT_MS = 300_000;

const INSTRUCTIONS = `Install a server and run this script again:
  Debian, Ubuntu   sudo apt-get install redis-server
  Fedora, RHEL     sudo dnf install redis      (or valkey)
  Alpine           sudo apk add redis          (or valkey)
  macOS            brew install redis          (or valkey)
  Windows          work inside WSL, and install it there
or set QUORUMLOCK_REDIS_SERVER to the path of a redis-server or valkey-server binary.`;

const isOptional = process.argv.includes("--optional");
const isPathOnly = process.argv.includes("--path-only");

const configured = process.env.QUORUMLOCK_REDIS_SERVER;
if (configured) {
  if (!isExecutable(configured))
    fail(`QUORUMLOCK_REDIS_SERVER: "${configured}" must be the path of an executable file.`);
  report(resolve(configured));
} else {
  const found = findServer();
  if (found !== undefined) report(found);
  else installAndReport();
}

function installAndReport() {
  const problem = install();
  const found = findServer();
  if (found !== undefined) {
    report(found);
    return;
  }
  const text = `Found no redis-server or valkey-server, and ${problem}.\n${INSTRUCTIONS}`;
  if (!isOptional) fail(text);
  console.log(`${text}\nContinuing without a server.`);
}

function findServer() {
  for (const name of SERVER_NAMES) {
    const found = findExecutable(name, isPathOnly ? [] : USUAL_DIRECTORIES);
    if (found !== undefined) return found;
  }
  return undefined;
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

/** Installs a server. Returns the result as the second half of the sentence "Found no server, and …". */
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
    if (problem === "")
      return `${manager.command} installed ${name}, but the package contains no server binary`;
    problems.push(`${name}: ${problem}`);
  }
  return `${manager.command} could not install a server (${problems.join("; ")})`;
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
  const { status, stdout, error } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 10_000 });
  if (error || status !== 0) fail(`${path} does not run: ${error?.message ?? `exit code ${status}`}`);
  const version = /v=(\S+)/.exec(stdout)?.[1] ?? stdout.trim();
  const product = /valkey/i.test(stdout) ? "Valkey" : "Redis";
  console.log(`${product} ${version} at ${path}`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
