import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { deleteCookie, setCookie } from "hono/cookie";
import type { Registry } from "prom-client";
import { type LockHealth, MAX_PATTERN_LENGTH, type SessionReply } from "../api.ts";
import { isRangeName } from "../history/points.ts";
import { SearchLimitError } from "../locks/glob.ts";
import { isReadableName } from "../locks/lock-index.ts";
import { DEFAULT_QUERY, type LockQuery, MAX_LIMIT } from "../locks/lock-list.ts";
import { LOCK_SORTS, type LockSort } from "../locks/lock-order.ts";
import type { MonitorModel } from "../monitor-model.ts";
import { type Access, SESSION_MS } from "./access.ts";
import type { DashboardFiles } from "./dashboard-files.ts";
import { type EventStreams, fittingLocks } from "./event-streams.ts";
import { healthReply } from "./health-reply.ts";
import type { HttpEnv } from "./http-env.ts";
import { nameInPath } from "./raw-name.ts";
import { type GuardOptions, requestGuard } from "./request-guard.ts";

/** The largest body of a request: a name of 1,024 characters, each written as 6 characters, and a reason. */
const MAX_BODY_BYTES = 32 * 1_024;
/** The rows of a reply. */
const MAX_PAGE_BYTES = 1_024 * 1_024;
/** How long a reply about one lock waits for the servers. */
const LOCK_TIMEOUT_MS = 900;

const HEALTHS: readonly LockHealth[] = [
  "held",
  "short",
  "not-extended",
  "uncertain",
  "minority",
  "no-expiry",
  "lost",
];

export interface AppParts {
  readonly model: MonitorModel;
  readonly access: Access;
  readonly streams: EventStreams;
  readonly files: DashboardFiles;
  /** `undefined` if there are no metrics. */
  readonly metrics: Registry | undefined;
  readonly guard: GuardOptions;
}

/** The HTTP interface of the monitor. */
export function monitorApp(parts: AppParts): Hono<HttpEnv> {
  const { model, access, files, metrics, guard } = parts;
  const app = new Hono<HttpEnv>();
  app.use(requestGuard(access, guard));
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (context) => context.json({ message: `The body may have ${MAX_BODY_BYTES} bytes.` }, 413),
  });
  app.get("/", (context) => context.redirect("/dashboard"));
  app.get("/dashboard", (context) => files.serve(context));
  app.get("/dashboard/*", (context) => files.serve(context));
  app.get("/health", (context) => {
    const reply = healthReply(model.servers(), model.quorum());
    return context.json(reply, reply.status === "down" ? 503 : 200);
  });
  if (metrics !== undefined)
    app.get("/metrics", async (context) =>
      context.body(await metrics.metrics(), 200, { "content-type": metrics.contentType }),
    );
  app.get("/stats/*", (context) => {
    const name = nameInPath(context, "/stats/", "");
    const figures = name === undefined ? undefined : model.classFigures(name);
    return figures === undefined
      ? context.json({ message: "No data available" }, 404)
      : context.json(figures);
  });
  app.get("/api/snapshot", (context) => {
    const range = context.req.query("range") ?? "5m";
    if (!isRangeName(range)) return context.json({ message: "`range` must be 5m, 1h or 6h." }, 400);
    const snapshot = model.snapshot(context.get("viewer"), range);
    return context.json({ ...snapshot, locks: fittingLocks(snapshot.locks, MAX_PAGE_BYTES) });
  });
  app.get("/api/locks", (context) => {
    const query = parseQuery(context);
    if (typeof query === "string") return context.json({ message: query }, 400);
    try {
      return context.json(fittingLocks(model.locks(query), MAX_PAGE_BYTES));
    } catch (error) {
      if (error instanceof SearchLimitError) return context.json({ message: error.message }, 400);
      throw error;
    }
  });
  app.get("/api/locks/*", (context) => serveLock(context, model));
  app.post("/api/locks/*", limit, (context) => release(context, model));
  app.get("/api/audit", async (context) => context.json({ records: await model.audit.read() }));
  app.get("/api/events", (context) => openStream(context, parts));
  app.post("/api/session", limit, (context) => signIn(context, access, guard));
  app.delete("/api/session", (context) => {
    const secret = context.get("session");
    if (secret !== undefined) access.signOut(secret);
    deleteCookie(context, guard.cookieName, { path: "/" });
    return context.body(null, 204);
  });
  app.notFound((context) => context.json({ message: "There is no such path." }, 404));
  app.onError((error, context) => {
    process.emitWarning(`the monitor failed to reply: ${error.message}`);
    return context.json({ message: "The monitor failed to reply." }, 500);
  });
  return app;
}

function parseQuery({ req }: Context<HttpEnv>): LockQuery | string {
  const sort = (req.query("sort") ?? DEFAULT_QUERY.sort) as LockSort;
  if (!LOCK_SORTS.includes(sort)) return `\`sort\` must be ${LOCK_SORTS.join(", ")}.`;
  const text = req.query("health") ?? "";
  const health = text === "" || text === "all" ? undefined : (text as LockHealth);
  if (health !== undefined && !HEALTHS.includes(health)) return `\`health\` must be ${HEALTHS.join(", ")}.`;
  const offset = Number(req.query("offset") ?? 0);
  const limit = Number(req.query("limit") ?? DEFAULT_QUERY.limit);
  if (!Number.isSafeInteger(offset) || offset < 0) return "`offset` must be a whole number.";
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    return `\`limit\` must be a whole number from 1 to ${MAX_LIMIT}.`;
  const pattern = req.query("pattern") ?? "";
  if (pattern.length > MAX_PATTERN_LENGTH)
    return `\`pattern\` has ${pattern.length} characters. It must have at most ${MAX_PATTERN_LENGTH}.`;
  return { pattern, sort, health, offset, limit };
}

const BAD_NAME = "The name must be encoded, have 1 to 1024 characters, and not begin with ~.";

async function serveLock(context: Context<HttpEnv>, model: MonitorModel): Promise<Response> {
  const name = nameInPath(context, "/api/locks/", "");
  if (name === undefined || !isReadableName(name)) return context.json({ message: BAD_NAME }, 400);
  const detail = await withTimeout(model.lock(name, context.get("viewer")));
  if (detail === undefined) return context.json({ message: "The servers did not answer in time." }, 503);
  return context.json(detail);
}

async function release(context: Context<HttpEnv>, model: MonitorModel): Promise<Response> {
  const name = nameInPath(context, "/api/locks/", "/release");
  if (name === undefined || !isReadableName(name)) return context.json({ message: BAD_NAME }, 400);
  const isJson = /^application\/json\s*(;|$)/i.test(context.req.header("content-type") ?? "");
  const body: unknown = isJson ? await context.req.json().catch(() => undefined) : undefined;
  const address = context.env.incoming.socket.remoteAddress;
  const outcome = await model.releases.release(name, body, { viewer: context.get("viewer"), address });
  return context.json(outcome.reply, outcome.status);
}

async function signIn(context: Context<HttpEnv>, access: Access, guard: GuardOptions): Promise<Response> {
  const isJson = /^application\/json\s*(;|$)/i.test(context.req.header("content-type") ?? "");
  const body: unknown = isJson ? await context.req.json().catch(() => undefined) : undefined;
  const token = typeof body === "object" && body !== null && "token" in body ? body.token : undefined;
  const signedIn = typeof token === "string" ? access.signIn(token) : undefined;
  if (signedIn === undefined) return context.json({ message: "This token is not known." }, 401);
  const isSecure = guard.tls !== undefined || context.req.header("x-forwarded-proto") === "https";
  setCookie(context, guard.cookieName, signedIn.secret, {
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    secure: isSecure,
    maxAge: SESSION_MS / 1_000,
  });
  const reply: SessionReply = signedIn.viewer;
  return context.json(reply);
}

function openStream(context: Context<HttpEnv>, { streams, access }: AppParts): Response {
  if (streams.isFull) {
    const message = `${streams.browsers} browsers follow the stream already.`;
    return context.json({ message }, 503, { "retry-after": "10" });
  }
  const { outgoing } = context.env;
  const streamHeaders = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  };
  // Hono also calls the handlers of GET for HEAD. Its reply has no body, so a stream would keep a place and send nothing.
  if (context.req.method === "HEAD") return context.body(null, 200, streamHeaders);
  const headers = Object.fromEntries(context.res.headers);
  outgoing.writeHead(200, { ...headers, ...streamHeaders });
  const hadViewer = context.get("viewer") !== undefined;
  const secret = context.get("session");
  const hasToken = context.req.header("authorization") !== undefined;
  const isAllowed = (): boolean =>
    !hadViewer || hasToken || (secret !== undefined && access.viewerOfSession(secret) !== undefined);
  streams.open(outgoing, isAllowed);
  return RESPONSE_ALREADY_SENT;
}

/** `undefined` if the work takes too long. */
async function withTimeout<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LOCK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
