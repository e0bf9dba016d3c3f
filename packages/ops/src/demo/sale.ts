import { setTimeout as sleep } from "node:timers/promises";
import type { Environment, Store, Workers } from "./environment.ts";
import { faultDelayMs } from "./fault-delay.ts";
import { type Fault, type PlannedFault, planFaults } from "./faults.ts";
import { Observer } from "./observer.ts";
import { TTL_MS } from "./options.ts";
import { rejectOnAbort } from "./reject-on-abort.ts";

/** One sale: the store with its stock, the observer, and the faults. */
export class Sale implements Store {
  readonly items: number;
  readonly observer = new Observer();
  /** The faults that were injected. */
  readonly faults: Fault[] = [];
  /** Number of items that each worker sold. */
  readonly soldBy: number[];
  /** Called after each fault. */
  onFault: ((fault: Fault) => void) | undefined;
  stock: number;
  /** The faults that follow, the next one first. */
  plannedFaults: readonly PlannedFault[] = [];
  #startedAt: number | undefined;
  #endedAt: number | undefined;

  constructor(items: number, workers: number) {
    this.items = items;
    this.stock = items;
    this.soldBy = Array.from({ length: workers }, () => 0);
  }

  /** Time since the start of the sale. 0 before the start. */
  get elapsedMs(): number {
    if (this.#startedAt === undefined) return 0;
    return (this.#endedAt ?? performance.now()) - this.#startedAt;
  }

  /** Waits for the workers, and runs the sale until no items are left. Returns false if the sale times out. */
  async run(workers: Workers, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    await Promise.race([workers.ready(), rejectOnAbort(signal)]);
    this.#startedAt = performance.now();
    const ended = new AbortController();
    const timeout = sleep(timeoutMs, false, { signal: ended.signal }).catch(() => false);
    try {
      return await Promise.race([workers.sell().then(() => true), timeout, rejectOnAbort(signal)]);
    } finally {
      this.#endedAt = performance.now();
      ended.abort();
    }
  }

  read(worker: number, fence: number | undefined): number | undefined {
    this.observer.onRead(worker, fence, this.elapsedMs);
    const [next, ...later] = this.plannedFaults;
    if (next === undefined || this.observer.sold < next.soldShare * this.items) return this.stock;
    this.plannedFaults = later;
    const fault = next.inject(worker, this.elapsedMs);
    this.faults.push(fault);
    this.onFault?.(fault);
    if (fault.title !== "worker killed") return this.stock;
    this.observer.onLeave(worker);
    return undefined;
  }

  write(worker: number, stock: number): void {
    this.observer.onWrite(worker, this.stock, stock, this.elapsedMs);
    this.stock = stock;
    this.soldBy[worker] = (this.soldBy[worker] ?? 0) + 1;
  }

  leave(worker: number): void {
    this.observer.onLeave(worker);
  }

  /** Number of sales that did not reduce the stock. */
  get oversold(): number {
    return this.observer.sold - (this.items - this.stock);
  }

  /** True if every item was sold exactly once, and there was no violation. */
  get isExact(): boolean {
    return this.observer.sold === this.items && this.stock === 0 && this.observer.violations === 0;
  }

  /** The faults, each with its delay. Two ttl after a fault, every lock from before the fault has expired. */
  faultDelays(): readonly (Fault & { readonly delayMs: number })[] {
    return this.faults.map((fault, index) => {
      const nextFaultAtMs = this.faults[index + 1]?.atMs ?? Infinity;
      const window = { atMs: fault.atMs, nextFaultAtMs, endsAtMs: fault.atMs + 2 * TTL_MS };
      return { ...fault, delayMs: faultDelayMs(this.observer.salesAt, window) };
    });
  }
}

/** Plans the faults of a sale in `environment` with `workers`. */
export function scheduleFaults(sale: Sale, environment: Environment, workers: Workers): void {
  sale.plannedFaults = planFaults(environment, (worker) => {
    workers.kill(worker);
    return workers.all[worker]?.name ?? "";
  });
}
