#!/usr/bin/env node
// Finds a Chromium or Chrome browser on this machine, or installs one. Prints one line with the browser. The tests of the dashboard and of
// the site use it.
//
//   node scripts/ensure-chromium.mjs              if there is no browser and the installation fails: exit code 1 and instructions
//   node scripts/ensure-chromium.mjs --optional   in that case: exit code 0 and the same instructions
//   node scripts/ensure-chromium.mjs --if-available   the same, if this machine has no package of a browser, or no right to install one
import { ensureProgram, outputOf } from "./ensure-program.mjs";

ensureProgram({
  what: "a browser",
  names: [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "headless_shell",
  ],
  namesInWords: "Chromium or Chrome",
  directories: [
    "/usr/local/bin",
    "/usr/bin",
    "/usr/lib/chromium",
    "/opt/google/chrome",
    "/opt/homebrew/bin",
    "/snap/bin",
  ],
  // On macOS the browsers are no commands.
  files: [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  variable: "QUORUMLOCK_CHROMIUM",
  packages: { "apt-get": ["chromium"], dnf: ["chromium-headless", "chromium"], apk: ["chromium"] },
  instructions: `Install a browser and run this script again:
  Debian           sudo apt-get install chromium
  Ubuntu           the package of Chrome from https://www.google.com/chrome, or sudo snap install chromium
  Fedora           sudo dnf install chromium
  Alpine           sudo apk add chromium
  macOS            brew install --cask google-chrome
or set QUORUMLOCK_CHROMIUM to the path of a Chromium or Chrome binary.`,
  describe: (path) => `${outputOf(path, ["--version", "--no-sandbox"]).split("\n").at(-1)} at ${path}`,
});
