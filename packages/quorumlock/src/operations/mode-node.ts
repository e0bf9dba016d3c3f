import { announce, dequeue, enqueue } from "./line.ts";
import { isOfPermits, SHARED_HOLDERS as SHARED } from "../base/token.ts";
import {
  blockerOf,
  type Line,
  nameNext,
  type Next,
  NOBODY_NEXT,
  wakeMessage,
  writeLine,
} from "./enforced-line.ts";
import { GRACE_MS } from "./limits.ts";
import { clash, isMode, type Mode } from "./mode.ts";
import { modesThatCanGo } from "./modes-line.ts";
import type { Store } from "./store.ts";

/** The keys of a node, as the requests name them. */
export interface NodeKeys {
  readonly lock: string;
  readonly fence: string;
  readonly sets: Readonly<Record<"is" | "ix" | "s", string>>;
  readonly line: string;
  readonly wake: string;
}

const KEYS_PER_NODE = 7;

export function nodesOf(keys: readonly string[]): readonly NodeKeys[] {
  return Array.from({ length: keys.length / KEYS_PER_NODE }, (_, index) => {
    const at = index * KEYS_PER_NODE;
    const [lock = "", fence = "", is = "", ix = "", s = "", line = "", wake = ""] = keys.slice(
      at,
      at + KEYS_PER_NODE,
    );
    return { lock, fence, sets: { is, ix, s }, line, wake };
  });
}

type SetName = keyof NodeKeys["sets"];
const SETS: Readonly<Record<Mode, readonly SetName[]>> = {
  IS: ["is"],
  IX: ["ix"],
  S: ["s"],
  SIX: ["ix", "s"],
  X: [],
};
/** See `RIVALS` in modes.lua. */
const RIVALS: Readonly<Record<Mode, readonly SetName[]>> = {
  IS: [],
  IX: ["s"],
  S: ["ix"],
  SIX: ["ix", "s"],
  X: ["is", "ix", "s"],
};
const ALL_SETS: readonly SetName[] = ["is", "ix", "s"];

/** See `sole_in`. */
function soleIn(value: string | undefined): { readonly mode: Mode; readonly token: string } | undefined {
  const [, mode = "", token = ""] = /^~s ([A-Z]+) (.*)$/s.exec(value ?? "") ?? [];
  return isMode(mode) ? { mode, token } : undefined;
}

/** Why a request cannot go. */
export interface Obstacle {
  /** Milliseconds until the way could be free; −1 if that is not known. */
  readonly remainingMs: number;
  /** A token in the way; "" if there is none. */
  readonly token: string;
}

/** What a release has done. */
export interface Freed {
  readonly wasHeld: boolean;
  /** Whether nobody holds the node now. */
  readonly isFree: boolean;
  /** Whether the gate now expires earlier than waiters know. */
  readonly isEarlier: boolean;
}

/** One node of a store, at one moment. The methods are the functions of modes.lua. */
export class ModeNode {
  readonly keys: NodeKeys;
  readonly #store: Store;
  readonly #now: number;

  constructor(store: Store, keys: NodeKeys, now: number) {
    this.#store = store;
    this.keys = keys;
    this.#now = now;
  }

  /** See `obstacle_in`. */
  obstacle(mode: Mode, own: readonly string[]): Obstacle | undefined {
    const { lock, sets } = this.keys;
    const value = this.#store.get(lock);
    if (value !== undefined && isOfPermits(value))
      throw new Error(
        "OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree",
      );
    const sole = soleIn(value);
    if (sole !== undefined) {
      if (own.includes(sole.token)) return undefined;
      const remainingMs = this.#store.remaining(lock);
      return remainingMs === -1 || clash(mode, sole.mode) ? { remainingMs, token: sole.token } : undefined;
    }
    if (value !== undefined && own.includes(value)) return undefined;
    if (value !== undefined && value !== SHARED)
      return { remainingMs: this.#store.remaining(lock), token: value };
    let last: readonly [token: string, deadline: number] | undefined;
    for (const name of RIVALS[mode]) {
      const rival = this.#store.members(sets[name]).find(([token]) => !own.includes(token));
      if (rival !== undefined && rival[1] >= this.#now && (last === undefined || rival[1] > last[1]))
        last = rival;
    }
    return last && { remainingMs: last[1] - this.#now, token: last[0] };
  }

  /** See `is_held_in`. */
  isHeld(mode: Mode, own: readonly string[]): boolean {
    const { lock, sets } = this.keys;
    const value = this.#store.get(lock) ?? "";
    if (mode === "X") return own.includes(value);
    const sole = soleIn(value);
    if (sole !== undefined) return own.includes(sole.token) && sole.mode === mode;
    return SETS[mode].every((name) =>
      own.some((token) => this.#store.score(sets[name], token) !== undefined),
    );
  }

  /** See `is_known_in`. */
  #isKnown(own: readonly string[]): boolean {
    const { lock, sets } = this.keys;
    const value = this.#store.get(lock) ?? "";
    const sole = soleIn(value);
    if (sole !== undefined) return own.includes(sole.token);
    if (own.includes(value)) return true;
    return ALL_SETS.some((name) => own.some((token) => this.#store.score(sets[name], token) !== undefined));
  }

  /** See `hold_in`. */
  hold(mode: Mode, own: readonly string[], ttlMs: number): boolean {
    const { lock, sets } = this.keys;
    const store = this.#store;
    const now = this.#now;
    const [token = "", ...former] = own;
    let value = store.get(lock);
    let deadline = now + ttlMs;
    let hasReplaced = false;
    const sole = soleIn(value);
    const holder = sole?.token ?? value;
    if (holder !== undefined && own.includes(holder)) {
      const left = store.remaining(lock);
      if (left === -1 && holder === token && mode === (sole?.mode ?? "X")) return false;
      deadline = Math.max(deadline, now + left);
      if (sole?.token === token && mode === sole.mode) {
        store.set(lock, value ?? "", deadline - now);
        return false;
      }
      hasReplaced = holder !== token;
      value = undefined;
    } else if (sole !== undefined) {
      const left = Math.max(1, store.remaining(lock));
      for (const name of SETS[sole.mode]) this.#addMember(sets[name], sole.token, now + left);
      store.set(lock, SHARED, left);
      value = SHARED;
    }
    if (
      value !== SHARED &&
      (mode !== "X" || sole !== undefined) &&
      ALL_SETS.every((name) => store.remaining(sets[name]) === -2)
    ) {
      store.set(lock, mode === "X" ? token : `${SHARED} ${mode} ${token}`, deadline - now);
      return hasReplaced;
    }
    for (const name of ALL_SETS) {
      if (mode !== "X") deadline = Math.max(deadline, store.score(sets[name], token) ?? 0);
      for (const each of former) {
        const score = store.score(sets[name], each);
        if (score === undefined) continue;
        deadline = Math.max(deadline, score);
        store.removeMember(sets[name], each);
        hasReplaced = true;
      }
    }
    if (mode === "X") {
      store.set(lock, token, deadline - now);
      return hasReplaced;
    }
    for (const name of SETS[mode]) this.#addMember(sets[name], token, deadline);
    if (value !== SHARED) {
      store.set(lock, SHARED, (this.#latest() ?? deadline) - now);
    } else {
      const left = store.remaining(lock);
      if (left >= 0 && left < deadline - now) store.expire(lock, deadline - now);
    }
    return hasReplaced;
  }

  /** See `announce_next`. */
  announceNext(line: Line<Mode>): Next<Mode> {
    if (line.entries.length === 0) return NOBODY_NEXT;
    const canGo = modesThatCanGo((mode) => this.obstacle(mode, []) === undefined);
    const next = nameNext(line, canGo, this.#now);
    if (next.named.length > 0) {
      writeLine(this.#store, this.keys.line, line, this.#now);
      const waiters = next.named.map(({ waiter }) => waiter);
      this.#store.publish(this.keys.wake, wakeMessage(waiters, next.deputy));
    }
    return next;
  }

  /** See `blocked_in`. */
  blocked(
    mode: Mode,
    own: readonly string[],
    waiter: string,
    score: number | undefined,
    line: Line<Mode>,
  ): Obstacle | undefined {
    const obstacle = this.obstacle(mode, own);
    if (obstacle !== undefined || line.entries.length === 0 || this.#isKnown(own)) return obstacle;
    const { blocker, hasMore } = blockerOf(line, waiter, score, (other) => clash(other, mode));
    if (blocker?.demand === undefined) return undefined;
    this.announceNext(line);
    if (hasMore) return { remainingMs: -1, token: "" };
    if (blocker.named > 0)
      return { remainingMs: Math.max(0, GRACE_MS - this.#now + blocker.named), token: "" };
    const held = this.obstacle(blocker.demand, []);
    return { remainingMs: held === undefined ? GRACE_MS : -1, token: held?.token ?? "" };
  }

  /** See `free`. */
  free(own: readonly string[]): Freed {
    const { lock, sets } = this.keys;
    const store = this.#store;
    let wasHeld = false;
    let isMember = false;
    let value: string | undefined;
    try {
      value = store.get(lock);
    } catch {
      return { wasHeld: false, isFree: false, isEarlier: false };
    }
    const sole = soleIn(value);
    const holder = sole?.token ?? value;
    if (holder !== undefined && own.includes(holder)) {
      store.delete(lock);
      value = undefined;
      wasHeld = true;
    }
    if (sole !== undefined || (wasHeld && own.length === 1))
      return { wasHeld, isFree: wasHeld, isEarlier: false };
    for (const name of ALL_SETS) {
      for (const token of own) {
        const score = scoreOf(store, sets[name], token);
        if (score === undefined) continue;
        store.removeMember(sets[name], token);
        isMember = true;
        if (score >= this.#now) wasHeld = true;
      }
    }
    if (value !== undefined && value !== SHARED) return { wasHeld, isFree: false, isEarlier: false };
    const latest = isMember ? this.#latest() : undefined;
    if (latest !== undefined) {
      const left = store.remaining(lock);
      store.set(lock, SHARED, Math.max(1, latest - this.#now));
      return { wasHeld, isFree: false, isEarlier: left > latest - this.#now };
    }
    if (isMember && value !== undefined) store.delete(lock);
    return { wasHeld, isFree: isMember || wasHeld, isEarlier: false };
  }

  /** Whether one of the lines of the node exists. */
  get hasWaiters(): boolean {
    const { line, wake } = this.keys;
    return textOf(this.#store, line) !== undefined || textOf(this.#store, wake) !== undefined;
  }

  /** Wakes all waiters, and names none of them. */
  announceChange(): void {
    this.#store.publish(this.keys.wake, "");
  }

  /** Announces on the plain line of the name. See `announce` in line.lua. */
  announcePlain(namesNext: boolean): boolean {
    return announce(this.#store, this.keys.wake, namesNext);
  }

  joinPlainLine(waiter: string, ttlMs: number): void {
    enqueue(this.#store, this.keys.wake, waiter, ttlMs);
  }

  leavePlainLine(waiter: string): void {
    dequeue(this.#store, this.keys.wake, waiter);
  }

  #addMember(key: string, token: string, deadline: number): void {
    const store = this.#store;
    for (const [member, score] of store.members(key)) if (score < this.#now) store.removeMember(key, member);
    store.addMember(key, token, deadline);
    if (store.remaining(key) < deadline - this.#now) store.expire(key, deadline - this.#now);
  }

  /** See `latest_in`. */
  #latest(): number | undefined {
    let latest: number | undefined;
    for (const name of ALL_SETS) {
      const deadline = topOf(this.#store, this.keys.sets[name]);
      if (deadline !== undefined && deadline >= this.#now) latest = Math.max(latest ?? 0, deadline);
    }
    return latest;
  }
}

function scoreOf(store: Store, key: string, token: string): number | undefined {
  try {
    return store.score(key, token);
  } catch {
    return undefined;
  }
}

function textOf(store: Store, key: string): string | undefined {
  try {
    return store.get(key);
  } catch {
    return undefined;
  }
}

function topOf(store: Store, key: string): number | undefined {
  try {
    return store.members(key)[0]?.[1];
  } catch {
    return undefined;
  }
}
