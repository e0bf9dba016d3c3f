import type { InstanceError } from "../../base/errors.ts";
import { resolveOptions } from "../../base/options.ts";
import { Client } from "../../client/client.ts";
import type { QuorumContext } from "../../quorum/hold.ts";
import { MESSAGES } from "./errors.ts";
import { whenConnected } from "./first-connection.ts";
import type { RedlockClient } from "./stats.ts";

const GUARD_ADVICE =
  "try for longer with `retryCount` and `retryDelay`, or set `restartGuard: false` in the settings of `Redlock` for development";

/** How servers are treated that have restarted, or that are slow. */
export interface Terms {
  /** `undefined` if the number of clients decides. */
  readonly restartGuard: boolean | undefined;
  /** The longest duration that counts for the restart guard, in ms. */
  readonly guardMs: number;
  readonly requestTimeoutMs: number;
}

/**
 * The clients of a `Redlock` as voters. Objects of `Redlock` with the same clients and the same terms share one, because programs
 * may make a `Redlock` for each request: `redlock` 5 kept nothing for one.
 */
export class Electorate {
  readonly client: Client;
  readonly clients: readonly RedlockClient[];
  readonly terms: Terms;
  readonly #clientAt = new Map<number, RedlockClient>();
  /** The pauses of operations. The end of the electorate ends them. */
  readonly #pauses = new Set<() => void>();
  #connected: Promise<void> | undefined;

  /** @throws TypeError, RangeError for a client that cannot be used. */
  constructor(clients: readonly RedlockClient[], terms: Terms) {
    this.clients = clients;
    this.terms = terms;
    const { restartGuard, requestTimeoutMs } = terms;
    this.client = new Client(clients, {
      ...resolveOptions({ prefix: "" }),
      restartGuard,
      // The guard's window begins with the first duration that is used.
      windowMs: 0,
      requestTimeoutMs,
      quarantineAdvice: GUARD_ADVICE,
    });
    this.client.members.voters.members.forEach(({ index }, place) =>
      this.#clientAt.set(index, clients[place]!),
    );
  }

  get size(): number {
    return this.clients.length;
  }

  get quorumSize(): number {
    return Math.floor(this.size / 2) + 1;
  }

  clientAt(member: number): RedlockClient {
    return this.#clientAt.get(member)!;
  }

  /** The context of an operation with this drift factor. */
  context(driftFactor: number): QuorumContext {
    return { ...this.client.quorumContext, driftFactor };
  }

  /** Notes a duration that is used, for the restart guard. A longer one than its limit would stop all locks for too long. */
  recordDuration(durationMs: number): void {
    if (durationMs <= this.terms.guardMs) this.client.recordTtl(durationMs);
  }

  /** The error of a client that has no vote. A client of ioredis that was closed has the message that it gives itself. */
  errorOf(member: number, error: InstanceError): Error {
    const client = this.clientAt(member);
    const isClosed = "status" in client && client.status === "end";
    return isClosed ? new Error(MESSAGES.closed, { cause: error }) : error;
  }

  /**
   * Identifies the servers. Resolves when they had the time to answer, and those the time to connect that a quorum needs. Later calls
   * return the same promise.
   */
  begin(): Promise<void> {
    return (this.#connected ??= this.#begin());
  }

  async #begin(): Promise<void> {
    // It lets clients connect that would begin with a command only.
    const { members } = this.client;
    const identified = members.identifyAll();
    await whenConnected(members.voters, this);
    await identified;
  }

  /** Resolves after `ms`, or when this closes. It keeps the process running. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.startPause(ms, resolve));
  }

  /** Calls back after `ms`, when this closes, or when the returned function is called. */
  startPause(ms: number, onEnd: () => void): () => void {
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      this.#pauses.delete(end);
      onEnd();
    };
    const timer = this.client.clock.setTimer(this.client.isClosed ? 0 : ms, end, true);
    this.#pauses.add(end);
    return end;
  }

  /** Ends what the library does with the clients. They stay open. */
  async close(): Promise<void> {
    const list = shared.get(this.clients[0]!);
    const place = list?.indexOf(this) ?? -1;
    if (place >= 0) list!.splice(place, 1);
    const closing = this.client.close();
    for (const end of this.#pauses) end();
    await closing;
  }
}

/** By the first client. It lives as long as that client. */
const shared = new WeakMap<RedlockClient, Electorate[]>();

/** The electorate of these clients. @throws as the constructor of `Electorate`. */
export function electorateOf(clients: readonly RedlockClient[], terms: Terms): Electorate {
  const [first] = clients;
  const list = shared.get(first!) ?? [];
  const known = list.find(
    (each) =>
      each.terms.restartGuard === terms.restartGuard &&
      each.terms.guardMs === terms.guardMs &&
      each.terms.requestTimeoutMs === terms.requestTimeoutMs &&
      each.size === clients.length &&
      each.clients.every((client, place) => client === clients[place]),
  );
  if (known !== undefined) return known;
  const made = new Electorate(clients, terms);
  list.push(made);
  shared.set(first!, list);
  return made;
}
