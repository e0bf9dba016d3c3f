import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Registry } from "prom-client";
import { Access } from "./http/access.ts";
import { monitorApp } from "./http/app.ts";
import { DashboardFiles } from "./http/dashboard-files.ts";
import { EventStreams } from "./http/event-streams.ts";
import { hostNameOf } from "./http/host-check.ts";
import { isLoopbackHost } from "./http/listen-address.ts";
import { packageVersion } from "../package-version.ts";
import { monitorMetrics } from "./metrics.ts";
import type { MonitorModel } from "./monitor-model.ts";
import { closeAll, type Opened, openModel } from "./open-model.ts";
import { type MonitorOptions, resolveMonitorOptions, type ResolvedMonitorOptions } from "./options.ts";

/** Names have up to 1,024 characters, and each can need 9 in a path. */
const MAX_HEADER_BYTES = 64 * 1_024;
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
    const { model, metrics, handle } = openParts(resolved, opened);
    server.on("request", handle);
    await listenOn(server, listen.host, listen.port);
    if (metrics !== undefined && resolved.metricsPort !== undefined)
      await openMetricsServer(metrics, resolved.metricsPort, opened);
    model.start();
  } catch (error) {
    await closeServer(server, opened);
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

/** Opens everything but the HTTP server, and notes in `opened` how each part is closed, also if a later one fails. */
function openParts(
  resolved: ResolvedMonitorOptions,
  opened: Opened[],
): {
  readonly model: MonitorModel;
  readonly metrics: Registry | undefined;
  readonly handle: RequestListener;
} {
  const { listen } = resolved;
  const model = openModel(resolved, opened);
  const metrics = resolved.metrics
    ? monitorMetrics(model, resolved.metricPrefix, packageVersion())
    : undefined;
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
    metrics,
    guard: { ...resolved, cookieName: `quorumlock_${listen.port}` },
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return { model, metrics, handle: (request, response) => void listener(request, response) };
}

/** A port of loopback for Prometheus on the same machine, which needs no token there. */
async function openMetricsServer(metrics: Registry, port: number, opened: Opened[]): Promise<void> {
  const server = createServer({ requestTimeout: RECEIVE_TIMEOUT_MS }, (request, response) => {
    const isWanted = request.method === "GET" && request.url === "/metrics";
    // A page of another site could point its own name to this port (DNS rebinding).
    const isOwnHost = isLoopbackHost(hostNameOf(request.headers.host ?? "") ?? "");
    if (!isWanted || !isOwnHost) return void response.writeHead(isOwnHost ? 404 : 403).end();
    metrics.metrics().then(
      (text) => response.writeHead(200, { "content-type": metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await listenOn(server, "127.0.0.1", port);
  opened.push(() => closeHttp(server));
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

function closeHttp(server: Server): Promise<void> {
  return closeServer(server, []);
}
