import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { readReports } from "quorumlock/observe";
import { MonitorModel } from "./monitor-model.ts";
import type { MonitorServer, ResolvedMonitorOptions } from "./options.ts";
import type { ReadReportsResult } from "./reports/process-reports.ts";
import { connectionOptions } from "./servers/bounded-connection.ts";

/** How long a server may take to answer the monitor's own client. */
const REQUEST_TIMEOUT_MS = 500;

/** Closes something that was opened. */
export type Opened = () => unknown;

/** Opens the model with its connections, and notes in `opened` how each part is closed, also if a later one fails. */
export function openModel(resolved: ResolvedMonitorOptions, opened: Opened[]): MonitorModel {
  const labels = resolved.servers.map((server) => server.label ?? new URL(server.url).host);
  const clients = resolved.servers.map((server) => {
    const client = openClient(server);
    opened.push(() => closeClient(client));
    return client;
  });
  const redlock = new Redlock(clients, {
    ...resolved.redlock,
    prefix: resolved.prefix,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  opened.push(() => redlock.close().catch(() => undefined));
  const model = new MonitorModel(resolved, { redlock, labels, readReports: () => readAllReports(redlock) });
  opened.push(() => model.close());
  return model;
}

/** The part that was opened last is closed first. */
export async function closeAll(opened: Opened[]): Promise<void> {
  for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
}

function openClient({ url, redis }: MonitorServer): Redis {
  const options = connectionOptions(redis);
  const client = new Redis(url, { ...options, maxRetriesPerRequest: null });
  // The probes report that a server is away. Without a listener, ioredis writes to the console.
  client.on("error", () => undefined);
  return client;
}

function closeClient(client: Redis): void {
  const { stream } = client as unknown as { readonly stream?: NodeJS.EventEmitter & { destroyed?: boolean } };
  client.disconnect();
  // ioredis waits 2 s for the end of a socket. One that has ended before does not end again.
  if (stream?.destroyed === true) stream.emit("close");
}

async function readAllReports(redlock: Redlock): Promise<ReadReportsResult> {
  const { reports, processes } = await readReports(redlock);
  return { readings: reports, known: processes };
}
