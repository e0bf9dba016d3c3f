#!/usr/bin/env node
// Copies the README of the workspace into the package in the current directory, before it is packed. Links to other files of the
// repository become addresses, because the package does not contain these files.
import { readFileSync, writeFileSync } from "node:fs";

const { repository } = JSON.parse(readFileSync("package.json", "utf8"));
const address = repository.url.replace(/^git\+|\.git$/g, "");

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const packed = readme.replaceAll(/(!?)\[([^\]]*)\]\((?!https?:|#)([^)]+)\)/g, (_, image, text, path) => {
  const view = image === "!" ? "raw" : "blob";
  return `${image}[${text}](${address}/${view}/HEAD/${path})`;
});
writeFileSync("README.md", packed);
