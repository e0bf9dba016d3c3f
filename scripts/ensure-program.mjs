// Finds a program on this machine. If there is none, it installs one with the package manager.
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";

/**
 * SYSTEMD_OFFLINE prevents a package from starting its service, because only the binary is needed. With LC_ALL, errors are in the
 * language of `unknown`.
 */
const INSTALL_ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", SYSTEMD_OFFLINE: "1", LC_ALL: "C" };
const INSTALL_TIMEOUT_MS = 600_000;

/** How each package manager installs a package, and what it says of an unknown one. They are looked for in this order. */
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
    unknown: /Unable to locate package|has no installation candidate/,
    needsRoot: true,
  },
  {
    command: "dnf",
    install: ["install", "-y"],
    unknown: /Unable to find a match|No match for argument/,
    needsRoot: true,
  },
  { command: "apk", install: ["add", "--no-cache"], unknown: /no such package/, needsRoot: true },
  {
    command: "brew",
    install: ["install"],
    unknown: /No available formula|No formulae or casks found/,
    needsRoot: false,
  },
];

/**
 * Reports a program, after an installation if it is missing. Arguments of the process:
 *
 * - `--optional`: go on without it
 * - `--if-available`: go on without it if this machine has no package of it, or no right to install one; a failed installation is an error
 * - `--no-install`: only search
 * - `--path-only`: search only PATH, for the tests of the scripts
 *
 * @param {object} wanted
 * @param {string} wanted.what what it is, with its article: "a server"
 * @param {readonly string[]} wanted.names its possible names, the preferred one first
 * @param {string} wanted.namesInWords the names in "Found no …"
 * @param {readonly string[]} wanted.directories where to search besides PATH
 * @param {readonly string[]} [wanted.files] paths outside of these directories
 * @param {string} wanted.variable the environment variable that sets its path and skips the search
 * @param {Readonly<Record<string, readonly string[]>>} wanted.packages for each package manager its packages, which are tried in order
 * @param {string} wanted.instructions what the user can do if the installation fails
 * @param {(path: string) => string} wanted.describe the text to print; throws if the program does not run
 */
export function ensureProgram(wanted) {
  const isPathOnly = process.argv.includes("--path-only");
  const find = () => findProgram(wanted, isPathOnly);
  const configured = process.env[wanted.variable];
  if (configured && !isExecutable(configured))
    fail(`${wanted.variable}: "${configured}" must be the path of an executable file.`);
  const present = configured ? resolve(configured) : find();
  if (present !== undefined) return report(present, wanted);
  const { problem, isAvailable } = install(wanted);
  const installed = find();
  if (installed !== undefined) return report(installed, wanted);
  const text = `Found no ${wanted.namesInWords}, and ${problem}.\n${wanted.instructions}`;
  const isOptional =
    process.argv.includes("--optional") || (process.argv.includes("--if-available") && !isAvailable);
  if (!isOptional) fail(text);
  console.error(`${text}\nContinuing without ${wanted.what}.`);
}

/** Runs the program with arguments. Returns its output. @throws Error if it fails. */
export function outputOf(path, args) {
  const { status, stdout, error } = spawnSync(path, args, { encoding: "utf8", timeout: 30_000 });
  if (error || status !== 0)
    throw new Error(`${path} does not run: ${error?.message ?? `exit code ${status}`}`);
  return stdout.trim();
}

function report(path, { describe }) {
  try {
    console.log(describe(path));
  } catch (error) {
    fail(error.message);
  }
}

function findProgram({ names, directories, files = [] }, isPathOnly) {
  for (const name of names) {
    const found = findExecutable(name, isPathOnly ? [] : directories);
    if (found !== undefined) return found;
  }
  return isPathOnly ? undefined : files.find(isExecutable);
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

/**
 * Installs the program. Returns the result as the second half of the sentence "Found no server, and …", and whether this machine could
 * install it at all.
 */
function install({ what, packages }) {
  if (process.argv.includes("--no-install")) return unavailable("--no-install forbids to install one");
  const managers = PACKAGE_MANAGERS.filter(({ command }) => packages[command] !== undefined);
  const manager = managers.find(({ command }) => findExecutable(command) !== undefined);
  if (manager === undefined)
    return unavailable(
      `there is no known package manager (${managers.map(({ command }) => command).join(", ")})`,
    );
  const { command, needsRoot, refresh, unknown } = manager;
  const prefix = needsRoot ? rootPrefix() : [];
  if (prefix === undefined) return unavailable(`${command} needs root, and sudo needs a password`);

  const variables = Object.entries(INSTALL_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  const run = (...args) => runCommand([...prefix, "env", ...variables, command, ...args]);
  // If the refresh fails, the old package lists may still be sufficient. A package that they lack may exist.
  let isAvailable = refresh !== undefined && run(...refresh) !== "";
  const problems = [];
  for (const name of packages[command]) {
    console.error(`Installing ${name} with ${command} …`);
    const problem = run(...manager.install, name);
    if (problem === "")
      return {
        problem: `${command} installed ${name}, but the package does not contain ${what}`,
        isAvailable: true,
      };
    isAvailable ||= !unknown.test(problem);
    problems.push(`${name}: ${lastLineOf(problem)}`);
  }
  return { problem: `${command} could not install ${what} (${problems.join("; ")})`, isAvailable };
}

function unavailable(problem) {
  return { problem, isAvailable: false };
}

/** The words before a command to run it as root. Undefined if that needs a password. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return findExecutable("sudo") && runCommand(["sudo", "-n", "true"]) === "" ? ["sudo", "-n"] : undefined;
}

/** Runs a command. Returns "" if it succeeds, otherwise its error output. */
function runCommand([command, ...args]) {
  const { status, stderr, error } = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (error) return error.message;
  if (status === 0) return "";
  return stderr.trimEnd() || `exit code ${status}`;
}

function lastLineOf(text) {
  return text.split("\n").at(-1);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
