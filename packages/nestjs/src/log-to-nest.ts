import type { LoggerService } from "@nestjs/common";
import type { Redlock } from "quorumlock";
import { type LockLogEntry, logLocks, type LogLocksOptions } from "quorumlock/observe";

/**
 * Writes the events of a client to a logger of Nest, one line for each: the event, the name, and the other fields as JSON.
 * @returns a function that stops it.
 */
export function logToNest(redlock: Redlock, logger: LoggerService, options: LogLocksOptions): () => void {
  return logLocks(
    redlock,
    {
      info: (entry) => void logger.log(lineOf(entry)),
      warn: (entry) => void logger.warn(lineOf(entry)),
      error: (entry) => void logger.error(lineOf(entry)),
    },
    options,
  );
}

/** The logger adds the time. */
function lineOf(entry: LockLogEntry): string {
  const { timestamp: _timestamp, event, resource, metadata, ...fields } = entry;
  const subject = resource === undefined ? "" : ` ${JSON.stringify(resource)}`;
  return `${event}${subject} ${JSON.stringify({ ...fields, ...metadata })}`;
}
