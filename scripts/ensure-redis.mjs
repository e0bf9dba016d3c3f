#!/usr/bin/env node
// Makes sure that a Redis or Valkey server can be started here; installs one with the machine's package manager when
// there is none. Prints one line with the server found.
//
//   node scripts/ensure-redis.mjs              exit code 1, and what to do, when there is none and none can be installed
//   node scripts/ensure-redis.mjs --optional   the same words, but exit code 0: for callers that do without
//   node scripts/ensure-redis.mjs --path-only  look on PATH only, not in the usual directories (for the tests of this)
//
// QUORUMLOCK_REDIS_SERVER, a path, names the server to use instead of any search. The search is the one of
// `findRedisServer` in packages/quorumlock/src/testing, written again because this runs before anything is built.
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

/** Each package is tried in turn: distributions that dropped Redis for its licence have Valkey. */
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

/** SYSTEMD_OFFLINE keeps an installed package from starting its service: only the binary is wanted. */
const INSTALL_ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", SYSTEMD_OFFLINE: "1" };
const INSTALL_TIMEOUT_MS = 300_000;

const INSTRUCTIONS = `Install one and run this again:
  Debian, Ubuntu   sudo apt-get install redis-server
  Fedora, RHEL     sudo dnf install redis      (or valkey)
  Alpine           sudo apk add redis          (or valkey)
  macOS            brew install redis          (or valkey)
  Windows          work inside WSL, and install it there
or set QUORUMLOCK_REDIS_SERVER to the path of a redis-server or valkey-server binary.`;

const optional = process.argv.includes("--optional");
const pathOnly = process.argv.includes("--path-only");

const chosen = process.env.QUORUMLOCK_REDIS_SERVER;
if (chosen) {
  if (!isExecutable(chosen)) fail(`QUORUMLOCK_REDIS_SERVER is "${chosen}", which is not an executable file.`);
  report(resolve(chosen));
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
  if (!optional) fail(text);
  console.log(`${text}\nGoing on without a server.`);
}

function findServer() {
  for (const name of SERVER_NAMES) {
    const found = findExecutable(name, pathOnly ? [] : USUAL_DIRECTORIES);
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

/** Installs a server, or says what stood in the way: the second half of a sentence. */
function install() {
  const manager = PACKAGE_MANAGERS.find(({ command }) => findExecutable(command) !== undefined);
  if (manager === undefined) {
    const known = PACKAGE_MANAGERS.map(({ command }) => command).join(", ");
    return `there is no package manager that could install one (${known})`;
  }
  const prefix = manager.needsRoot ? rootPrefix() : [];
  if (prefix === undefined)
    return `${manager.command} needs root, which sudo does not give without a password`;

  const variables = Object.entries(INSTALL_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  const run = (...args) => runCommand([...prefix, "env", ...variables, manager.command, ...args]);
  // Package lists that cannot be refreshed may still be good enough.
  if (manager.refresh) run(...manager.refresh);
  const problems = [];
  for (const name of manager.packages) {
    console.log(`Installing ${name} with ${manager.command} …`);
    const problem = run(...manager.install, name);
    if (problem === "") return `${manager.command} installed ${name}, but no server binary came with it`;
    problems.push(`${name}: ${problem}`);
  }
  return `${manager.command} could not install one (${problems.join("; ")})`;
}

/** What to put before a command so that it runs as root; undefined when that is not possible without a password. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return findExecutable("sudo") && runCommand(["sudo", "-n", "true"]) === "" ? ["sudo", "-n"] : undefined;
}

/** Runs a command, and returns "" or the last line of what it said about its failure. */
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
