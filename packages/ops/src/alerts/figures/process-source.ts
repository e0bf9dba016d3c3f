import { hostname } from "node:os";
import type { Redlock } from "quorumlock";
import type { ClassStats, LockStats } from "quorumlock/observe";
import type { AlertClock } from "../clock.ts";
import type { AlertFigures, ClassFigures, LossFigures, NamedLock } from "./alert-figures.ts";
import type { AlertSource } from "./alert-source.ts";
import { quorumFiguresOf, serverFiguresOf } from "./health-figures.ts";

/** The longest time for which a rule names lost locks. */
const KEEP_LOSSES_MS = 900_000;
const MAX_LOSSES = 1_000;

export interface ProcessSourceOptions {
  /** The figures of the locks of this process. */
  readonly stats: LockStats;
  /** The client whose servers are watched. */
  readonly redlock: Redlock;
  /** How messages name this process. @default `host:pid` */
  readonly owner?: string | undefined;
}

/** The figures of one process: its own locks from `LockStats`, and the servers as its client sees them. */
export class ProcessSource implements AlertSource {
  readonly #stats: LockStats;
  readonly #redlock: Redlock;
  readonly #owner: string;
  readonly #clock: AlertClock;
  #losses: LossFigures[] = [];

  constructor({ stats, redlock, owner }: ProcessSourceOptions, clock: AlertClock) {
    this.#stats = stats;
    this.#redlock = redlock;
    this.#owner = owner ?? `${hostname()}:${process.pid}`;
    this.#clock = clock;
  }

  async read(): Promise<AlertFigures> {
    const health = await this.#redlock.health();
    const oldest = this.#clock.wall() - KEEP_LOSSES_MS;
    this.#losses = this.#losses.filter(({ at }) => at >= oldest);
    return {
      hasData: true,
      quorum: quorumFiguresOf(health),
      servers: serverFiguresOf(health),
      classes: this.#classes(),
      losses: this.#losses,
    };
  }

  listen(onChange: () => void): () => void {
    const redlock = this.#redlock;
    const stops = [
      redlock.on("instance:health", onChange),
      redlock.on("instance:down", onChange),
      redlock.on("instance:up", onChange),
      redlock.on("instance:unsafe", onChange),
      redlock.on("quorum:lost", onChange),
      redlock.on("quorum:restored", onChange),
      ...this.#stats.clients.map((client) =>
        client.on("lock:lost", ({ names, fence, cause }) => {
          // A lock that ends because its client is closed is no loss.
          if (cause === "closed") return;
          this.#addLoss(names.at(-1) ?? "", fence);
          onChange();
        }),
      ),
    ];
    return () => stops.forEach((stop) => stop());
  }

  #addLoss(name: string, fence: number): void {
    const statistics = this.#stats.statistics(name);
    const resource = "resource" in statistics ? statistics.resource : name;
    this.#losses.push({ name, resource, fence, owner: this.#owner, at: this.#clock.wall() });
    if (this.#losses.length > MAX_LOSSES) this.#losses.shift();
  }

  #classes(): readonly ClassFigures[] {
    const longestHeld = new Map<string, NamedLock>();
    for (const { resource, names } of this.#stats.holds()) {
      const name = names[0];
      if (name !== undefined && !longestHeld.has(resource))
        longestHeld.set(resource, { name, owner: this.#owner });
    }
    const blocking = this.#waitedNames();
    return this.#stats.snapshot().map((stats) => ({
      ...figuresOf(stats),
      blocking: blocking.get(stats.resource),
      longestHeld: longestHeld.get(stats.resource),
    }));
  }

  /** For each class the name for which most callers of this process wait. Its holder can be another process, so it is not known. */
  #waitedNames(): ReadonlyMap<string, NonNullable<ClassFigures["blocking"]>> {
    const callers = new Map<string, { readonly resource: string; count: number }>();
    for (const { resource, names } of this.#stats.waits()) {
      for (const name of names) {
        const entry = callers.get(name) ?? { resource, count: 0 };
        entry.count += 1;
        callers.set(name, entry);
      }
    }
    const result = new Map<string, NonNullable<ClassFigures["blocking"]>>();
    for (const [name, { resource, count }] of callers)
      if (count > (result.get(resource)?.callers ?? 0))
        result.set(resource, { name, owner: undefined, callers: count });
    return result;
  }
}

function figuresOf({
  resource,
  counts,
  active,
  waiters,
  oldestWaitMs,
  longestHoldMs,
  longWaits,
}: ClassStats): ClassFigures {
  return {
    resource,
    counts: {
      granted: counts.acquired,
      timedOut: counts.timedOut,
      noQuorum: counts.noQuorum,
      lost: counts.lost.expired + counts.lost.taken,
      extended: counts.extended,
      extensionsFailed: counts.extensionsFailed,
      longWaits,
    },
    active,
    waiters,
    oldestWaitMs,
    longestHoldMs,
  };
}
