import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, type Socket } from "node:net";

import { CoordinationV1Api, CoreV1Api, DiscoveryV1Api, KubeConfig, Watch } from "@kubernetes/client-node";

import { type ApiRequest, cutConnection, type Effect, type Fault, Faults, type Verb } from "./faults.ts";
import { type ApiObject, type ResourceType, type Target, targetOf } from "./resources.ts";
import { listObjects, matchesOf, versionOf } from "./list.ts";
import { ObjectStore } from "./object-store.ts";
import { badRequest, deleted, forbidden, StatusError, unauthorized } from "./status.ts";
import { TOKEN } from "./token.ts";
import { WatchStream } from "./watch-stream.ts";

export interface KubernetesApiOptions {
  /** How many changes the history keeps. A watch that begins before them gets 410 Gone. Default 1000. */
  readonly historyLimit?: number;
}

/** A reply that is ready: a status and an object. */
interface Reply {
  readonly code: number;
  readonly body: object;
}

/**
 * A small server with the semantics of the Kubernetes API for leases, services, pods, endpoint slices and stateful sets. Objects
 * are kept as JSON, and one version number counts the changes of all of them.
 */
export class KubernetesApi implements AsyncDisposable {
  /** All requests that were accepted, in the order of their arrival. */
  readonly requests: ApiRequest[] = [];
  readonly store: ObjectStore;
  readonly #faults = new Faults();
  readonly #watches = new Set<WatchStream>();
  readonly #sockets = new Set<Socket>();
  readonly #waiters = new Set<() => void>();
  #server: Server;
  #port = 0;
  #isHanging = false;

  static async start(options: KubernetesApiOptions = {}): Promise<KubernetesApi> {
    const api = new KubernetesApi(options);
    await api.#listen();
    return api;
  }

  private constructor({ historyLimit = 1000 }: KubernetesApiOptions) {
    this.store = new ObjectStore(historyLimit);
    this.#server = this.#createServer();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The configuration of a client of this server. */
  kubeConfig({ token = TOKEN }: { readonly token?: string } = {}): KubeConfig {
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "test", server: this.url, skipTLSVerify: true },
      { name: "test", token },
    );
    return config;
  }

  /** The clients of @kubernetes/client-node for this server. */
  clients(): { core: CoreV1Api; coordination: CoordinationV1Api; discovery: DiscoveryV1Api; watch: Watch } {
    const config = this.kubeConfig();
    return {
      core: config.makeApiClient(CoreV1Api),
      coordination: config.makeApiClient(CoordinationV1Api),
      discovery: config.makeApiClient(DiscoveryV1Api),
      watch: new Watch(config),
    };
  }

  /** Switches a fault on. The returned function switches it off. */
  addFault(fault: Fault): () => void {
    return this.#faults.add(fault);
  }

  /** Refuses connections and cuts the open ones, until `endOutage`. Objects and history stay. */
  async beginOutage(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#cutAll();
    await closed;
  }

  async endOutage(): Promise<void> {
    this.#server = this.#createServer();
    await this.#listen();
  }

  /** Accepts requests, but replies to none while it is true. Open watches go on. */
  hang(isHanging: boolean): void {
    this.#isHanging = isHanging;
    this.#wake();
  }

  /** The number of open watches. */
  get watchCount(): number {
    return this.#watches.size;
  }

  /** The number of open connections. */
  get connectionCount(): number {
    return this.#sockets.size;
  }

  /** Sends a bookmark on all watches whose clients allow it. */
  sendBookmarks(): void {
    for (const watch of this.#watches) watch.sendBookmark();
  }

  /** Ends all watches: in the regular way, by a cut of the connection, or by an ERROR event with a status. */
  endWatches(how: "regular" | "cut" | StatusError = "regular"): void {
    for (const watch of this.#watches) {
      if (how === "regular") watch.end();
      else if (how === "cut") watch.cut();
      else watch.fail(how.status);
    }
    this.#watches.clear();
  }

  /** Open watches send nothing from now on and stay open, like connections of which one side has vanished. */
  silenceWatches(): void {
    for (const watch of this.#watches) watch.silence();
  }

  /** Forgets the history, so that each version before now is too old for a watch. */
  compact(): void {
    this.store.advance();
    this.store.compact();
  }

  /** Waits until the state of the server fulfils a condition. It is checked at each request, and at the end of each watch and connection. */
  async until(condition: (api: KubernetesApi) => boolean): Promise<void> {
    while (!condition(this)) {
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hang(false);
    this.#cutAll();
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#cutAll();
    await closed;
  }

  #createServer(): Server {
    const server = createServer((request, response) => void this.#handle(request, response));
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        this.#wake();
      });
    });
    return server;
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#watches.clear();
    this.#wake();
  }

  #wake(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiters) wake();
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(message);
      const url = new URL(message.url ?? "/", this.url);
      const target = targetOf(url.pathname);
      const query = Object.fromEntries(url.searchParams);
      const request = describeRequest(message, target, query);
      this.requests.push(request);
      this.#wake();
      if (message.headers.authorization !== `Bearer ${TOKEN}`) throw unauthorized();
      await this.until((api) => !api.#isHanging);
      await this.#answer(request, target, message, body, response);
    } catch (error) {
      if (message.destroyed && !message.complete) return;
      if (!(error instanceof StatusError)) throw error;
      sendReply(response, { code: error.code, body: error.status });
    }
  }

  async #answer(
    request: ApiRequest,
    target: Target,
    message: IncomingMessage,
    body: unknown,
    response: ServerResponse,
  ): Promise<void> {
    const effect = this.#faults.next(request);
    if (effect?.kind === "status") return refuse(effect, target, request, response);
    if (effect?.kind === "lost request") return cutConnection(response);
    if (effect?.kind === "late request") await effect.until;
    if (request.verb === "watch") return this.#watch(target, request, response, effect);
    let reply: Reply;
    try {
      reply = this.#apply(request, target, message.headers["content-type"] ?? "", body);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      reply = { code: error.code, body: error.status };
    }
    if (effect?.kind === "lost reply") return cutConnection(response);
    if (effect?.kind === "late reply") await effect.until;
    sendReply(response, reply);
  }

  #apply(request: ApiRequest, target: Target, contentType: string, body: unknown): Reply {
    const { store } = this;
    switch (request.verb) {
      case "get":
        return { code: 200, body: store.get(target) };
      case "create":
        return { code: 201, body: store.create(target, body as ApiObject) };
      case "update": {
        const { object, isNew } = store.replace(target, body as ApiObject);
        return { code: isNew ? 201 : 200, body: object };
      }
      case "patch":
        return { code: 200, body: store.patch(target, contentType, body) };
      case "delete": {
        const { preconditions } = (body ?? {}) as {
          preconditions?: { uid?: string; resourceVersion?: string };
        };
        const object = store.delete(target, preconditions);
        const { type, name } = target;
        return {
          code: 200,
          body: type.deleteReturnsObject ? object : deleted(type, name, object.metadata.uid),
        };
      }
      case "list":
      case "watch":
        return { code: 200, body: listObjects(store, target, request.query) };
      default:
        return request.verb satisfies never;
    }
  }

  #watch(target: Target, { query }: ApiRequest, response: ServerResponse, effect: Effect | undefined): void {
    const version = query["resourceVersion"];
    const options = {
      matches: matchesOf(query),
      version: version === undefined || version === "" || version === "0" ? undefined : versionOf(version),
      allowsBookmarks: query["allowWatchBookmarks"] === "true",
      timeoutSeconds: query["timeoutSeconds"] === undefined ? undefined : Number(query["timeoutSeconds"]),
    };
    try {
      const watch = new WatchStream(target, this.store, response, options);
      this.#watches.add(watch);
      response.on("close", () => {
        this.#watches.delete(watch);
        this.#wake();
      });
      this.#wake();
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 410 || effect?.kind === "gone") throw error;
      // The API server finds the gap after the reply has begun, so a regular 410 is an event.
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`${JSON.stringify({ type: "ERROR", object: error.status })}\n`);
    }
  }
}

function describeRequest(
  message: IncomingMessage,
  { type, namespace, name }: Target,
  query: Record<string, string>,
): ApiRequest {
  const verb = verbOf(message.method ?? "", name, query);
  return { verb, resource: type.plural, namespace, name, query };
}

function verbOf(method: string, name: string, query: Record<string, string>): Verb {
  if (method === "GET" && ["true", "1"].includes(query["watch"] ?? "")) return "watch";
  if (method === "GET") return name === "" ? "list" : "get";
  const verbs: Record<string, Verb> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };
  const verb = verbs[method];
  if (verb === undefined || (verb === "create") !== (name === ""))
    throw new StatusError(
      405,
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource",
    );
  return verb;
}

function refuse(
  effect: Effect & { kind: "status" },
  target: Target,
  { verb }: ApiRequest,
  response: ServerResponse,
): void {
  const { status, retryAfterSeconds } = effect;
  if (retryAfterSeconds !== undefined) response.setHeader("retry-after", String(retryAfterSeconds));
  throw statusErrorOf(status, target.type, verb, target);
}

function statusErrorOf(
  status: number,
  type: ResourceType,
  verb: Verb,
  { namespace, name }: Target,
): StatusError {
  if (status === 401) return unauthorized();
  if (status === 403) return forbidden(type, verb, namespace, name);
  if (status === 429)
    return new StatusError(429, "TooManyRequests", "Too many requests, please try again later.");
  if (status === 503)
    return new StatusError(503, "ServiceUnavailable", "the server is currently unable to handle the request");
  return new StatusError(
    status,
    "InternalError",
    "an error on the server has prevented the request from succeeding",
  );
}

async function readBody(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest("the body of the request is not JSON");
  }
}

function sendReply(response: ServerResponse, { code, body }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
