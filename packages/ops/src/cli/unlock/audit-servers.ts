import type { AuditServer } from "../../release/audit.ts";
import type { Connection } from "../connect.ts";

/** The servers of a command, as the audit needs them. */
export function auditServersOf({ servers, timeoutMs }: Connection): readonly AuditServer[] {
  return servers.map((server) => ({
    async send(commands) {
      // ioredis would keep the commands until it connects.
      if (!server.isConnected) throw new Error("not connected");
      const pipeline = server.redis.pipeline();
      for (const [name, ...args] of commands) pipeline.call(name, ...args);
      const replies = pipeline.exec();
      // A reply after the time limit has no reader.
      replies.catch(() => undefined);
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("no answer")), timeoutMs);
      });
      try {
        const results = (await Promise.race([replies, timeout])) ?? [];
        return results.map(([error, reply]) => error ?? reply);
      } finally {
        clearTimeout(timer);
      }
    },
  }));
}
