import {
  type LockDetail,
  type LocksPage,
  MAX_PATTERN_LENGTH,
  type Point,
  type Snapshot,
  SCHEMA,
} from "../../monitor/api.ts";
import { type ListQuery, PAGE_SIZE, type Range } from "./messages.ts";
import { lockPath } from "./paths.ts";

const REQUEST_LIMIT_MS = 10_000;

/** A reply with another status than 200, or no reply. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number | undefined;

  constructor(status: number | undefined, message: string) {
    super(message);
    this.status = status;
  }
}

/** The reading requests of the page. The worker makes them, so that parsing large replies does not block the page. */
export class MonitorClient {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  async snapshot(range: Range): Promise<Snapshot> {
    const snapshot = (await this.#get(`api/snapshot?range=${range}`)) as Snapshot;
    if (snapshot.schema !== SCHEMA) throw new RequestError(200, "another schema");
    return snapshot;
  }

  async points(range: Range): Promise<readonly Point[]> {
    return (await this.snapshot(range)).points;
  }

  async locks(query: ListQuery, offset: number): Promise<LocksPage> {
    const parameters = new URLSearchParams({ sort: query.sort, offset: `${offset}`, limit: `${PAGE_SIZE}` });
    if (query.pattern !== "") parameters.set("pattern", fittingPattern(query.pattern));
    if (query.health !== "") parameters.set("health", query.health);
    return (await this.#get(`api/locks?${parameters.toString()}`)) as LocksPage;
  }

  async lock(name: string): Promise<LockDetail> {
    return (await this.#get(`api/${lockPath(name)}`)) as LockDetail;
  }

  /** Opens the stream. The signal ends it. */
  async stream(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const reply = await this.#fetch("api/events", signal, "text/event-stream");
    if (reply.body === null) throw new RequestError(reply.status, "the reply has no body");
    return reply.body;
  }

  async #get(path: string): Promise<unknown> {
    const reply = await this.#fetch(path, AbortSignal.timeout(REQUEST_LIMIT_MS), "application/json");
    try {
      return await reply.json();
    } catch {
      throw new RequestError(reply.status, "the reply is not JSON");
    }
  }

  async #fetch(path: string, signal: AbortSignal, accept: string): Promise<Response> {
    let reply: Response;
    try {
      reply = await fetch(new URL(path, this.#base), {
        signal,
        headers: { accept },
        cache: "no-store",
        credentials: "same-origin",
      });
    } catch (error) {
      throw new RequestError(undefined, signal.aborted ? "no reply in time" : describe(error));
    }
    if (reply.status !== 200) {
      void reply.body?.cancel();
      throw new RequestError(reply.status, `status ${reply.status}`);
    }
    return reply;
  }
}

/** The monitor refuses longer patterns, but a name can be longer. The beginning of a text finds all that the whole text finds. */
function fittingPattern(pattern: string): string {
  if (pattern.length <= MAX_PATTERN_LENGTH) return pattern;
  const end = /[*?]/.test(pattern) ? "*" : "";
  // Half of a character outside the basic plane cannot be sent.
  return pattern.slice(0, MAX_PATTERN_LENGTH - end.length).replace(/[\ud800-\udbff]$/, "") + end;
}

function describe(error: unknown): string {
  return error instanceof TypeError ? "no connection" : String(error);
}
