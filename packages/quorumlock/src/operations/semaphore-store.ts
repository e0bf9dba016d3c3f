import { PERMIT_HOLDERS, SHARED_HOLDERS } from "../base/token.ts";
import {
  type Line,
  nameNext,
  type Next,
  NOBODY_NEXT,
  readLine,
  wakeMessage,
  writeLine,
} from "./enforced-line.ts";
import { DAY_MS, FENCE_GRAIN_US, KEEP_MS, MAX_FORGOTTEN, MAX_LOOKED_AT } from "./limits.ts";
import { readMarker } from "./marker.ts";
import { choose, endOf, FREE, freeIn, overlay, runsIn, sizeOf, TAKEN } from "./slot-runs.ts";
import { readSize, writeSize } from "./sizes.ts";
import type { Store } from "./store.ts";

const COUNTER_LENGTH = 16;
const ID_LENGTH = 32;

/** The number of permits, and the change that set it as `stamp total`, or "". */
export interface Limit {
  readonly total: number;
  readonly text: string;
}

/** The holder of a lock of another kind on the name. */
interface OtherHolder {
  readonly token: string;
  readonly remainingMs: number;
}

/** One semaphore of a store, at one moment. The methods are the functions of slots.lua. */
export class SemaphoreStore {
  readonly store: Store;
  readonly now: number;
  readonly lock: string;
  readonly fence: string;
  readonly map: string;
  readonly held: string;
  readonly due: string;
  readonly counters: string;
  readonly sizes: string;
  readonly line: string;
  readonly wake: string;

  constructor(store: Store, keys: readonly string[]) {
    this.store = store;
    this.now = Math.floor(store.timeUs() / 1_000);
    const [lock = "", fence = "", map = "", held = "", due = "", counters = "", ...others] = keys;
    const [sizes = "", line = "", wake = ""] = others;
    this.lock = lock;
    this.fence = fence;
    this.map = map;
    this.held = held;
    this.due = due;
    this.counters = counters;
    this.sizes = sizes;
    this.line = line;
    this.wake = wake;
  }

  /** See `other_holder`. */
  otherHolder(): OtherHolder | undefined {
    const gate = this.store.get(this.lock);
    if (gate === SHARED_HOLDERS || gate?.startsWith(`${SHARED_HOLDERS} `) === true)
      throw new Error(
        "OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore",
      );
    if (gate === undefined || gate === PERMIT_HOLDERS) return undefined;
    return { token: gate, remainingMs: this.store.remaining(this.lock) };
  }

  /** See `limit_of`. */
  limitOf(total: number, stamp: number): Limit {
    const { store, sizes, lock, now } = this;
    const known = readSize(store, sizes, lock, now);
    const newest = stamp > (known?.stamp ?? 0) ? { stamp, total } : known;
    if (newest === undefined) return { total, text: "" };
    if (newest !== known || known.usedMs + DAY_MS < now) writeSize(store, sizes, lock, newest, now);
    return { total: newest.total, text: `${newest.stamp} ${newest.total}` };
  }

  /** See `map_of`. */
  mapOf(length: number): string {
    return (this.store.get(this.map) ?? "").padEnd(length, FREE);
  }

  /** The length of the map in the store. */
  get length(): number {
    return (this.store.get(this.map) ?? "").length;
  }

  /** See `forget`. */
  forget(token: string): { readonly slots: string | undefined; readonly deadline: number | undefined } {
    const { store } = this;
    const slots = store.field(this.held, token);
    const deadline = store.score(this.due, token);
    if (slots !== undefined) {
      store.removeField(this.held, token);
      if (store.remaining(this.map) !== -2) this.#writeSlots(slots, FREE);
    }
    if (deadline !== undefined) store.removeMember(this.due, token);
    return { slots, deadline };
  }

  /** See `forget_dead`. */
  forgetDead(): void {
    const dead = this.store
      .members(this.due)
      .toReversed()
      .filter(([, deadline]) => deadline < this.now)
      .slice(0, MAX_FORGOTTEN);
    for (const [token] of dead) this.forget(token);
  }

  /** See `renew_counters`. */
  renewCounters(): void {
    const prefix = this.fence.slice(0, this.fence.lastIndexOf("~fence:"));
    const marker = readMarker(this.store, `${prefix}~server`);
    const [, written = ""] = /^complete \S+ \S+ (\S+) /.exec(marker) ?? [];
    const id = written.padEnd(ID_LENGTH).slice(0, ID_LENGTH);
    if ((this.store.get(this.counters) ?? "").slice(0, ID_LENGTH) !== id)
      this.store.set(this.counters, id, KEEP_MS);
  }

  /** See `largest_counter`. */
  largestCounter(slots: string, base: number): number {
    const text = this.store.get(this.counters) ?? "";
    let largest = base - (base % FENCE_GRAIN_US);
    for (const [first, last] of runsIn(slots)) {
      for (let slot = first; slot <= last; slot += 1) {
        const at = ID_LENGTH + COUNTER_LENGTH * slot;
        const count = text.slice(at, at + COUNTER_LENGTH);
        largest = Math.max(largest, /^\d{16}$/.test(count) ? Number(count) : base);
      }
    }
    return largest;
  }

  /** See `write_counters`. */
  writeCounters(slots: string, count: number, base: number): void {
    const text = String(count).padStart(COUNTER_LENGTH, "0");
    for (const [first, last] of runsIn(slots))
      this.#setRange(this.counters, ID_LENGTH + COUNTER_LENGTH * first, text.repeat(last - first + 1));
    this.store.expire(this.counters, KEEP_MS);
    if (base < count) this.store.set(this.fence, String(count), Infinity);
  }

  /** See `renew`. */
  renew(token: string, deadline: number): void {
    const { store, now } = this;
    const before = store.score(this.due, token) ?? 0;
    if (before < deadline) store.addMember(this.due, token, deadline);
    const latest = store.members(this.due)[0]?.[1] ?? 0;
    const left = latest - now;
    const isLast = latest === Math.max(deadline, before);
    const isComplete =
      store.remaining(this.lock) !== -2 &&
      store.remaining(this.map) >= left &&
      store.remaining(this.held) >= left;
    if (!isLast && isComplete) return;
    for (const key of [this.map, this.held, this.due]) store.expire(key, left);
    store.set(this.lock, PERMIT_HOLDERS, left);
  }

  /** See `hold`. */
  hold(token: string, slots: string, deadline: number, length: number): void {
    const { store } = this;
    const wanted = endOf(slots);
    if (length < wanted) this.#setRange(this.map, length, FREE.repeat(wanted - length));
    this.#writeSlots(slots, TAKEN);
    store.setField(this.held, token, slots);
    this.renew(token, deadline);
  }

  /** See `full_until`. */
  fullUntil(permits: number): readonly [ms: number, holder: string] {
    const due = this.store.members(this.due).toReversed().slice(0, MAX_LOOKED_AT);
    let missing = permits;
    let last = -1;
    for (const [token, deadline] of due) {
      last = deadline;
      missing -= sizeOf(this.store.field(this.held, token) ?? "");
      if (missing <= 0) break;
    }
    return [last < 0 ? -1 : Math.max(0, last - this.now), due[0]?.[0] ?? ""];
  }

  /** The line, without the waiters for more permits than there are. */
  readLine(total: number): Line {
    const isCount = (text: string): text is string => /^\d+$/.test(text) && Number(text) <= total;
    return readLine(this.store, this.line, this.now, isCount);
  }

  /** See `announce_next`. */
  announceNext(line: Line, freed: string, total: number): Next {
    if (line.entries.length === 0) return NOBODY_NEXT;
    const { store } = this;
    let map = this.mapOf(total);
    const gate = store.get(this.lock);
    let free = gate === undefined || gate === PERMIT_HOLDERS ? freeIn(map, total) : 0;
    const canGo = (demand: string): boolean => {
      free -= Number(demand);
      return free >= 0;
    };
    const next = nameNext(line, canGo, this.now);
    const texts = next.named.map(({ waiter, demand }) => {
      const chosen = choose(map, Number(demand), total, freed, `0-${total - 1}`);
      if (chosen !== undefined) map = chosen.map;
      return `${waiter}:${(chosen?.slots ?? "").replaceAll(" ", ",")}`;
    });
    if (texts.length > 0) {
      writeLine(store, this.line, line, this.now);
      store.publish(this.wake, wakeMessage(texts, next.deputy));
    }
    return next;
  }

  #writeSlots(slots: string, char: string): void {
    for (const [first, last] of runsIn(slots)) this.#setRange(this.map, first, char.repeat(last - first + 1));
  }

  /** As the command SETRANGE. */
  #setRange(key: string, at: number, text: string): void {
    const before = this.store.get(key) ?? "";
    const left = this.store.remaining(key);
    const padded = before.padEnd(at, "\0");
    const after = padded.slice(0, at) + text + padded.slice(at + text.length);
    this.store.set(key, after, left < 0 ? Infinity : left);
  }
}

/** The map with the slots of one set taken, those of another free. */
export function withSlots(map: string, taken: string, free: string): string {
  return overlay(overlay(map, taken, TAKEN), free, FREE);
}
