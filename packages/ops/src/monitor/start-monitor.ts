import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
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
import { type MonitorOptions, type MonitorServer, resolveMonitorOptions } from "./options.ts";
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
  const { listen, tls, redlock: clientOptions } = resolved;
  const labels = resolved.servers.map((server) => server.label ?? new URL(server.url).host);
  const clients = resolved.servers.map(openClient);
  const redlock = new Redlock(clients, {
    ...clientOptions,
    prefix: resolved.prefix,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  const model = new MonitorModel(resolved, { redlock, labels, readReports: () => readAllReports(redlock) });
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
  model.listen({
    onServers: () => streams.sendServers(),
    onAlerts: () => streams.sendAlerts(),
    browsers: () => streams.browsers,
  });
  const guard = { ...resolved, cookieName: `quorumlock_${listen.port}` };
  const app = monitorApp({
    model,
    access: new Access(resolved.tokens),
    streams,
    files: new DashboardFiles(resolved.dashboard),
    metrics: monitorMetrics(model, resolved.metricPrefix, packageVersion()),
    guard,
  });
  const server = openServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }), tls);
  const closeParts = async (): Promise<void> => {
    streams.close();
    await model.close();
    await redlock.close().catch(() => undefined);
    for (const client of clients) closeClient(client);
  };
  try {
    await listenOn(server, listen.host, listen.port);
  } catch (error) {
    await closeParts();
    throw error;
  }
  model.start();
  const { port } = server.address() as AddressInfo;
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeServer(server, closeParts));
  return {
    url: `${tls === undefined ? "http" : "https"}://${host}:${port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function openServer(listener: ReturnType<typeof getRequestListener>, tls: MonitorOptions["tls"]): Server {
  const options = { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: RECEIVE_TIMEOUT_MS };
  const onRequest = (...[request, response]: Parameters<typeof listener>): void =>
    void listener(request, response);
  return tls === undefined
    ? createServer(options, onRequest)
    : createSecureServer({ ...options, ...tls }, onRequest);
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

async function closeServer(server: Server, closeParts: () => Promise<void>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await closeParts();
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
