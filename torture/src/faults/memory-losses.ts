import { FLUSH_ABSTENTION_MS, RESTART_ABSTENTION_MS } from "../options.ts";
import type { FaultKind } from "./phases.ts";
import type { PlannedFault } from "./schedule.ts";

/** The kinds of fault after which a server lacks locks and fencing counters. */
const LOSING_KINDS: ReadonlySet<FaultKind> = new Set(["restart-empty", "restart-snapshot", "flush"]);

interface Loss {
  /** Index of the server. */
  readonly server: number;
  readonly isFlush: boolean;
  /** When the fault ended, monotonic, in ms. Infinity while it lasts. */
  readonly endedAt: number;
}

/**
 * The servers that lost their memory a short time ago. Clients see a restart even if all servers restart: the connection
 * breaks, and the uptime is short. They see a flush only because the server has no marker although others have one.
 */
export class MemoryLosses {
  readonly #servers: number;
  #losses: readonly Loss[] = [];

  /** @param servers number of servers. */
  constructor(servers: number) {
    this.#servers = servers;
  }

  /**
   * Whether the library gives its guarantees after this fault too. Within one window at most N - quorum servers may be
   * flushed. If one is flushed, at least one server must keep its memory.
   */
  allows(fault: Pick<PlannedFault, "kind" | "servers">, now: number): boolean {
    if (!LOSING_KINDS.has(fault.kind)) return true;
    const recent = this.#losses.filter(({ isFlush, endedAt }) => {
      return now - endedAt < (isFlush ? FLUSH_ABSTENTION_MS : RESTART_ABSTENTION_MS);
    });
    const losses = [...recent, ...lossesOf(fault)];
    const lost = new Set(losses.map(({ server }) => server));
    const flushed = new Set(losses.filter(({ isFlush }) => isFlush).map(({ server }) => server));
    const quorum = Math.floor(this.#servers / 2) + 1;
    return flushed.size === 0 || (flushed.size <= this.#servers - quorum && lost.size < this.#servers);
  }

  /** Must be called when a fault begins. Ignores a fault after which no memory is lost. */
  begin(fault: Pick<PlannedFault, "kind" | "servers">): void {
    if (LOSING_KINDS.has(fault.kind)) this.#losses = [...this.#losses, ...lossesOf(fault)];
  }

  /** Must be called when the fault that affects these servers has ended. */
  end({ servers }: Pick<PlannedFault, "servers">, now: number): void {
    this.#losses = this.#losses.map((loss) =>
      loss.endedAt === Infinity && servers.includes(loss.server) ? { ...loss, endedAt: now } : loss,
    );
  }
}

function lossesOf({ kind, servers }: Pick<PlannedFault, "kind" | "servers">): readonly Loss[] {
  return servers.map((server) => ({ server, isFlush: kind === "flush", endedAt: Infinity }));
}
