#!/usr/bin/env node
// Builds the page of the monitor into packages/ops/dist/dashboard:
//
//   index.html          the same for all pages
//   assets/…            one script, one worker, one style sheet, and the icon
//
// The page loads nothing else, so the policy `default-src 'self'` is sufficient.
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../packages/ops/src/dashboard/", import.meta.url));
const output = fileURLToPath(new URL("../packages/ops/dist/dashboard/", import.meta.url));
const assets = join(output, "assets");

rmSync(output, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });
await build({
  entryPoints: {
    dashboard: join(source, "main.tsx"),
    worker: join(source, "worker.ts"),
    styles: join(source, "styles/styles.css"),
  },
  outdir: assets,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  jsx: "automatic",
  jsxImportSource: "preact",
  tsconfig: join(source, "tsconfig.json"),
  legalComments: "none",
  logLevel: "warning",
});
copyFileSync(join(source, "index.html"), join(output, "index.html"));
copyFileSync(join(source, "icon.svg"), join(assets, "icon.svg"));
