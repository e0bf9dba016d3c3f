import { performance } from "node:perf_hooks";
import { inspectLocks, type LockInspection } from "quorumlock/operator";
import type { Redlock } from "quorumlock";
import { answerCount, keptEntry, type LockEntry, lockEntryOf } from "./lock-entry.ts";
import { CallCost } from "./call-cost.ts";
import { pauseAfter } from "./paced.ts";

/** How many names one call reads. A server takes about a millisecond for them. */
const NAMES_A_CALL = 50;
/** How old the reading of a name on a page of a browser may become. */
const HOT_AGE_MS = 900;
/** How long a name counts as on a page after the page was sent. */
const HOT_FOR_MS = 5_000;
const MAX_HOT = 1_000;
/** Time between two readings of all names that no page shows. */
const MIN_CYCLE_MS = 1_000;
/**
 * The part of a reading in which one server works. The rest is the network, and this process, which reads the replies of all servers.
 * It was measured with 50 to 200 names a call, between 0.27 and 0.4.
 */
const SERVER_PART = 0.4;
const MIN_PAUSE_MS = 10;
const IDLE_PAUSE_MS = 100;

/** The library's limit for names. Longer keys under the prefix belong to others. */
const MAX_NAME_LENGTH = 1_024;

/** Whether the library can read a lock of this name. */
export function isReadableName(name: string): boolean {
  return (
    name !== "" && name.length <= MAX_NAME_LENGTH && !name.startsWith("~") && !/\p{Surrogate}/u.test(name)
  );
}

/** A change between two readings of a name. */
export type LockChange = { readonly before: LockEntry | undefined; readonly now: LockEntry };

export interface LockIndexOptions {
  /** How many servers a quorum has. */
  readonly quorum: number;
  readonly maxNames: number;
  readonly onChange: (change: LockChange) => void;
}

/**
 * The names that are held, with the latest reading of each. The scan, the reports and the pages add names. A name is removed when a
 * quorum of servers answered and none of them has it. A name that a page shows is read each second, the others as often as 5 % of a
 * server allow.
 */
export class LockIndex {
  readonly #redlock: Redlock;
  readonly #options: LockIndexOptions;
  readonly #closing = new AbortController();
  /** `undefined`: found, and not read yet. */
  readonly #entries = new Map<string, LockEntry | undefined>();
  /** Names on pages, and until when they count as such. */
  readonly #hot = new Map<string, number>();
  readonly #unread = new Set<string>();
  #cycle: IterableIterator<[string, LockEntry | undefined]> | undefined;
  #cycleEndedAt = -Infinity;
  #isHotTurn = true;
  #isTruncated = false;
  readonly #cost = new CallCost(SERVER_PART);
  #version = 0;

  constructor(redlock: Redlock, options: LockIndexOptions) {
    this.#redlock = redlock;
    this.#options = options;
  }

  start(): void {
    void this.#run();
  }

  close(): void {
    this.#closing.abort();
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** Whether there are more names than the index keeps. */
  get isTruncated(): boolean {
    return this.#isTruncated;
  }

  /** Whether every known name was read. */
  get isRead(): boolean {
    return this.#unread.size === 0;
  }

  get names(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** The latest reading of each name. */
  *entries(): IterableIterator<LockEntry> {
    for (const entry of this.#entries.values()) if (entry !== undefined) yield entry;
  }

  get(name: string): LockEntry | undefined {
    return this.#entries.get(name);
  }

  /** Adds names that may be held. */
  add(names: readonly string[]): void {
    for (const name of names) {
      if (this.#entries.has(name) || !isReadableName(name)) continue;
      if (this.#entries.size >= this.#options.maxNames) {
        this.#isTruncated = true;
        return;
      }
      this.#entries.set(name, undefined);
      this.#unread.add(name);
    }
    if (this.#entries.size < this.#options.maxNames) this.#isTruncated = false;
  }

  /** Reads these names each second for a while, because a page shows them. */
  keepFresh(names: readonly string[]): void {
    const until = performance.now() + HOT_FOR_MS;
    for (const name of names) if (this.#hot.has(name) || this.#hot.size < MAX_HOT) this.#hot.set(name, until);
  }

  /** Takes over a reading that a page has made. Returns it as an entry, without anything of a former reading but the ages. */
  accept(inspection: LockInspection): LockEntry {
    const { name } = inspection;
    const before = this.#entries.get(name);
    const now = lockEntryOf(inspection, before, performance.now());
    this.#unread.delete(name);
    const isKnown = this.#entries.has(name);
    const hasKeys = now.holders.length > 0;
    const hasQuorum = answerCount(now) >= this.#options.quorum;
    if (hasKeys) {
      if (isKnown || this.#entries.size < this.#options.maxNames) this.#entries.set(name, now);
    } else if (hasQuorum) this.#entries.delete(name);
    // The silent servers can have it. Until a quorum answers, the former holders are the best that is known.
    else if (isKnown) this.#entries.set(name, before === undefined ? now : keptEntry(before, now));
    this.#version += 1;
    if (hasKeys || hasQuorum) this.#options.onChange({ before, now });
    return now;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const batch = this.#takeBatch();
      if (batch.length === 0) {
        await pauseAfter(0, signal, IDLE_PAUSE_MS);
        continue;
      }
      const startedAt = performance.now();
      try {
        const inspections = await inspectLocks(this.#redlock, batch);
        if (signal.aborted) return;
        const hasAllAnswers = inspections[0]?.instances.every(({ state }) => state !== "no-answer") ?? true;
        // A server that is silent does not work, so its time limit says nothing about the load.
        if (hasAllAnswers) this.#cost.record(performance.now() - startedAt, batch.length);
        for (const inspection of inspections) this.accept(inspection);
      } catch {
        // Only a closed client rejects.
        if (signal.aborted) return;
      }
      await pauseAfter(this.#cost.serverMs(batch.length), signal, MIN_PAUSE_MS);
    }
  }

  /** The next names to read: those of pages and the others take turns. */
  #takeBatch(): readonly string[] {
    const batch = new Set<string>();
    this.#isHotTurn = !this.#isHotTurn;
    if (this.#isHotTurn) this.#addHot(batch);
    this.#addUnread(batch);
    this.#addCycle(batch);
    if (!this.#isHotTurn) this.#addHot(batch);
    return [...batch];
  }

  #addHot(batch: Set<string>): void {
    const now = performance.now();
    for (const [name, until] of this.#hot) {
      if (batch.size >= NAMES_A_CALL) return;
      if (until < now) this.#hot.delete(name);
      else if ((this.#entries.get(name)?.readAt ?? -Infinity) < now - HOT_AGE_MS) batch.add(name);
    }
  }

  #addUnread(batch: Set<string>): void {
    for (const name of this.#unread) {
      if (batch.size >= NAMES_A_CALL) return;
      batch.add(name);
    }
  }

  #addCycle(batch: Set<string>): void {
    const now = performance.now();
    if (this.#cycle === undefined && now - this.#cycleEndedAt < MIN_CYCLE_MS) return;
    this.#cycle ??= this.#entries.entries();
    while (batch.size < NAMES_A_CALL) {
      const next = this.#cycle.next();
      if (next.done === true) {
        this.#cycle = undefined;
        this.#cycleEndedAt = now;
        return;
      }
      const [name, entry] = next.value;
      if (entry === undefined || entry.readAt < now - HOT_AGE_MS) batch.add(name);
    }
  }
}
