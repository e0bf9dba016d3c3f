// The worker of the page. It holds the stream, makes all reading requests, and parses the replies. The page gets values a few
// times a second, so that no task of the page is long, whatever the monitor sends.
import {
  type Command,
  isDefaultQuery,
  isSameQuery,
  type ListQuery,
  PAGE_SIZE,
  type Range,
  type Report,
} from "./connection/messages.ts";
import { MonitorClient } from "./connection/monitor-client.ts";
import { StreamSession } from "./connection/stream-session.ts";
import { LocksReader } from "./connection/locks-reader.ts";
import { LockReader } from "./connection/lock-reader.ts";

const POINTS_INTERVAL_MS: Readonly<Record<Range, number | undefined>> = {
  "5m": undefined,
  "1h": 10_000,
  "6h": 60_000,
};

let session: StreamSession | undefined;
let client: MonitorClient | undefined;
let locks: LocksReader | undefined;
let lock: LockReader | undefined;
let pointsTimer: ReturnType<typeof setInterval> | undefined;
let list: { query: ListQuery; offsets: readonly number[] } | undefined;

addEventListener("message", ({ data }: MessageEvent<Command>) => handle(data));

function handle(command: Command): void {
  switch (command.type) {
    case "start":
      start(command.base);
      return;
    case "list":
      list = command;
      locks?.ask(command.query, command.offsets);
      return;
    case "watch":
      lock?.watch(command.name);
      return;
    case "range":
      readPoints(command.range);
      return;
    case "connect":
      session?.connectNow();
      lock?.readNow();
      locks?.readNow();
  }
}

function start(base: string): void {
  client = new MonitorClient(base);
  locks = new LocksReader(client, report);
  lock = new LockReader(client, report);
  session = new StreamSession(client, report, {
    snapshot: ({ locks: page }) => reportFirstPage(page, Date.now()),
    locks: reportFirstPage,
  });
  void session.run();
}

/** The stream brings the first page in the default order. It is of no use if the page shows another order. */
function reportFirstPage(page: Parameters<LocksReader["report"]>[1], receivedAt: number): void {
  if (list === undefined || !isDefaultQuery(list.query)) return;
  // With long names, the stream brings fewer rows. Then the whole page is asked for.
  const isWhole = page.locks.length >= Math.min(PAGE_SIZE, page.total);
  if (isWhole) locks?.report(list.query, page, receivedAt);
  else locks?.readFirstPage();
}

/** The stream brings points of each second. The longer ranges have coarser points, which are read again. */
function readPoints(range: Range): void {
  if (session !== undefined) session.range = range;
  clearInterval(pointsTimer);
  const read = async (): Promise<void> => {
    try {
      const points = await client?.points(range);
      if (points !== undefined) report({ type: "points", range, points });
    } catch {
      // The charts keep what they have. The stream reports that the connection is lost.
    }
  };
  void read();
  const interval = POINTS_INTERVAL_MS[range];
  if (interval !== undefined) pointsTimer = setInterval(() => void read(), interval);
}

function report(value: Report): void {
  if (value.type === "page" && list !== undefined && !isSameQuery(value.query, list.query)) return;
  postMessage(value);
}
