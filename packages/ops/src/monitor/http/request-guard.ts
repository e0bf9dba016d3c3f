import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import type { ResolvedMonitorOptions } from "../options.ts";
import type { Access, Viewer } from "./access.ts";
import { hostNameOf, isAllowedHost } from "./host-check.ts";
import type { HttpEnv } from "./http-env.ts";
import { isLoopbackHost } from "./listen-address.ts";

/** Paths that need no token. The page has to load so that its user can enter one, and it has no data. */
const OPEN = /^\/(health$|dashboard(\/|$)|$|favicon\.ico$|api\/session$)/;
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"] as const;

/** Headers of every reply. No script but the files of the page runs, and no other site can frame the page. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

export type GuardOptions = Pick<ResolvedMonitorOptions, "listen" | "publicHosts" | "tls"> & {
  readonly cookieName: string;
};

/** Decides which requests are answered at all: by the host, the origin and the token. */
export function requestGuard(access: Access, options: GuardOptions): MiddlewareHandler<HttpEnv> {
  const { listen, publicHosts, cookieName } = options;
  return async (context, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
    if (!context.req.path.startsWith("/dashboard")) context.header("cache-control", "no-store");
    const host = hostNameOf(context.req.header("host") ?? "");
    const isHealth = context.req.path === "/health";
    const isKnownHost = host !== undefined && isAllowedHost(host, listen, publicHosts);
    // Balancers ask for /health by any name. On loopback the name must be right even there.
    if (!isKnownHost && !(isHealth && !listen.isLoopback)) {
      const message = `This monitor does not answer to the host name ${JSON.stringify(host ?? "")}. Add it to public_hosts.`;
      return context.json({ message }, 403);
    }
    const secret = getCookie(context, cookieName);
    const byToken = viewerOfHeader(access, context.req.header("authorization"));
    const bySession = secret === undefined ? undefined : access.viewerOfSession(secret);
    const isReading = context.req.method === "GET" || context.req.method === "HEAD";
    const needsOrigin = byToken === undefined && bySession !== undefined;
    if (!isReading && !hasOwnOrigin(context, needsOrigin))
      return context.json({ message: "The request comes from another site." }, 403);
    context.set("viewer", byToken ?? bySession);
    context.set("session", secret);
    const isPublic = !listen.isLoopback || !isLoopbackHost(host ?? "") || isForwarded(context);
    if (isPublic && context.get("viewer") === undefined && !OPEN.test(context.req.path))
      return context.json({ message: "This monitor needs a token." }, 401, { "www-authenticate": "Bearer" });
    return next();
  };
}

function viewerOfHeader(access: Access, header: string | undefined): Viewer | undefined {
  const [, token] = /^Bearer (\S+)$/i.exec(header ?? "") ?? [];
  return token === undefined ? undefined : access.viewerOf(token);
}

/** Whether a request that changes something comes from the monitor's own page. A request with a cookie must say so. */
function hasOwnOrigin({ req }: Context<HttpEnv>, isNeeded: boolean): boolean {
  const site = req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const origin = req.header("origin");
  if (origin === undefined) return !isNeeded;
  return URL.canParse(origin) && new URL(origin).host === (req.header("host") ?? "").toLowerCase();
}

/** Whether a proxy has passed the request on, so that it comes from beyond this machine. */
function isForwarded({ req }: Context<HttpEnv>): boolean {
  return FORWARDED.some((name) => req.header(name) !== undefined);
}
