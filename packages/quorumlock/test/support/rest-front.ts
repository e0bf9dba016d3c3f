import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";

/** What the front does with a request, instead of answering it. */
type Fault =
  /** The server runs it, and the connection breaks before the answer. */
  | "drop the answer"
  /** The connection breaks before the server runs it. */
  | "drop the request"
  /** Nothing is answered until `resume()`. */
  | "hang"
  /** The answer is the page of a proxy. */
  | "answer with HTML";

export interface RestFrontOptions {
  /** The user of the server. @default the default user */
  readonly user?: { readonly username: string; readonly password: string } | undefined;
}

/**
 * An HTTP server that speaks the REST protocol of Upstash, in front of a Redis server: `POST /` with a command as a JSON array,
 * `/pipeline` and `/multi-exec` with lists of them, a bearer token, base64 in replies, and a token for the order of reads.
 */
export interface RestFront {
  readonly url: string;
  readonly token: string;
  /** The first words of all commands that were received, one text for each HTTP request. */
  readonly requests: readonly string[];
  /** The headers of the latest request. */
  readonly headers: IncomingMessage["headers"];
  /** The next requests, one for each fault. Faults at the end of the list come first. */
  readonly faults: Fault[];
  /** Answers the requests that hang. */
  resume(): void;
  close(): void;
}

interface Result {
  readonly result?: unknown;
  readonly error?: string;
}

export async function startRestFront(port: number, { user }: RestFrontOptions = {}): Promise<RestFront> {
  const redis = new Redis({
    port,
    host: "127.0.0.1",
    enableOfflineQueue: false,
    enableReadyCheck: false,
    ...user,
  });
  redis.on("error", () => undefined);
  await once(redis, "ready");
  const token = "rest-token-6f1d";
  const requests: string[] = [];
  const faults: Fault[] = [];
  let headers: IncomingMessage["headers"] = {};
  let waiting: (() => void)[] = [];

  async function run([name = "", ...args]: readonly string[]): Promise<Result> {
    try {
      return { result: await redis.call(name, ...args) };
    } catch (error) {
      return { error: (error as Error).message };
    }
  }

  async function results(path: string, body: unknown): Promise<Result | readonly Result[]> {
    if (path === "/") return run((body as unknown[]).map(String));
    const commands = (body as unknown[][]).map((command) => command.map(String));
    if (path === "/pipeline") return Promise.all(commands.map(run));
    await redis.multi({ pipeline: false });
    await Promise.all(commands.map(run));
    const replies = await redis.call("EXEC");
    return (replies as unknown[]).map((result) => ({ result }));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    headers = request.headers;
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json", "upstash-sync-token": "sync" });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${token}`) {
      requests.push("refused");
      send(401, { error: "WRONGPASS invalid or missing auth token" });
      return;
    }
    const path = new URL(request.url ?? "/", "http://front").pathname;
    const body: unknown = JSON.parse(text);
    const commands = (path === "/" ? [body] : body) as unknown[][];
    requests.push(commands.map(([name]) => String(name).toUpperCase()).join(" "));
    const fault = faults.pop();
    if (fault === "drop the request") {
      request.socket.destroy();
      return;
    }
    if (fault === "answer with HTML") {
      response.writeHead(502, { "content-type": "text/html" });
      response.end("<html>Bad gateway</html>");
      return;
    }
    if (fault === "hang") await new Promise<void>((resolve) => waiting.push(resolve));
    const replies = await results(path, body);
    if (fault === "drop the answer") {
      request.socket.destroy();
      return;
    }
    const isPlain = request.headers["upstash-encoding"] !== "base64";
    const encoded = isPlain ? replies : encodeResults(replies);
    send(path === "/" && (replies as Result).error !== undefined ? 400 : 200, encoded);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const resume = (): void => {
    for (const go of waiting) go();
    waiting = [];
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    requests,
    get headers() {
      return headers;
    },
    faults,
    resume,
    close() {
      server.close();
      server.closeAllConnections();
      redis.disconnect();
    },
  };
}

function encodeResults(results: Result | readonly Result[]): unknown {
  if (Array.isArray(results)) return results.map(encodeResults);
  const { result, error } = results as Result;
  return error === undefined ? { result: encode(result) } : { error };
}

function encode(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(encode);
  return typeof reply === "string" && reply !== "OK" ? Buffer.from(reply).toString("base64") : reply;
}
