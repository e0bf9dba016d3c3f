import { setTimeout as sleep } from "node:timers/promises";
import { aborting } from "./aborting.ts";
import { type Fault, planStrikes, type Strike } from "./faults.ts";
import { Observer } from "./observer.ts";
import { TTL_MS } from "./options.ts";
import type { Counter, Crew, Stage } from "./stage.ts";
import { timeLost } from "./time-lost.ts";

/** The store: one number, which anybody may read and overwrite. The observer beside it changes nothing. */
export class Sale implements Counter {
  readonly items: number;
  readonly observer = new Observer();
  readonly faults: Fault[] = [];
  /** How many items each worker sold. */
  readonly soldBy: number[];
  /** What is told when a fault struck. */
  onFault: ((fault: Fault) => void) | undefined;
  stock: number;
  /** What is still to strike, the next one first. */
  strikes: readonly Strike[] = [];
  #startedAt: number | undefined;
  #endedAt: number | undefined;

  constructor(items: number, workers: number) {
    this.items = items;
    this.stock = items;
    this.soldBy = Array.from({ length: workers }, () => 0);
  }

  get elapsedMs(): number {
    if (this.#startedAt === undefined) return 0;
    return (this.#endedAt ?? performance.now()) - this.#startedAt;
  }

  /** Waits for the crew and lets it sell until nothing is left. False when `limitMs` was over before that. */
  async run(crew: Crew, limitMs: number, signal: AbortSignal): Promise<boolean> {
    await Promise.race([crew.ready(), aborting(signal)]);
    this.#startedAt = performance.now();
    const over = new AbortController();
    const limit = sleep(limitMs, false, { signal: over.signal }).catch(() => false);
    try {
      return await Promise.race([crew.sell().then(() => true), limit, aborting(signal)]);
    } finally {
      this.#endedAt = performance.now();
      over.abort();
    }
  }

  read(worker: number, fence: number | undefined): number | undefined {
    this.observer.read(worker, fence, this.elapsedMs);
    const [next, ...later] = this.strikes;
    if (next === undefined || this.observer.sold < next.share * this.items) return this.stock;
    this.strikes = later;
    const fault = next.strike(worker, this.elapsedMs);
    this.faults.push(fault);
    this.onFault?.(fault);
    if (fault.title !== "worker killed") return this.stock;
    this.observer.left(worker);
    return undefined;
  }

  write(worker: number, stock: number): void {
    this.observer.wrote(worker, this.stock, stock, this.elapsedMs);
    this.stock = stock;
    this.soldBy[worker] = (this.soldBy[worker] ?? 0) + 1;
  }

  leave(worker: number): void {
    this.observer.left(worker);
  }

  /** How many items were sold that were not there. */
  get oversold(): number {
    return this.observer.sold - (this.items - this.stock);
  }

  /** Whether everything was sold, once, and nothing happened that the lock should prevent. */
  get exact(): boolean {
    return this.observer.sold === this.items && this.stock === 0 && this.observer.violations === 0;
  }

  /** The faults, each with the time that it cost. No lock is left from before a fault when two lives of one are over. */
  costs(): readonly (Fault & { readonly lostMs: number })[] {
    return this.faults.map((fault, index) => {
      const nextAtMs = this.faults[index + 1]?.atMs ?? Infinity;
      const window = { atMs: fault.atMs, nextAtMs, untilMs: fault.atMs + 2 * TTL_MS };
      return { ...fault, lostMs: timeLost(this.observer.salesAt, window) };
    });
  }
}

/** Prepares the faults of a sale that is played on `stage` by `crew`. */
export function arm(sale: Sale, stage: Stage, crew: Crew): void {
  sale.strikes = planStrikes(stage, (worker) => {
    crew.kill(worker);
    return crew.workers[worker]?.name ?? "";
  });
}
