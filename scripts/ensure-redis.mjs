#!/usr/bin/env node
// Finds a Redis or Valkey server on this machine, or installs one. Prints one line with the server. A server that is too old is an
// error.
//
//   node scripts/ensure-redis.mjs              if there is no server and the installation fails: exit code 1 and instructions
//   node scripts/ensure-redis.mjs --optional   in that case: exit code 0 and the same instructions
//
// The search is the same as `findRedisServer` in packages/quorumlock/src/testing. It is repeated because this script runs before the
// build.
import { ensureProgram, outputOf } from "./ensure-program.mjs";

/** The oldest versions on which the library works: the major and the minor number. */
const OLDEST = { Redis: [7, 0], Valkey: [7, 2] };

ensureProgram({
  what: "a server",
  names: ["redis-server", "valkey-server"],
  namesInWords: "redis-server or valkey-server",
  directories: [
    "/usr/local/bin",
    "/usr/bin",
    "/usr/local/sbin",
    "/usr/sbin",
    "/opt/homebrew/bin",
    "/opt/local/bin",
  ],
  variable: "QUORUMLOCK_REDIS_SERVER",
  // Distributions without Redis, which changed its licence, have Valkey.
  packages: {
    "apt-get": ["redis-server", "valkey-server"],
    dnf: ["redis", "valkey"],
    apk: ["redis", "valkey"],
    brew: ["redis", "valkey"],
  },
  instructions: `Install a server and run this script again:
  Debian, Ubuntu   sudo apt-get install redis-server
  Fedora, RHEL     sudo dnf install redis      (or valkey)
  Alpine           sudo apk add redis          (or valkey)
  macOS            brew install redis          (or valkey)
  Windows          work inside WSL, and install it there
or set QUORUMLOCK_REDIS_SERVER to the path of a redis-server or valkey-server binary.`,
  describe(path) {
    const output = outputOf(path, ["--version"]);
    const version = /v=(\S+)/.exec(output)?.[1] ?? output;
    const product = /valkey/i.test(output) ? "Valkey" : "Redis";
    const server = `${product} ${version} at ${path}`;
    if (isOlder(version, OLDEST[product])) throw new Error(tooOld(server));
    return server;
  },
});

/** Whether a version such as "6.0.16" is older than another. A version without numbers, as a build can have, is not. */
function isOlder(version, oldest) {
  const [major, minor] = /^(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}

function tooOld(server) {
  const oldest = Object.entries(OLDEST).map(([product, version]) => `${product} ${version.join(".")}`);
  return `${server} is too old: ${oldest.join(" or ")} is needed. Some distributions have only older packages, such as Debian 11
and Ubuntu 22.04. https://redis.io/docs/latest/operate/oss_and_stack/install/ has newer ones. If there is a newer server on this
machine, set QUORUMLOCK_REDIS_SERVER to its path.`;
}
