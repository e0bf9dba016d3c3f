import type { AlertChannel } from "./channel.ts";

export interface LogOptions {
  /** Gets one JSON object as one line. @default writes to the standard error output */
  readonly write?: ((line: string) => void) | undefined;
  /** @default "log" */
  readonly name?: string | undefined;
}

/** Writes each alert as one line of JSON. */
export function logChannel(options: LogOptions = {}): AlertChannel {
  const { write = (line) => void process.stderr.write(`${line}\n`), name = "log" } = options;
  return {
    name,
    send({ kind, title, at, text, lines, more }) {
      const time = new Date(at).toISOString();
      if (kind === "test") write(JSON.stringify({ time, event: "alert-test", title, text }));
      for (const line of lines) write(JSON.stringify({ time, event: "alert", title, ...line }));
      if (more > 0) write(JSON.stringify({ time, event: "alert-more", title, more }));
      return Promise.resolve(undefined);
    },
  };
}
