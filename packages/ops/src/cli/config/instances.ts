import { CommandError, EXIT } from "../command-error.ts";

/** The URLs of the servers: of the option, otherwise of `redis_instances` in the configuration. */
export function instancesOf(option: string | undefined, configured: unknown): readonly string[] {
  const entries: readonly unknown[] =
    option === undefined || option === "" ? (Array.isArray(configured) ? configured : []) : option.split(",");
  if (entries.length === 0)
    throw new CommandError("No servers; set --instances or `redis_instances` in the file", EXIT.wrongConfig);
  return entries.map((entry, index) => {
    const text: unknown = typeof entry === "object" && entry !== null && "url" in entry ? entry.url : entry;
    if (typeof text !== "string" || text.trim() === "")
      throw new CommandError(`redis_instances[${index}] must be host:port or a URL`, EXIT.wrongConfig);
    const server = text.trim();
    return server.includes("://") ? server : `redis://${server}`;
  });
}
