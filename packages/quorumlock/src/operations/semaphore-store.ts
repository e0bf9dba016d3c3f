import { isOfPermits, PERMIT_HOLDERS, SHARED_HOLDERS } from "../base/token.ts";
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
import { readSize, writeSize } from "./sizes.ts";
import { choose, FREE, freeIn, overlay, runsIn, sizeOf, TAKEN } from "./slot-runs.ts";
import type { Store } from "./store.ts";

const COUNTER_LENGTH = 16;
const ID_LENGTH = 32;
const STATE = /^~p (\d+) (\d+) (\d+) ([01]*) (\d+):([\d -]*):(.*)$/s;

/** The number of permits, and the change that set it as `stamp total`, or "". */
export interface Limit {
  readonly total: number;
  readonly text: string;
}

/** A token that holds slots. */
interface PermitHolder {
  readonly token: string;
  readonly slots: string;
  readonly deadline: number;
}

/** One semaphore of a store, at one moment. The methods are the functions of slots-state.lua and slots.lua. */
export class SemaphoreStore {
  readonly store: Store;
  readonly now: number;
  readonly lock: string;
  readonly fence: string;
  readonly held: string;
  readonly due: string;
  readonly counters: string;
  readonly sizes: string;
  readonly line: string;
  readonly wake: string;
  /** The state, as slots-state.lua describes it. */
  map = "";
  #check = 0;
  #latest = 0;
  #kept = 0;
  #newest: PermitHolder | undefined;
  /** Whether a holder of another kind has the name. */
  isOther = false;
  /** Whether the lock's key does not have this state yet. */
  #isNew = false;

  constructor(store: Store, keys: readonly string[]) {
    this.store = store;
    this.now = Math.floor(store.timeUs() / 1_000);
    const [lock = "", fence = "", held = "", due = "", counters = "", sizes = "", line = "", wake = ""] =
      keys;
    this.lock = lock;
    this.fence = fence;
    this.held = held;
    this.due = due;
    this.counters = counters;
    this.sizes = sizes;
    this.line = line;
    this.wake = wake;
  }

  /** See `state_of`. `gate`: the value of the lock's key. */
  readState(gate: string | undefined): void {
    const [, check, latest, kept, map = "", deadline, slots = "", token] = STATE.exec(gate ?? "") ?? [];
    if (token !== undefined) {
      [this.#check, this.#latest, this.#kept, this.map] = [Number(check), Number(latest), Number(kept), map];
      if (token !== "") this.#newest = { token, slots, deadline: Number(deadline) };
      return;
    }
    this.#isNew = true;
    this.isOther = gate !== undefined && !isOfPermits(gate);
  }

  /** See `read_holders`. Returns the token of a holder of another kind. */
  readHolders(): string | undefined {
    const gate = this.store.get(this.lock);
    if (gate === SHARED_HOLDERS || gate?.startsWith(`${SHARED_HOLDERS} `) === true)
      throw new Error(
        "OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore",
      );
    this.readState(gate);
    return this.isOther ? gate : undefined;
  }

  /** See `save`. */
  save(): number {
    const { store, now } = this;
    const { token, slots, deadline } = this.#newest ?? { token: "", slots: "", deadline: 0 };
    const last = Math.max(this.#latest, deadline);
    if (last === 0) {
      store.delete(this.lock);
      return 0;
    }
    const isRenewal = this.#latest > 0 && last > this.#kept;
    if (isRenewal) {
      this.#kept = last + Math.max(1, last - now);
      for (const key of [this.held, this.due]) store.expire(key, this.#kept - now);
    }
    if (isRenewal || this.#isNew) store.expire(this.counters, KEEP_MS);
    const others = `${this.#check} ${this.#latest} ${this.#kept}`;
    store.set(this.lock, `${PERMIT_HOLDERS} ${others} ${this.map} ${deadline}:${slots}:${token}`, last - now);
    return last;
  }

  /** See `find_holder`. */
  find(token: string): PermitHolder | undefined {
    if (token === this.#newest?.token) return this.#newest;
    const slots = this.#latest > 0 ? this.store.field(this.held, token) : undefined;
    const deadline = slots === undefined ? undefined : this.store.score(this.due, token);
    return slots === undefined || deadline === undefined ? undefined : { token, slots, deadline };
  }

  /** The slots of a token; "" if it has none. */
  slotsOf(token: string): string {
    return this.find(token)?.slots ?? "";
  }

  /** Whether nobody holds a slot. */
  get isFree(): boolean {
    return this.#newest === undefined && this.#latest === 0;
  }

  /** See `check_types`. */
  checkTypes(): void {
    if (this.#newest === undefined || this.#latest === 0) return;
    this.store.field(this.held, this.#newest.token);
    this.store.score(this.due, this.#newest.token);
  }

  /** See `forget`. */
  forget(token: string): PermitHolder | undefined {
    const holder = this.find(token);
    if (holder === undefined) return undefined;
    this.map = overlay(this.map, holder.slots, FREE);
    if (holder === this.#newest) {
      this.#newest = undefined;
      return holder;
    }
    this.store.removeMember(this.due, token);
    this.store.removeField(this.held, token);
    if (holder.deadline === this.#latest) {
      this.#latest = this.#others().at(-1)?.[1] ?? 0;
      if (this.#latest === 0) [this.#check, this.#kept] = [0, 0];
    }
    return holder;
  }

  /** See `forget_dead`. */
  forgetDead(): void {
    const { store, now } = this;
    let isChanged = false;
    if (this.#newest !== undefined && this.#newest.deadline < now) {
      this.map = overlay(this.map, this.#newest.slots, FREE);
      this.#newest = undefined;
      isChanged = true;
    }
    if (this.#latest > 0 && now > this.#check) {
      const dead = this.#others().filter(([, deadline]) => deadline < now);
      for (const [token] of dead.slice(0, MAX_FORGOTTEN)) {
        this.map = overlay(this.map, store.field(this.held, token) ?? "", FREE);
        store.removeField(this.held, token);
        store.removeMember(this.due, token);
      }
      const others = this.#others();
      this.#check = others[0]?.[1] ?? 0;
      this.#latest = others.at(-1)?.[1] ?? 0;
      isChanged = true;
      if (others.length === 0) {
        this.#kept = 0;
        this.map = overlay("", this.#newest?.slots ?? "", TAKEN);
      }
    }
    if (isChanged) this.save();
  }

  /** See `renew`. */
  renew({ token, slots, deadline: before }: PermitHolder, deadline: number): void {
    let isChanged = false;
    if (token === this.#newest?.token) {
      if (before < deadline) [this.#newest, isChanged] = [{ token, slots, deadline }, true];
    } else if (before < deadline) {
      this.store.addMember(this.due, token, deadline);
      if (this.#latest < deadline) [this.#latest, isChanged] = [deadline, true];
    }
    if (isChanged) this.save();
  }

  /** See `hold`. */
  hold(token: string, slots: string, deadline: number): void {
    const before = this.#newest;
    if (before !== undefined) {
      if (this.#latest === 0) for (const key of [this.held, this.due]) this.store.delete(key);
      this.store.addMember(this.due, before.token, before.deadline);
      this.store.setField(this.held, before.token, before.slots);
      this.#check = this.#latest === 0 ? before.deadline : Math.min(this.#check, before.deadline);
      this.#latest = Math.max(this.#latest, before.deadline);
    }
    this.#newest = { token, slots, deadline };
    this.map = overlay(this.map, slots, TAKEN);
    this.save();
  }

  /** All holders whose time is not over: the newest one, and then the others, the earliest deadline first. */
  get holders(): readonly PermitHolder[] {
    const newest = this.#newest;
    const slotsOf = new Map(this.#latest > 0 ? this.store.fields(this.held) : []);
    const others = (this.#latest > 0 ? this.#others() : []).flatMap(([token, deadline]) => {
      const slots = slotsOf.get(token);
      return slots === undefined || token === newest?.token ? [] : [{ token, slots, deadline }];
    });
    const all = newest === undefined ? others : [newest, ...others];
    return all.filter(({ deadline }) => deadline >= this.now);
  }

  /** The members of `due`, the earliest deadline first. */
  #others(): readonly (readonly [token: string, deadline: number])[] {
    return this.store.members(this.due).toReversed();
  }

  get #id(): string {
    const prefix = this.fence.slice(0, this.fence.lastIndexOf("~fence:"));
    const [, id = ""] = /^complete \S+ \S+ (\S+) /.exec(readMarker(this.store, `${prefix}~server`)) ?? [];
    return id.padEnd(ID_LENGTH).slice(0, ID_LENGTH);
  }

  /** See `are_counters_valid`. */
  get areCountersValid(): boolean {
    return (this.store.get(this.counters) ?? "").slice(0, ID_LENGTH) === this.#id;
  }

  /** See `largest_counter`. */
  largestCounter(slots: string, base: number): number {
    if (!this.areCountersValid) return base;
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
    if (!this.areCountersValid) this.store.set(this.counters, this.#id, KEEP_MS);
    const text = String(count).padStart(COUNTER_LENGTH, "0");
    for (const [first, last] of runsIn(slots))
      this.#setRange(this.counters, ID_LENGTH + COUNTER_LENGTH * first, text.repeat(last - first + 1));
    if (base < count) this.store.set(this.fence, String(count), Infinity);
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

  /** See `full_until`. */
  fullUntil(permits: number): readonly [ms: number, holder: string] {
    const others = this.#latest > 0 ? this.#others() : [];
    const due: (readonly [token: string, deadline: number])[] = others.slice(0, MAX_LOOKED_AT);
    const newest = this.#newest;
    if (newest !== undefined) {
      const later = due.findIndex(([, deadline]) => deadline > newest.deadline);
      due.splice(later === -1 ? due.length : later, 0, [newest.token, newest.deadline]);
    }
    let missing = permits;
    let last = -1;
    for (const [token, deadline] of due) {
      last = deadline;
      const slots = token === newest?.token ? newest.slots : this.store.field(this.held, token);
      missing -= sizeOf(slots ?? "");
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
    let map = this.map.padEnd(total, FREE);
    let free = this.isOther ? 0 : freeIn(map, total);
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

/** The result of some work, or `undefined` if a key has another type. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
