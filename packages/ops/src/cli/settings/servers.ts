import type { Checker, Path } from "../../config/checker.ts";
import { checkPem } from "./check-pem.ts";
import { readSecretFile } from "../../config/secret-file.ts";

/** One server of `redis_instances`. */
export interface ServerSettings {
  /** `redis://host:port/database`, or `rediss://` for TLS. It has neither a user nor a password, so it can be shown. */
  readonly url: string;
  /** The name in all output. @default `host:port` */
  readonly label: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** PEM texts and the name that the certificate must have. `undefined` without TLS. */
  readonly tls: TlsSettings | undefined;
  /** Whether this member is a Redis Cluster, of which `url` is one node. */
  readonly isCluster: boolean;
}

export interface TlsSettings {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly serverName: string | undefined;
}

interface Context {
  readonly checker: Checker;
  /** Relative paths begin here. */
  readonly directory: string;
  /** The password of servers that have none of their own. */
  readonly password: string | undefined;
}

const KEYS = ["url", "name", "username", "password", "password_file", "tls", "cluster"];
const TLS_KEYS = ["ca_file", "cert_file", "key_file", "server_name"];
const SCHEMES = ["redis:", "rediss:", "valkey:", "valkeys:"];
const DEFAULT_PORT = "6379";
const MAX_PORT = 65_535;

/** The servers of a list: each `host:port`, a URL, or an object. */
export async function checkServers(
  path: Path,
  value: unknown,
  context: Context,
): Promise<readonly ServerSettings[]> {
  const hiding = { ...context, checker: context.checker.hiding };
  const entries = hiding.checker.list(path, value);
  const servers = await Promise.all(
    entries.map((entry, index) => checkServer([...path, index], entry, hiding)),
  );
  const found = servers.flatMap((server) => server ?? []);
  for (const [index, { label }] of found.entries())
    if (found.findIndex((each) => each.label === label) !== index)
      context.checker.add(path, `: ${JSON.stringify(label)} is there twice; each server has one entry`);
  return found;
}

async function checkServer(
  path: Path,
  entry: unknown,
  context: Context,
): Promise<ServerSettings | undefined> {
  const { checker, directory } = context;
  if (typeof entry === "string") return serverOf(path, entry, {}, context);
  const fields = checker.object(path, entry, KEYS);
  const at = (key: string): Path => [...path, key];
  const url = checker.text(at("url"), fields.url);
  if (url === undefined) {
    if (fields.url === undefined || fields.url === null)
      checker.add(at("url"), " is missing; write host:port or a URL such as redis://redis-a:6379");
    return undefined;
  }
  const passwordFile = await readSecretFile(checker, at("password_file"), fields.password_file, directory);
  return serverOf(
    at("url"),
    url,
    {
      label: checker.text(at("name"), fields.name),
      username: checker.text(at("username"), fields.username),
      password: passwordFile ?? checker.secret(at("password"), fields.password),
      tls: await checkTls(at("tls"), fields.tls, context),
      isCluster: checker.boolean(at("cluster"), fields.cluster),
    },
    context,
  );
}

async function checkTls(
  path: Path,
  value: unknown,
  { checker, directory }: Context,
): Promise<TlsSettings | undefined> {
  if (value === undefined || value === null) return undefined;
  const fields = checker.object(path, value, TLS_KEYS);
  const at = (key: string): Path => [...path, key];
  const read = (key: string): Promise<string | undefined> =>
    readSecretFile(checker, at(key), fields[key], directory);
  const [ca, cert, key] = [await read("ca_file"), await read("cert_file"), await read("key_file")];
  checkPem(checker, path, { ca, cert, key });
  return { ca, cert, key, serverName: checker.text(at("server_name"), fields.server_name) };
}

/** The problem is shown without what stands before the `@`, because that can have a password. */
function serverOf(
  path: Path,
  text: string,
  more: { readonly [Key in keyof Omit<ServerSettings, "url">]?: ServerSettings[Key] | undefined },
  { checker, password: commonPassword }: Context,
): ServerSettings | undefined {
  const trimmed = text.trim();
  const shown = JSON.stringify(withoutPassword(trimmed));
  const port = /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?(?:[^:/@[\]]+|\[[^\]]*\]):(\d+)(?:\/|$)/i.exec(trimmed)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > MAX_PORT)) {
    checker.add(path, `: ${shown}: port must be 1 to ${MAX_PORT}`);
    return undefined;
  }
  const url = parseUrl(trimmed);
  if (url === undefined || url.hostname === "" || !SCHEMES.includes(url.protocol)) {
    checker.add(path, `: ${shown} must be host:port, or a URL such as redis://redis-a:6379`);
    return undefined;
  }
  const isSecure = more.tls !== undefined || url.protocol === "rediss:" || url.protocol === "valkeys:";
  const host = `${url.hostname}:${url.port || DEFAULT_PORT}`;
  const database = url.pathname === "/" ? "" : url.pathname;
  if (!/^(\/\d*)?$/.test(url.pathname) || `${url.search}${url.hash}`.includes("@")) {
    const advice = "in a password, write / ? # @ and % as %2F %3F %23 %40 and %25";
    checker.add(path, `: ${shown}: behind the port can only be the number of a database; ${advice}`);
    return undefined;
  }
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined) {
    checker.add(path, `: ${shown}: in a user or password, write % as %25`);
    return undefined;
  }
  return {
    url: `${isSecure ? "rediss" : "redis"}://${host}${database}`,
    label: more.label ?? host,
    username: more.username ?? (user || undefined),
    password: more.password ?? (password || commonPassword),
    tls: isSecure
      ? (more.tls ?? { ca: undefined, cert: undefined, key: undefined, serverName: undefined })
      : undefined,
    isCluster: more.isCluster ?? false,
  };
}

/**
 * Without what stands before the last `@`. A text without `@` that cannot be read may end within a password, as after a split at a comma, so
 * only the scheme of a URL is shown, and of others nothing behind a colon that no port follows.
 */
function withoutPassword(text: string): string {
  if (text.includes("@")) return text.replace(/^(.*\/\/)?.*@/s, "$1***@");
  if (text.includes("://")) return text.replace(/:\/\/.*$/s, "://…");
  return text.replace(/:(?=.*\D)(?!\d+\/).*$/s, ":…");
}

/** `undefined` if a `%` does not begin an encoded byte. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parseUrl(text: string): URL | undefined {
  // `new URL` knows the ports and hosts of schemes that begin with two slashes only.
  const url = text.includes("://") ? text : `redis://${text}`;
  return URL.canParse(url) && !/\s/.test(url) ? new URL(url) : undefined;
}
