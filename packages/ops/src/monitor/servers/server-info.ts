/** What INFO says about a server. */
export interface ServerInfo {
  readonly version: string | undefined;
  readonly role: string | undefined;
  readonly runId: string | undefined;
  readonly usedBytes: number | undefined;
  /** `undefined` without a limit. */
  readonly limitBytes: number | undefined;
  readonly evictionPolicy: string | undefined;
  /** `standalone`, `sentinel` or `cluster`. */
  readonly mode: string | undefined;
  /** The address of the primary. Only of a replica. */
  readonly primary: string | undefined;
  /** Whether it keeps an append-only file. */
  readonly isAppendOnly: boolean;
  readonly uptimeMs: number | undefined;
  /** The keys of all databases. */
  readonly keys: number;
}

/** Reads the reply of INFO. */
export function parseServerInfo(text: string): ServerInfo {
  const fields = new Map(
    text.split("\r\n").flatMap((line) => {
      const colon = line.indexOf(":");
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
  const limit = Number(fields.get("maxmemory") ?? 0);
  const used = fields.get("used_memory");
  const host = fields.get("master_host");
  const uptime = fields.get("uptime_in_seconds");
  const valkey = fields.get("valkey_version");
  const databases = [...fields].filter(([name]) => /^db\d+$/.test(name));
  return {
    version: valkey === undefined ? fields.get("redis_version") : `valkey ${valkey}`,
    role: fields.get("role"),
    runId: fields.get("run_id"),
    usedBytes: used === undefined ? undefined : Number(used),
    limitBytes: limit > 0 ? limit : undefined,
    evictionPolicy: fields.get("maxmemory_policy"),
    // Valkey 9 has another name for it.
    mode: fields.get("redis_mode") ?? fields.get("server_mode"),
    primary: host === undefined ? undefined : `${host}:${fields.get("master_port") ?? ""}`,
    isAppendOnly: fields.get("aof_enabled") === "1",
    uptimeMs: uptime === undefined ? undefined : Number(uptime) * 1_000,
    keys: databases.reduce((sum, [, value]) => sum + Number(/keys=(\d+)/.exec(value)?.[1] ?? 0), 0),
  };
}
