import { type PreviewServer, preview } from "vite";
import { outputDirectory, site } from "./places.ts";

/** Only programs on this machine can read the site. */
export const HOST = "127.0.0.1";

export interface PreviewOptions {
  /** The path of the site on its host. @default "/" */
  readonly base?: string;
  /** 0 for any free port. @default 4173, or the next free one */
  readonly port?: number;
}

/** Serves the built site on loopback, until `close()`. */
export function startPreview({ base = "/", port }: PreviewOptions = {}): Promise<PreviewServer> {
  return preview({
    configFile: false,
    root: site,
    base,
    // A path without a page is an error 404, and not the first page.
    appType: "mpa",
    build: { outDir: outputDirectory },
    preview: { host: HOST, ...(port === undefined ? {} : { port, strictPort: true }) },
    logLevel: "warn",
  });
}
