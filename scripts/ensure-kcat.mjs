#!/usr/bin/env node
// Finds kcat on this machine, or installs it. Prints its path alone. Its library contains a broker that speaks the protocol of Kafka.
// The tests of quorumlock/kafka use it.
//
//   node scripts/ensure-kcat.mjs              if there is none and the installation fails: exit code 1 and instructions
//   node scripts/ensure-kcat.mjs --optional   in that case: exit code 0 and the same instructions
import { ensureProgram, outputOf } from "./ensure-program.mjs";

ensureProgram({
  what: "kcat",
  // Older distributions call it by its former name.
  names: ["kcat", "kafkacat"],
  namesInWords: "kcat or kafkacat",
  directories: ["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin", "/opt/local/bin"],
  variable: "QUORUMLOCK_KCAT",
  packages: { "apt-get": ["kcat", "kafkacat"], apk: ["kcat"], brew: ["kcat"] },
  instructions: `Install kcat and run this script again:
  Debian, Ubuntu   sudo apt-get install kcat
  Alpine           sudo apk add kcat
  macOS            brew install kcat
or set QUORUMLOCK_KCAT to the path of a kcat binary.`,
  describe(path) {
    outputOf(path, ["-V"]);
    return path;
  },
});
