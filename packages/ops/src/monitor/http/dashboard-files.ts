import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "hono";
import type { HttpEnv } from "./http-env.ts";

/** Where the build of this package puts the files of the page. It is the same for the sources and for the build. */
const DEFAULT_DIRECTORY = fileURLToPath(new URL("../../../dist/dashboard", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

interface PageFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

/** The files of the page. They are read once, so no path of a request reaches the disk. */
export class DashboardFiles {
  readonly #files: ReadonlyMap<string, PageFile>;

  constructor(directory: string = DEFAULT_DIRECTORY) {
    this.#files = readFiles(directory);
  }

  /** Serves a path below /dashboard. Every path that is no file is a view of the page. */
  serve(context: Context<HttpEnv>): Response {
    const path = context.req.path.replace(/^\/dashboard\/?/, "");
    const file =
      this.#files.get(path) ?? (path.startsWith("assets/") ? undefined : this.#files.get("index.html"));
    if (file === undefined) {
      const message =
        this.#files.size === 0 ? "The page was not built: run `npm run build`." : "There is no such file.";
      return context.text(message, this.#files.size === 0 ? 503 : 404);
    }
    const headers = { "content-type": file.type, "cache-control": "no-cache", etag: file.etag };
    if (context.req.header("if-none-match") === file.etag) return context.body(null, 304, headers);
    return context.body(file.body, 200, headers);
  }
}

function readFiles(directory: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  let entries;
  try {
    entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch {
    return files;
  }
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const body = Buffer.from(readFileSync(path));
    const type = TYPES[extname(entry.name)] ?? "application/octet-stream";
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    files.set(relative(directory, path).split(sep).join("/"), { body, type, etag });
  }
  return files;
}
