import type { QuorumView, ServerView } from "../api.ts";

/** The reply of `/health`. */
export interface HealthReply {
  /** `ok`: all servers vote. `degraded`: a quorum votes. `down`: no lock can be granted. */
  readonly status: "ok" | "degraded" | "down";
  readonly voting: number;
  readonly configured: number;
  readonly quorum: number;
  readonly servers: readonly {
    readonly label: string;
    readonly state: ServerView["state"];
    readonly votes: boolean;
    readonly latencyMs: number | undefined;
    readonly usedBytes: number | undefined;
    readonly limitBytes: number | undefined;
    /** Memory in use as a part of the limit. `undefined` without a limit. */
    readonly memoryShare: number | undefined;
    readonly abstainsMs: number | undefined;
  }[];
}

/** It has nothing that the network must not know, because it needs no token. */
export function healthReply(
  servers: readonly ServerView[],
  { voting, configured, quorum }: QuorumView,
): HealthReply {
  return {
    status: voting < quorum ? "down" : voting < configured ? "degraded" : "ok",
    voting,
    configured,
    quorum,
    servers: servers.map(({ label, state, votes, latencyMs, usedBytes, limitBytes, abstainsMs }) => ({
      label,
      state,
      votes,
      latencyMs,
      usedBytes,
      limitBytes,
      memoryShare: usedBytes === undefined || limitBytes === undefined ? undefined : usedBytes / limitBytes,
      abstainsMs,
    })),
  };
}
