import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { readReports } from "quorumlock/observe";
import { Access } from "./http/access.ts";
import { monitorApp } from "./http/app.ts";
import { DashboardFiles } from "./http/dashboard-files.ts";
import { EventStreams } from "./http/event-streams.ts";
import { monitorMetrics } from "./metrics.ts";
import { MonitorModel } from "./monitor-model.ts";
import {
  type MonitorOptions,
  type MonitorServer,
  resolveMonitorOptions,
  type ResolvedMonitorOptions,
} from "./options.ts";
import type { ReadReportsResult } from "./reports/process-reports.ts";
import { connectionOptions } from "./servers/bounded-connection.ts";

/** Names have up to 1,024 characters, and each can need 9 in a path. */
const MAX_HEADER_BYTES = 64 * 1_024;
/** How long a server may take to answer the monitor's own client. */
const REQUEST_TIMEOUT_MS = 500;
/** How long a browser may take to send a request. */
const RECEIVE_TIMEOUT_MS = 10_000;

/** A monitor that runs. */
export interface Monitor extends AsyncDisposable {
  /** Such as `http://127.0.0.1:5000`. */
  readonly url: string;
  /** Ends the server, all streams, timers and connections. */
  close(): Promise<void>;
}

/**
 * Starts the monitor and its HTTP server.
 *
 * @throws TypeError, RangeError for bad options, with the field. Error if the address cannot be used.
 */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  const resolved = resolveMonitorOptions(options);
  const { listen, tls } = resolved;
  const server = openServer(tls);
  const opened: Opened[] = [];
  try {
    const { model, handle } = openParts(resolved, opened);
    server.on("request", handle);
    await listenOn(server, listen.host, listen.port);
    model.start();
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeServer(server, opened));
  return {
    url: `${tls === undefined ? "http" : "https"}://${host}:${port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Closes something that was opened. */
type Opened = () => unknown;

/** Opens everything but the HTTP server, and notes in `opened` how each part is closed, also if a later one fails. */
function openParts(
  resolved: ResolvedMonitorOptions,
  opened: Opened[],
): { readonly model: MonitorModel; readonly handle: RequestListener } {
  const { listen } = resolved;
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
  const streams = new EventStreams(
    {
      bootId: model.bootId,
      events: model.events,
      servers: () => ({ servers: model.servers(), quorum: model.quorum() }),
      figures: () => model.figures(),
      point: () => model.point(),
      locks: () => model.locks(),
      locksVersion: () => model.locksVersion(),
      alerts: () => model.alerts(),
    },
    resolved.maxBrowsers,
  );
  opened.push(() => streams.close());
  model.listen({
    onServers: () => streams.sendServers(),
    onAlerts: () => streams.sendAlerts(),
    browsers: () => streams.browsers,
  });
  const app = monitorApp({
    model,
    access: new Access(resolved.tokens),
    streams,
    files: new DashboardFiles(resolved.dashboard),
    metrics: monitorMetrics(model, resolved.metricPrefix, packageVersion()),
    guard: { ...resolved, cookieName: `quorumlock_${listen.port}` },
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return { model, handle: (request, response) => void listener(request, response) };
}

/** The part that was opened last is closed first. */
async function closeAll(opened: Opened[]): Promise<void> {
  for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
}

/** A bad certificate fails here, before anything else is open. */
function openServer(tls: MonitorOptions["tls"]): Server {
  const options = { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: RECEIVE_TIMEOUT_MS };
  return tls === undefined ? createServer(options) : createSecureServer({ ...options, ...tls });
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function closeServer(server: Server, opened: Opened[]): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await closeAll(opened);
  server.closeAllConnections();
  await closed;
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
  if (stream?.destroyed === true) stream.emit("close");
}

async function readAllReports(redlock: Redlock): Promise<ReadReportsResult> {
  const { reports, processes } = await readReports(redlock);
  return { readings: reports, known: processes };
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return manifest.version;
}
