// A monitor that is scripted. It serves the built page and speaks the contract of src/monitor/api.ts, so that tests can bring the
// page into every state. Tests of the page against the real monitor are in live.test.ts.
//
//   node --import tsx packages/ops/test/dashboard/fake-monitor.ts oneDown 5050
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import {
  type MonitorEvent,
  type ReleaseReply,
  type ReleaseRequest,
  SCHEMA,
  type Stream,
} from "../../src/monitor/api.ts";
import * as scenarios from "./scenarios.ts";
import { detailOf, event, pageOf, type Scenario, snapshotOf } from "./scenarios.ts";

const ASSETS = fileURLToPath(new URL("../../dist/dashboard/", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
};
/** As the real monitor sends it. */
const POLICY =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

export class FakeMonitor {
  scenario: Scenario;
  /** Every request is answered with this status, if it is set. */
  status: number | undefined;
  /** The stream stays open and brings nothing. */
  isSilent = false;
  /** How long a snapshot takes. */
  snapshotDelayMs = 0;
  token: string | undefined;
  /** What a release answers. */
  releaseReply: { status: number; reply: ReleaseReply } | undefined;
  readonly releases: ReleaseRequest[] = [];
  readonly requests: string[] = [];
  /** The patterns of the searches. */
  readonly patterns: string[] = [];
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  readonly #timers: NodeJS.Timeout[] = [];
  #bootId = "boot-1";
  #nextEventId = 1_000;

  private constructor(scenario: Scenario) {
    this.scenario = scenario;
    // A name of 10 kB is up to 30 kB in a URL.
    this.#server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
      void this.#answer(request, response);
    });
  }

  static async start(scenario: Scenario, port = 0): Promise<FakeMonitor> {
    const monitor = new FakeMonitor(scenario);
    monitor.#server.listen(port, "127.0.0.1");
    await once(monitor.#server, "listening");
    monitor.#beat();
    return monitor;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** As if the monitor had been started again. */
  restart(): void {
    this.#bootId += "1";
    for (const stream of this.#streams) stream.destroy();
  }

  send<K extends keyof Stream>(type: K, value: Stream[K]): void {
    if (this.isSilent) return;
    const text = `event: ${type}\ndata: ${JSON.stringify(value)}\n\n`;
    for (const stream of this.#streams) stream.write(text);
  }

  sendServers(): void {
    this.send("servers", { servers: this.scenario.servers, quorum: this.scenario.quorum });
  }

  sendLocks(): void {
    this.send(
      "locks",
      pageOf(this.scenario, { pattern: "", sort: "blocked", health: "", offset: 0, limit: 200 }),
    );
  }

  sendFigures(): void {
    const last = this.scenario.points.at(-1);
    const now = Date.now();
    const figures = { ...this.scenario.figures, at: now };
    if (last !== undefined) this.send("figures", { figures, point: { ...last, at: now } });
  }

  /** Sends so many events in one message. */
  sendEvents(count: number): void {
    const events: MonitorEvent[] = Array.from({ length: count }, (_, index) => {
      const id = (this.#nextEventId += 1);
      const name = this.scenario.locks[(id * 7) % Math.max(1, this.scenario.locks.length)]?.name;
      const isLost = index === 0 && id % 5 === 0;
      return event(id, 0, { name, ...(isLost && { type: "lost", level: "bad", text: "its lease ended" }) });
    });
    this.send("events", { events, counts: { granted: count }, dropped: 0 });
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** The rhythm of the real monitor. */
  #beat(): void {
    const every = (ms: number, beat: () => void): void => void this.#timers.push(setInterval(beat, ms));
    every(1_000, () => this.sendServers());
    every(1_000, () => this.sendFigures());
    every(500, () => this.sendLocks());
    every(5_000, () => this.send("ping", { now: Date.now() }));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    this.requests.push(`${request.method} ${url.pathname}`);
    response.setHeader("content-security-policy", POLICY);
    const isApi = url.pathname.startsWith("/api/");
    if (this.status !== undefined && isApi) {
      response.writeHead(this.status).end("bad gateway");
      return;
    }
    if (!isApi) {
      this.#sendFile(url.pathname, response);
      return;
    }
    if (url.pathname === "/api/session") {
      await this.#signIn(request, response);
      return;
    }
    if (this.token !== undefined && request.headers.cookie !== `session=${this.token}`) {
      sendJson(response, 401, { error: "a token is needed" });
      return;
    }
    await this.#answerApi(url, request, response);
  }

  async #answerApi(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , resource, encoded, action] = url.pathname.split("/");
    const name = encoded === undefined ? undefined : decodeURIComponent(encoded);
    if (resource === "events") {
      this.#openStream(response);
    } else if (resource === "snapshot") {
      const timer = setTimeout(
        () => sendJson(response, 200, snapshotOf(this.scenario, "production", this.#bootId)),
        this.snapshotDelayMs,
      );
      response.on("close", () => clearTimeout(timer));
    } else if (resource === "locks" && name === undefined) {
      const get = (key: string): string => url.searchParams.get(key) ?? "";
      if (url.searchParams.has("pattern")) this.patterns.push(get("pattern"));
      const numbers = { offset: Number(get("offset")), limit: Number(get("limit")) };
      sendJson(
        response,
        200,
        pageOf(this.scenario, {
          pattern: get("pattern"),
          sort: get("sort"),
          health: get("health"),
          ...numbers,
        }),
      );
    } else if (resource === "locks" && name !== undefined && action === "release") {
      const body = JSON.parse(await readBody(request)) as ReleaseRequest;
      this.releases.push(body);
      const released = {
        released: true,
        message: "Released. It cannot be extended any more; free at 14:03:30. New fence 1764107001282562.",
        newFence: 1_764_107_001_282_562,
        freeAt: Date.now() + 2_900,
      };
      sendJson(response, this.releaseReply?.status ?? 200, this.releaseReply?.reply ?? released);
    } else if (resource === "locks" && name !== undefined) {
      sendJson(response, 200, detailOf(this.scenario, name));
    } else {
      sendJson(response, 404, { error: "not found" });
    }
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "DELETE") {
      this.scenario.viewer = undefined;
      this.scenario.canRelease = false;
      response.writeHead(204).end();
      return;
    }
    const { token } = JSON.parse(await readBody(request)) as { token: string };
    if (token !== (this.token ?? "secret")) {
      sendJson(response, 401, { error: "unknown token" });
      return;
    }
    this.scenario.viewer = { name: "anna", role: "release" };
    this.scenario.canRelease = true;
    response.setHeader("set-cookie", `session=${token}; HttpOnly; SameSite=Strict; Path=/`);
    sendJson(response, 200, { name: "anna", role: "release" });
  }

  #openStream(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
    const hello = { schema: SCHEMA, bootId: this.#bootId, now: Date.now() };
    response.write(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
  }

  #sendFile(path: string, response: ServerResponse): void {
    const [, asset] = /^\/dashboard\/assets\/([a-z.]+)$/.exec(path) ?? [];
    try {
      const type = TYPES[asset?.split(".").at(-1) ?? ""] ?? "text/html; charset=utf-8";
      const content = readFileSync(`${ASSETS}${asset === undefined ? "index.html" : `assets/${asset}`}`);
      response.writeHead(200, { "content-type": type }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name = "oneDown", port = "5050"] = process.argv;
  const make = (scenarios as Readonly<Record<string, unknown>>)[name] as () => Scenario;
  const monitor = await FakeMonitor.start(make(), Number(port));
  console.log(`${monitor.url}/dashboard`);
}
