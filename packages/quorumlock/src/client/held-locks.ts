import { processWide } from "../base/process-wide.ts";
import { Registry } from "../base/registry.ts";
import type { HeldLock } from "../holding/lock.ts";
import type { LocalQueue } from "../waiting/local-queue.ts";

/** The locks of each client of this process that holds at least one lock. */
const clientsWithLocks = processWide("clientsWithLocks", () => new Set<Pick<HeldLocks, "has">>());

const MAX_LEFTOVERS = 1_000;

/** The latest tokens of locks of this process that ended without a release that a quorum confirmed. */
const leftovers = processWide("leftovers", () => new Set<string>());

export function recordLeftover(token: string): void {
  leftovers.add(token);
  const [oldest] = leftovers;
  if (leftovers.size > MAX_LEFTOVERS && oldest !== undefined) leftovers.delete(oldest);
}

/** Whether a lock of this process has this token on one of the names, or left it on the instances. */
export function isHeldHere(names: readonly string[], token: string): boolean {
  if (leftovers.has(token)) return true;
  for (const locks of clientsWithLocks) if (locks.has(names, token)) return true;
  return false;
}

/** The held and lost locks of one client. A lock is removed when the request that deletes its token is sent. */
export class HeldLocks {
  readonly #locks = new Registry<HeldLock>();
  readonly #queue: LocalQueue;

  constructor(queue: LocalQueue) {
    this.#queue = queue;
  }

  get size(): number {
    return this.#locks.size;
  }

  add(lock: HeldLock): void {
    if (this.#locks.size === 0) clientsWithLocks.add(this);
    this.#locks.add(lock);
  }

  delete(lock: HeldLock): void {
    this.#locks.delete(lock);
    if (this.#locks.size === 0) clientsWithLocks.delete(this);
  }

  has(names: readonly string[], token: string): boolean {
    return names.some((name) => this.#queue.holdersOf(name).some((holder) => holder.token === token));
  }

  /** Whether a held lock was not extended since the voters changed. */
  get hasOutdated(): boolean {
    return [...this.#locks].some((lock) => lock.isOutdated);
  }

  extendForNewVoters(): void {
    for (const lock of this.#locks) lock.extendForNewVoters();
  }

  onClockStep(): void {
    for (const lock of this.#locks) lock.onClockStep();
  }

  /** Whether the member may hold the token of a lock. */
  mayBeOn(member: number): boolean {
    return [...this.#locks].some((lock) => lock.mayBeOn(member));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#locks].map((lock) => lock.close()));
  }
}
