// Joins operations/*.lua into the one script that every instance runs, as a TypeScript module with its SHA-1.
// With --check it writes nothing and fails where the committed module is stale.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const source = new URL("../packages/quorumlock/src/", import.meta.url);
const parts = ["quick", "prelude", "identify", "queue", "mutex", "counters", "dispatch"];
const target = new URL("generated/scripts.ts", source);

/** Comments and indentation are for readers of the source; servers keep and hash what is left. */
function bare(lua) {
  return lua
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("--"))
    .join("\n");
}

const script = parts
  .map((part) => bare(readFileSync(new URL(`operations/${part}.lua`, source), "utf8")))
  .join("\n")
  .trimStart();
const sharded = script.replaceAll("'PUBLISH'", "'SPUBLISH'");
const sha = (text) => createHash("sha1").update(text).digest("hex");
const lines = script
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => `  ${JSON.stringify(line)},`);
const module = `// Generated from operations/*.lua by \`npm run generate\`; do not edit.

/** A script and the SHA-1 that servers know it by. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

const text = [
${lines.join("\n")}
].join("\\n");

export const SCRIPT: Script = { text, sha: "${sha(script)}" };

/** For clusters: wake messages go by sharded channels. */
export const SHARDED_SCRIPT: Script = {
  text: text.replaceAll("'PUBLISH'", "'SPUBLISH'"),
  sha: "${sha(sharded)}",
};
`;

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== module) {
    console.error(
      "packages/quorumlock/src/generated/scripts.ts is stale: run `npm run generate` and commit it",
    );
    process.exit(1);
  }
} else if (read(target) !== module) {
  writeFileSync(target, module);
}

function read(url) {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return "";
  }
}
