import type { Clock } from "./clock.ts";
import { Deadlines } from "./deadlines.ts";
import { Events } from "./events.ts";
import type { HeldContexts } from "./held-contexts.ts";
import type { Instance } from "./instances/port.ts";
import { Members } from "./members/members.ts";
import type { ResolvedOptions } from "./options.ts";
import { LocalQueue } from "./waiting/local-queue.ts";
import type { Closing } from "./waiting/patience.ts";
import { WakeUps } from "./waiting/wake-ups.ts";

/** A lock, as far as the client that it belongs to is concerned. */
export interface Holding {
  /** Looks whether its lease has ended. */
  look(): void;
  close(): Promise<void>;
}

/**
 * How often the clocks are looked at while locks are held, so that the sleep of a machine is noticed soon.
 */
const LONGEST_LEASE_SLEEP_MS = 1_000;

/** What all the locks of one client share. */
export class Core {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly events = new Events();
  readonly members: Members;
  readonly queue = new LocalQueue();
  readonly wakeUps: WakeUps;
  /** Deadlines of callers who wait: they keep the process running. */
  readonly waits: Deadlines;
  /** Ends and extensions of leases: a lock that was forgotten must not keep the process running. */
  readonly leases: Deadlines;
  readonly contexts: HeldContexts | undefined;
  /** Who is to be told when the client closes: those who wait. */
  readonly closing = new Set<Closing>();
  readonly held = new Set<Holding>();
  /** By how much the wall clock was ahead of the monotonic clock when last looked at. */
  #wallLead: number;
  #closing = false;
  #closed: Promise<void> | undefined;

  constructor(instances: readonly Instance[], options: ResolvedOptions, contexts: HeldContexts | undefined) {
    const { clock, requestTimeoutMs, prefix } = options;
    this.options = options;
    this.clock = clock;
    this.contexts = contexts;
    this.waits = new Deadlines(clock, { keepAlive: true });
    this.leases = new Deadlines(clock, {
      keepAlive: false,
      longestSleepMs: LONGEST_LEASE_SLEEP_MS,
      onLook: () => this.#watchWall(),
    });
    this.#wallLead = clock.wall() - clock.monotonic();
    const deadlines = new Deadlines(clock, { keepAlive: false });
    this.members = new Members(instances, {
      clock,
      deadlines,
      events: this.events,
      requestTimeoutMs,
      prefix,
    });
    this.wakeUps = new WakeUps(this.members, clock, deadlines, this.events, requestTimeoutMs);
  }

  /** From the moment that it begins to close: whom that is told may not come in again. */
  get closed(): boolean {
    return this.#closing;
  }

  close(): Promise<void> {
    this.#closing = true;
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /**
   * Deadlines go by the monotonic clock; a wall clock that ran ahead of it has ended leases before their
   * deadline.
   */
  #watchWall(): void {
    const lead = this.clock.wall() - this.clock.monotonic();
    const jumped = lead > this.#wallLead + 1;
    this.#wallLead = lead;
    if (jumped) for (const lock of this.held) lock.look();
  }

  async #close(): Promise<void> {
    for (const waiting of this.closing) waiting.close();
    await Promise.all([...this.held].map((lock) => lock.close()));
    // Those who waited withdraw their claims now; their requests go out before the connections are let go.
    await new Promise<void>((resolve) => this.clock.afterIo(resolve));
    this.wakeUps.close();
    this.waits.clear();
    this.leases.clear();
    await this.members.close();
  }
}
