/** Reads one setting from the reply to `CONFIG GET`. The reply is an array, a Map or an object, depending on the client. */
export async function parseSetting(name: string, get: () => Promise<unknown>): Promise<string | undefined> {
  try {
    const value = valueOf(await get(), name);
    if (typeof value === "string") return value;
    return Buffer.isBuffer(value) ? value.toString() : undefined;
  } catch {
    // The server forbids CONFIG, or the connection broke. Both mean that the setting is unknown.
    return undefined;
  }
}

function valueOf(reply: unknown, name: string): unknown {
  if (Array.isArray(reply)) return reply[1];
  if (reply instanceof Map) return reply.get(name);
  return Object.entries(Object(reply)).find(([key]) => key === name)?.[1];
}
