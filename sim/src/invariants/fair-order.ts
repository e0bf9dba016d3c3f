import { fairOperations, isYes, keySpaceOf, modesOperations, type Reply, type Request } from "../library.ts";
import { PREFIX } from "../world/lock-keys.ts";
import type { Attempt } from "./grant.ts";

/**
 * How long a waiter that was named may take to come, in ms. The servers of the library read their clocks in whole ms, so a waiter may
 * be absent a little earlier.
 */
const GRACE_MS = 50 - 1;

/** A caller of a fair lock that waits. */
interface Waiter {
  readonly attempt: Attempt;
  readonly name: string;
  readonly priority: number;
  /** Whether the call has ended. Servers may still have its place for a while. */
  isOver: boolean;
  /** The servers that have carried out an attempt with which it joined the line. */
  readonly places: Set<number>;
  /** The servers among them that got its ticket. */
  readonly agreed: Set<number>;
  /** When a quorum of them had. */
  confirmedAt: number;
  /** When a server named it, by server. A later attempt deletes it. */
  readonly namedAt: Map<number, number>;
}

/** The yes of a server, and the waiters whose confirmed place on this server it passed. */
interface Vote {
  readonly passed: readonly Waiter[];
}

/**
 * The order of fair locks in histories without faults: nobody is granted a lock before a waiter of the same or a higher priority whose
 * place a quorum had confirmed before it called, unless this waiter was absent on each server whose vote it got. Priorities below that
 * of the caller depend on the clocks of servers, so they are not checked.
 *
 * This is a model of its own. It sees requests, replies and messages, and not the lines of the servers.
 */
export class FairOrder {
  readonly #quorum: number;
  readonly #isChecked: boolean;
  /** Number of calls of fair locks, by client. The library numbers its callers in the same way. */
  readonly #calls: number[] = [];
  readonly #waiters = new Map<string, Waiter>();
  readonly #ids = new Map<Attempt, string>();
  /** The index of each client, by its identifier in the lines. */
  readonly #clients = new Map<string, number>();
  /** When a server last got an attempt of a client for a name. */
  readonly #heardAt = new Map<string, number>();
  readonly #votes = new Map<string, Vote[]>();

  constructor(servers: number, isChecked: boolean) {
    this.#quorum = Math.floor(servers / 2) + 1;
    this.#isChecked = isChecked;
  }

  onCall(attempt: Attempt, priority: number): void {
    const { client, names } = attempt;
    const number = (this.#calls[client] = (this.#calls[client] ?? 0) + 1);
    const id = `${client}.${number}`;
    const waiter: Waiter = {
      attempt,
      name: names[0] ?? "",
      priority,
      isOver: false,
      places: new Set(),
      agreed: new Set(),
      confirmedAt: Infinity,
      namedAt: new Map(),
    };
    this.#waiters.set(id, waiter);
    this.#ids.set(attempt, id);
  }

  /** The call has ended, with or without a lock. */
  onEnd(attempt: Attempt): void {
    const id = this.#ids.get(attempt);
    const waiter = id === undefined ? undefined : this.#waiters.get(id);
    if (waiter !== undefined) waiter.isOver = true;
  }

  onSent(client: number, request: Request): void {
    const [id] = this.#waiterIn(request);
    if (id !== undefined) this.#clients.set(id, client);
  }

  onExecuted(server: number, request: Request, reply: Reply, now: number): void {
    if (!this.#isChecked) return;
    if (request.operation === fairOperations.stay) this.#onStay(server, request, now);
    if (request.operation !== modesOperations.acquire) return;
    const [id, number] = this.#waiterIn(request);
    const client = id === undefined ? undefined : this.#clients.get(id);
    const waiter = client === undefined ? undefined : this.#waiters.get(`${client}.${number}`);
    if (isYes(reply)) {
      const [token = ""] = request.args;
      const passed = [...this.#waiters.values()].filter(
        (other) => other !== waiter && this.#keepsOthersOut(other, server, request, now),
      );
      this.#votes.set(token, [...(this.#votes.get(token) ?? []), { passed }]);
    }
    if (waiter === undefined || (!isYes(reply) && (reply as readonly unknown[])[0] !== 0)) return;
    waiter.places.add(server);
    waiter.namedAt.delete(server);
    this.#heardAt.set(`${server} ${client} ${waiter.name}`, now);
    // The instances agree on the place only if the request has a ticket.
    const hasTicket = Number(request.args[3]) > 0;
    if (hasTicket) waiter.agreed.add(server);
    if (waiter.agreed.size >= this.#quorum) waiter.confirmedAt = Math.min(waiter.confirmedAt, now);
  }

  /** A waiter that was named says that it is there. */
  #onStay(server: number, { args: [name = ""] }: Request, now: number): void {
    const [id = "", number = ""] = name.split(".");
    const client = this.#clients.get(id);
    const waiter = this.#waiters.get(`${client}.${parseInt(number, 36)}`);
    if (waiter === undefined) return;
    waiter.namedAt.delete(server);
    this.#heardAt.set(`${server} ${client} ${waiter.name}`, now);
  }

  onPublished(server: number, channel: string, message: string, now: number): void {
    for (const next of message.split(" ")) {
      const [id = "", number] = next.split(".");
      const waiter = this.#waiters.get(`${this.#clients.get(id)}.${parseInt(number ?? "", 36)}`);
      // The plain line can name an absent waiter again, which changes nothing.
      if (waiter === undefined || waiter.namedAt.has(server)) continue;
      if (keySpaceOf(PREFIX).wake(waiter.name) === channel) waiter.namedAt.set(server, now);
    }
  }

  /** Returns what the grant of a fair lock violates. */
  onGrant(attempt: Attempt, token: string): readonly string[] {
    const id = this.#ids.get(attempt);
    const own = id === undefined ? undefined : this.#waiters.get(id);
    if (!this.#isChecked || own === undefined) return [];
    const passed = new Set((this.#votes.get(token) ?? []).flatMap((vote) => vote.passed));
    return [...passed]
      .filter((other) => !other.isOver && other.confirmedAt < attempt.startedAt)
      .filter(({ priority }) => priority >= own.priority)
      .map(
        (other) =>
          `client ${attempt.client}, worker ${attempt.worker} called at ${attempt.startedAt.toFixed(1)} and was granted ${own.name} before ` +
          `client ${other.attempt.client}, worker ${other.attempt.worker}, whose place was confirmed at ${other.confirmedAt.toFixed(1)}`,
      );
  }

  /** Whether a waiter has a place on a server for the name of a request, and is not absent. */
  #keepsOthersOut(waiter: Waiter, server: number, request: Request, now: number): boolean {
    if (waiter.isOver || !waiter.agreed.has(server) || waiter.confirmedAt === Infinity) return false;
    if (!request.keys.includes(keySpaceOf(PREFIX).lock(waiter.name))) return false;
    const { client } = waiter.attempt;
    const heardAt = this.#heardAt.get(`${server} ${client} ${waiter.name}`) ?? 0;
    for (const other of this.#waiters.values()) {
      const namedAt = other.namedAt.get(server);
      const isOverdue = namedAt !== undefined && now - namedAt >= GRACE_MS;
      if (!isOverdue || other.name !== waiter.name) continue;
      // If a client sends nothing after one of its waiters was named, all its waiters are absent.
      if (other === waiter || (other.attempt.client === client && heardAt <= namedAt + 1)) return false;
    }
    return true;
  }

  /** The client and the number of the waiter in an attempt that joins the line; nothing for other requests. */
  #waiterIn({ operation, args }: Request): readonly [id: string | undefined, number: number] {
    const [id, number] = (operation === modesOperations.acquire ? (args[2] ?? "") : "").split(".");
    return number === undefined ? [undefined, 0] : [id, parseInt(number, 36)];
  }
}
