import { Registry } from "../base/registry.ts";
import type { HeldLock } from "../holding/lock.ts";
import type { LocalQueue } from "../waiting/local-queue.ts";

/** The clients of this process that hold anything. */
const clientsWithLocks = new Set<HeldLocks>();

/** Whether a lock of this process holds one of the names with this token. */
export function isHeldHere(names: readonly string[], token: string): boolean {
  for (const locks of clientsWithLocks) if (locks.has(names, token)) return true;
  return false;
}

/** The locks of one client, until their tokens are deleted from the instances or about to be. */
export class HeldLocks {
  readonly #locks = new Registry<HeldLock>();
  readonly #queue: LocalQueue;

  constructor(queue: LocalQueue) {
    this.#queue = queue;
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
    return names.some((name) => this.#queue.holderOf(name)?.token === token);
  }

  /** Whether every lock excludes everybody under the present voters, or has ended. */
  get areUpToDate(): boolean {
    return ![...this.#locks].some((lock) => lock.isOutdated);
  }

  extendForNewVoters(): void {
    for (const lock of this.#locks) lock.extendForNewVoters();
  }

  checkExpiry(): void {
    for (const lock of this.#locks) lock.checkExpiry();
  }

  /** Whether a member may hold the token of any lock. */
  areOn(member: number): boolean {
    return [...this.#locks].some((lock) => lock.isOn(member));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#locks].map((lock) => lock.close()));
  }
}
