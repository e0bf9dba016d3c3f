import type { LockSort } from "../../monitor/locks/lock-order.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { type Connection, connect } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { type Listing, listingJson, listLocks, type ListQuery } from "../listing/list-locks.ts";
import { problemsOf, summaryOf } from "../listing/listing-summary.ts";
import { listingTable } from "../listing/listing-table.ts";
import { watchList } from "../listing/watch-list.ts";
import type { LockView } from "../locks/lock-reading.ts";
import { namePattern } from "../locks/name-pattern.ts";
import { Output } from "../output/output.ts";
import { Progress } from "../output/progress.ts";
import { readSettings } from "../settings/settings.ts";

export interface ListOptions extends GlobalOptions {
  readonly sort: LockSort;
  readonly state?: LockView["state"];
  readonly limit: number;
  readonly watch: boolean;
}

/** Lists the locks once, or again and again. */
export async function showList(pattern: string | undefined, options: ListOptions): Promise<void> {
  const output = new Output(options);
  const { sort, state, limit, watch } = options;
  if (watch && !output.isJson && !output.isTerminal)
    throw new CommandError("--watch needs a terminal, or --json", EXIT.wrongUsage);
  const settings = await readSettings(options);
  await using connection = await connect(settings, { isOneShot: !watch });
  const { prefix } = settings;
  const query = { prefix, pattern: pattern ? namePattern(pattern) : undefined, sort, state, limit };
  const text = { pattern: pattern || undefined, state, prefix };
  if (watch) await watchList(connection, { query, text, output });
  else await listOnce(connection, query, text, output);
}

async function listOnce(
  connection: Connection,
  query: Omit<ListQuery, "signal">,
  text: Parameters<typeof summaryOf>[1],
  output: Output,
): Promise<void> {
  let listing: Listing;
  {
    using progress = new Progress(output);
    listing = await listLocks(connection, {
      ...query,
      signal: new AbortController().signal,
      onProgress: (read) => progress.show(`${read} names read`),
    });
  }
  if (output.isJson) output.printJson(listingJson(listing));
  else if (listing.locks.length > 0) output.printLines(listingTable(listing.locks, output, output.width));
  output.note(summaryOf(listing, text));
  for (const problem of problemsOf(listing, text)) output.problem(problem);
  if (!listing.hasQuorum) process.exitCode = EXIT.noQuorum;
}
