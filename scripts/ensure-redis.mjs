#!/usr/bin/env node
// Finds a Redis or Valkey server on this machine, or installs one. Prints one line with the server.
//
//   node scripts/ensure-redis.mjs              if there is no server and the installation fails: exit code 1 and instructions
//   node scripts/ensure-redis.mjs --optional   in that case: exit code 0 and the same instructions
//
// The search is the same as `findRedisServer` in packages/quorumlock/src/testing. It is repeated because this script runs before the
// build.
import { ensureProgram, outputOf } from "./ensure-program.mjs";

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
    return `${/valkey/i.test(output) ? "Valkey" : "Redis"} ${version} at ${path}`;
  },
});
