import { InstanceError } from "../../base/errors.ts";
import { resolveOptions } from "../../base/options.ts";
import { Client } from "../../client/client.ts";
import { QUARANTINE_ADVICE } from "../../members/eligibility.ts";
import type { QuorumContext } from "../../quorum/hold.ts";
import { MESSAGES } from "./errors.ts";
import type { RedlockClient } from "./stats.ts";

const GUARD_ADVICE =
  "try for longer with `retryCount` and `retryDelay`, or set `restartGuard: false` in the settings of `Redlock` for development";

/** How restarted servers are treated. */
interface Guard {
  /** `undefined` if the number of clients decides. */
  readonly restartGuard: boolean | undefined;
  readonly guardMs: number;
}

/**
 * The clients of a `Redlock` as voters. Objects of `Redlock` with the same clients and the same guard share one, because programs
 * may make a `Redlock` for each request: `redlock` 5 kept nothing for one.
 */
export class Electorate {
  readonly client: Client;
  readonly clients: readonly RedlockClient[];
  readonly guard: Guard;
  readonly #clientAt = new Map<number, RedlockClient>();
  /** The pauses of operations. The end of the electorate ends them. */
  readonly #pauses = new Set<() => void>();

  /** @throws TypeError, RangeError for a client that cannot be used. */
  constructor(clients: readonly RedlockClient[], guard: Guard) {
    this.clients = clients;
    this.guard = guard;
    const { restartGuard } = guard;
    // The guard's window begins with the first duration that is used.
    this.client = new Client(clients, { ...resolveOptions({ prefix: "" }), restartGuard, windowMs: 0 });
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
    if (durationMs <= this.guard.guardMs) this.client.recordTtl(durationMs);
  }

  /** The error of a client that has no vote. A client of ioredis that was closed has the message that it gives itself. */
  errorOf(member: number, error: InstanceError): Error {
    const client = this.clientAt(member);
    if ("status" in client && client.status === "end") return new Error(MESSAGES.closed, { cause: error });
    const { code, message, cause, abstainsUntil } = error;
    if (!message.includes(QUARANTINE_ADVICE)) return error;
    return new InstanceError(code, message.replace(QUARANTINE_ADVICE, GUARD_ADVICE), {
      cause,
      ...(abstainsUntil !== undefined && { abstainsUntil }),
    });
  }

  /** Resolves after `ms`, or when this closes. It keeps the process running. */
  pause(ms: number): Promise<void> {
    if (this.client.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#pauses.delete(end);
        resolve();
      };
      const timer = this.client.clock.setTimer(ms, end, true);
      this.#pauses.add(end);
    });
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
export function electorateOf(clients: readonly RedlockClient[], guard: Guard): Electorate {
  const [first] = clients;
  const list = shared.get(first!) ?? [];
  const known = list.find(
    (each) =>
      each.guard.restartGuard === guard.restartGuard &&
      each.guard.guardMs === guard.guardMs &&
      each.size === clients.length &&
      each.clients.every((client, place) => client === clients[place]),
  );
  if (known !== undefined) return known;
  const made = new Electorate(clients, guard);
  list.push(made);
  shared.set(first!, list);
  return made;
}
