/** Reads one setting from the reply to `CONFIG GET`, whatever shape the client gives it. */
export async function readSetting(name: string, get: () => Promise<unknown>): Promise<string | undefined> {
  try {
    const value = valueOf(await get(), name);
    if (typeof value === "string") return value;
    return Buffer.isBuffer(value) ? value.toString() : undefined;
  } catch {
    // It is forbidden here, or the connection is gone: it is not known then.
    return undefined;
  }
}

function valueOf(reply: unknown, name: string): unknown {
  if (Array.isArray(reply)) return reply[1];
  if (reply instanceof Map) return reply.get(name);
  return Object.entries(Object(reply)).find(([key]) => key === name)?.[1];
}
