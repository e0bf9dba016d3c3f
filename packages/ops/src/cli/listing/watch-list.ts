import type { Connection } from "../connect.ts";
import { endByHangup, exitCodeOf, interruption } from "../interruption.ts";
import { pause } from "../pause.ts";
import { isQuitKey, LiveScreen } from "../output/live-screen.ts";
import type { Output } from "../output/output.ts";
import { type Listing, listingJson, listLocks, type ListQuery } from "./list-locks.ts";
import { type ListingText, problemsOf, summaryOf } from "./listing-summary.ts";
import { listingTable } from "./listing-table.ts";

/** Time between the end of a reading and the next one. */
const INTERVAL_MS = 1_000;

export interface WatchOptions {
  readonly query: Omit<ListQuery, "signal">;
  readonly text: ListingText;
  readonly output: Output;
}

/** Lists the locks again and again, until q, SIGINT or SIGTERM. On a terminal as a table, otherwise as one object a line. */
export async function watchList(connection: Connection, options: WatchOptions): Promise<void> {
  using interrupted = interruption();
  const { signal } = interrupted;
  try {
    await (options.output.isJson
      ? printListings(connection, options, signal)
      : showListings(connection, options, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (!signal.aborted) return;
  endByHangup(signal.reason);
  process.exitCode = exitCodeOf(signal.reason);
}

async function printListings(
  connection: Connection,
  { query, output }: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const listing = await listLocks(connection, { ...query, signal });
    output.printJson({ at: Date.now(), ...listingJson(listing) });
    await pause(INTERVAL_MS, signal);
  }
}

async function showListings(
  connection: Connection,
  { query, text, output }: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  const quit = new AbortController();
  let listing: Listing | undefined;
  using screen = new LiveScreen(output, {
    onKey: (key) => {
      if (isQuitKey(key)) quit.abort();
    },
    onResize: () => draw(),
  });
  const draw = (): void => {
    const { columns, rows } = screen;
    screen.draw(listing === undefined ? ["Reading…"] : screenLines(listing, { text, output, columns, rows }));
  };
  const ended = AbortSignal.any([signal, quit.signal]);
  draw();
  try {
    while (!ended.aborted) {
      listing = await listLocks(connection, { ...query, signal: ended });
      draw();
      await pause(INTERVAL_MS, ended);
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}

interface ScreenOptions {
  readonly text: ListingText;
  readonly output: Output;
  readonly columns: number;
  readonly rows: number;
}

/** The table, cut to the height of the screen, and below it what was read. */
function screenLines(listing: Listing, { text, output, columns, rows }: ScreenOptions): readonly string[] {
  const notes = [
    ...problemsOf(listing, text).map((problem) => output.paint("bad", problem)),
    output.paint("faint", `${summaryOf(listing, text)}; q ends`),
  ];
  const room = Math.max(1, rows - notes.length - 2);
  const shown = listing.locks.slice(0, room);
  const table = shown.length === 0 ? [] : listingTable(shown, output, columns);
  const hidden = listing.locks.length - shown.length;
  const more = hidden === 0 ? [] : [output.paint("faint", `… and ${hidden} more`)];
  return [...table, ...more, ...notes];
}
