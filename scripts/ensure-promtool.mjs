#!/usr/bin/env node
// Finds promtool, the checker of Prometheus, on this machine, or installs it. Prints its path alone. The tests of metrics and of rules
// use it.
//
//   node scripts/ensure-promtool.mjs              if there is none and the installation fails: exit code 1 and instructions
//   node scripts/ensure-promtool.mjs --optional   in that case: exit code 0 and the same instructions
import { ensureProgram, outputOf } from "./ensure-program.mjs";

ensureProgram({
  what: "promtool",
  names: ["promtool"],
  namesInWords: "promtool",
  directories: ["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin", "/opt/local/bin"],
  variable: "QUORUMLOCK_PROMTOOL",
  packages: {
    "apt-get": ["prometheus"],
    dnf: ["golang-github-prometheus"],
    apk: ["prometheus"],
    brew: ["prometheus"],
  },
  instructions: `Install Prometheus, which contains promtool, and run this script again:
  Debian, Ubuntu   sudo apt-get install prometheus
  Alpine           sudo apk add prometheus
  macOS            brew install prometheus
or set QUORUMLOCK_PROMTOOL to the path of a promtool binary.`,
  describe(path) {
    outputOf(path, ["--version"]);
    return path;
  },
});
