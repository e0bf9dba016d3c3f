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
import type { NodeKeys } from "./modes-keys.ts";
import { modesThatCanGo } from "./modes-line.ts";
import type { Store } from "./store.ts";

/** See `BAND` in modes-node.lua. */
export const BAND = 1e14;

type SharedMode = Exclude<Mode, "X">;
const RANKS: Readonly<Record<SharedMode, number>> = { IS: 1, IX: 2, SIX: 3, S: 4 };
const SHARED_MODES = Object.keys(RANKS) as readonly SharedMode[];
/** See `RIVALS` in modes-node.lua. */
const RIVALS: Readonly<Record<Mode, readonly SharedMode[]>> = {
  IS: [],
  IX: ["SIX", "S"],
  S: ["IX", "SIX"],
  SIX: ["IX", "SIX", "S"],
  X: ["IS", "IX", "SIX", "S"],
};

/** The mode of a holder in the sorted set, and its deadline in ms of the server. `undefined` for a score that no client wrote. */
export function readScore(score: number): { readonly mode: Mode; readonly deadline: number } | undefined {
  const mode = SHARED_MODES.find((each) => RANKS[each] === Math.floor(score / BAND));
  return mode === undefined ? undefined : { mode, deadline: score % BAND };
}

interface SharedHolder {
  readonly token: string;
  readonly deadline: number;
}

/** See `sole_in`. */
export function soleIn(
  value: string | undefined,
): { readonly mode: Mode; readonly token: string } | undefined {
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

/** One node of a store, at one moment. The methods are the functions of modes-node.lua. */
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
    const { lock } = this.keys;
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
    let last: SharedHolder | undefined;
    for (const shared of RIVALS[mode]) {
      const rival = this.#holdersIn(shared).find(({ token }) => !own.includes(token));
      if (rival !== undefined && rival.deadline >= this.#now && rival.deadline > (last?.deadline ?? 0))
        last = rival;
    }
    return last && { remainingMs: last.deadline - this.#now, token: last.token };
  }

  /** See `is_held_in`. */
  isHeld(mode: Mode, own: readonly string[]): boolean {
    const { lock, shared } = this.keys;
    const value = this.#store.get(lock) ?? "";
    if (mode === "X") return own.includes(value);
    const sole = soleIn(value);
    if (sole !== undefined) return own.includes(sole.token) && sole.mode === mode;
    return own.some((token) => {
      const score = this.#store.score(shared, token);
      return score !== undefined && Math.floor(score / BAND) === RANKS[mode];
    });
  }

  /** See `is_alive_in` in modes-transfer.lua. */
  isAlive(mode: Mode, token: string): boolean {
    const { lock, shared } = this.keys;
    const value = this.#store.get(lock);
    if (value !== SHARED) {
      const sole = soleIn(value);
      return (sole?.token ?? value) === token && (sole?.mode ?? "X") === mode;
    }
    const score = mode === "X" ? undefined : this.#store.score(shared, token);
    if (score === undefined || mode === "X") return false;
    return Math.floor(score / BAND) === RANKS[mode] && score % BAND >= this.#now;
  }

  /** See `is_known_in`. */
  #isKnown(own: readonly string[]): boolean {
    const { lock, shared } = this.keys;
    const value = this.#store.get(lock) ?? "";
    const sole = soleIn(value);
    if (sole !== undefined) return own.includes(sole.token);
    if (own.includes(value)) return true;
    return own.some((token) => this.#store.score(shared, token) !== undefined);
  }

  /** See `hold_in`. */
  hold(mode: Mode, own: readonly string[], ttlMs: number): boolean {
    const { lock, shared } = this.keys;
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
      this.#addMember(sole.mode, sole.token, now + left);
      store.set(lock, SHARED, left);
      value = SHARED;
    }
    if (value !== SHARED && (mode !== "X" || sole !== undefined) && store.remaining(shared) === -2) {
      store.set(lock, mode === "X" ? token : `${SHARED} ${mode} ${token}`, deadline - now);
      return hasReplaced;
    }
    if (mode !== "X") deadline = Math.max(deadline, (store.score(shared, token) ?? 0) % BAND);
    for (const each of former) {
      const score = store.score(shared, each);
      if (score === undefined) continue;
      deadline = Math.max(deadline, score % BAND);
      store.removeMember(shared, each);
      hasReplaced = true;
    }
    if (mode === "X") {
      store.set(lock, token, deadline - now);
      return hasReplaced;
    }
    this.#addMember(mode, token, deadline);
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
      this.#publish(wakeMessage(waiters, next.deputy));
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
    if (this.keys.wake !== undefined) this.announceNext(line);
    if (hasMore) return { remainingMs: -1, token: "" };
    if (blocker.named > 0)
      return { remainingMs: Math.max(0, GRACE_MS - this.#now + blocker.named), token: "" };
    const held = this.obstacle(blocker.demand, []);
    return { remainingMs: held === undefined ? GRACE_MS : -1, token: held?.token ?? "" };
  }

  /** See `free`. */
  free(own: readonly string[]): Freed {
    const { lock, shared } = this.keys;
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
    for (const token of own) {
      const score = scoreOf(store, shared, token);
      if (score === undefined) continue;
      store.removeMember(shared, token);
      isMember = true;
      if (score % BAND >= this.#now) wasHeld = true;
    }
    if (value !== undefined && value !== SHARED) return { wasHeld, isFree: false, isEarlier: false };
    const latest = isMember ? this.#latest() : undefined;
    if (latest !== undefined) {
      const left = store.remaining(lock);
      const isEarlier = left > latest - this.#now + 1;
      if (left < 0 || isEarlier) store.set(lock, SHARED, Math.max(1, latest - this.#now));
      return { wasHeld, isFree: false, isEarlier };
    }
    if (isMember && value !== undefined) store.delete(lock);
    return { wasHeld, isFree: isMember || wasHeld, isEarlier: false };
  }

  /** Whether one of the lines of the node exists. */
  get hasWaiters(): boolean {
    const { line, wake } = this.keys;
    return [line, wake].some((key) => key !== undefined && textOf(this.#store, key) !== undefined);
  }

  /** Wakes all waiters, and names none of them. */
  announceChange(): void {
    this.#publish("");
  }

  /** Announces on the plain line of the name. See `announce` in line.lua. */
  announcePlain(namesNext: boolean): boolean {
    const { wake } = this.keys;
    return wake !== undefined && announce(this.#store, wake, namesNext);
  }

  joinPlainLine(waiter: string, ttlMs: number): void {
    const { wake } = this.keys;
    if (wake !== undefined) enqueue(this.#store, wake, waiter, ttlMs);
  }

  leavePlainLine(waiter: string): void {
    const { wake } = this.keys;
    if (wake !== undefined) dequeue(this.#store, wake, waiter);
  }

  #publish(message: string): void {
    const { wake } = this.keys;
    if (wake !== undefined) this.#store.publish(wake, message);
  }

  /** See `add_member`. */
  #addMember(mode: Mode, token: string, deadline: number): void {
    if (mode === "X") return;
    const store = this.#store;
    const { shared } = this.keys;
    for (const holder of this.#holdersIn(mode))
      if (holder.deadline < this.#now) store.removeMember(shared, holder.token);
    store.addMember(shared, token, RANKS[mode] * BAND + deadline);
    if (store.remaining(shared) < deadline - this.#now) store.expire(shared, deadline - this.#now);
  }

  /** The holders in a shared mode, the last to expire first. */
  #holdersIn(mode: SharedMode): readonly SharedHolder[] {
    const base = RANKS[mode] * BAND;
    return this.#store
      .members(this.keys.shared)
      .filter(([, score]) => score >= base && score < base + BAND)
      .map(([token, score]) => ({ token, deadline: score - base }));
  }

  /** See `latest_in`. */
  #latest(): number | undefined {
    const latest = Math.max(0, ...SHARED_MODES.map((mode) => this.#lastDeadlineIn(mode)));
    return latest >= this.#now ? latest : undefined;
  }

  #lastDeadlineIn(mode: SharedMode): number {
    try {
      return this.#holdersIn(mode)[0]?.deadline ?? 0;
    } catch {
      return 0;
    }
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
