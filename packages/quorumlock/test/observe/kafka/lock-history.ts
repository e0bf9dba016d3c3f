import fc from "fast-check";
import type { LockMessage } from "../../../src/observe/kafka/index.ts";

export type Delivered = readonly LockMessage[];

/** What really happened, and what was published about it. */
export interface LockHistory {
  /** In the order of the events. */
  readonly messages: readonly LockMessage[];
  /** The holds at the end, each with its expiry, sorted. */
  readonly held: readonly string[];
}

interface Hold {
  readonly id: string;
  readonly shape: Pick<LockMessage, "resource" | "kind" | "mode" | "fence">;
  ttl: number;
  expiresAt: number;
}

const KINDS = [
  ["mutex", "exclusive"],
  ["modes", "exclusive"],
  ["modes", "shared"],
  ["fair", "exclusive"],
] as const;
const RESOURCES = ["a", "b"];

/** Makes histories of two names that keep the rules of locks, and end shortly before `now`. */
export function lockHistory(now: number): fc.Arbitrary<LockHistory> {
  const step = fc.record({
    resource: fc.constantFrom(...RESOURCES),
    action: fc.constantFrom("acquire", "acquire", "extend", "release", "lose", "crash"),
    choice: fc.nat(100),
    ttl: fc.constantFrom(50, 1_000, 20_000),
    afterMs: fc.constantFrom(0, 1, 40, 900, 3_000),
  });
  return fc.array(step, { maxLength: 40 }).map((steps) => {
    const world = new World();
    const total = steps.reduce((sum, { afterMs }) => sum + afterMs, 0);
    world.now = now - total - 1;
    for (const { resource, action, choice, ttl, afterMs } of steps) {
      world.now += afterMs;
      if (action === "acquire") world.acquire(resource, KINDS[choice % KINDS.length]!, ttl);
      else world.change(resource, action, choice, ttl);
    }
    world.now = now;
    return { messages: world.messages, held: world.held() };
  });
}

/** Servers that grant locks. A crashed holder keeps its lock until it expires. */
class World {
  now = 0;
  readonly messages: LockMessage[] = [];
  readonly #holds = new Map<string, Hold[]>(RESOURCES.map((resource) => [resource, []]));
  readonly #crashed = new Set<Hold>();
  #fence = 0;
  #writerFence = 0;
  #count = 0;

  acquire(resource: string, [kind, mode]: (typeof KINDS)[number], ttl: number): void {
    const holders = this.#holdersOf(resource);
    const isShared = mode === "shared";
    const canShare = holders.every(({ shape }) => shape.mode === "shared");
    if (holders.length > 0 && !(isShared && canShare)) return;
    // A reader has the token of the last writer, or a larger one.
    if (!isShared) this.#writerFence = this.#fence += 1;
    else if (this.#count % 2 === 0) this.#fence += 1;
    const fence = isShared && this.#count % 2 !== 0 ? this.#writerFence : this.#fence;
    const id = `hold-${(this.#count += 1)}`;
    const hold = { id, shape: { resource, kind, mode, fence }, ttl, expiresAt: this.now + ttl };
    holders.push(hold);
    this.#publish("lock_acquired", hold);
  }

  change(
    resource: string,
    action: "extend" | "release" | "lose" | "crash",
    choice: number,
    ttl: number,
  ): void {
    const working = this.#holdersOf(resource).filter((hold) => !this.#crashed.has(hold));
    const hold = working[choice % Math.max(1, working.length)];
    if (hold === undefined) return;
    if (action === "crash") return void this.#crashed.add(hold);
    if (action === "extend") {
      hold.ttl = Math.max(hold.ttl, ttl);
      hold.expiresAt = Math.max(hold.expiresAt, this.now + hold.ttl);
      return this.#publish("lock_extended", hold);
    }
    const holders = this.#holdersOf(resource);
    holders.splice(holders.indexOf(hold), 1);
    this.#publish(action === "release" ? "lock_released" : "lock_lost", hold);
  }

  held(): readonly string[] {
    return RESOURCES.flatMap((resource) => this.#holdersOf(resource))
      .map(({ id, expiresAt }) => `${id} ${expiresAt}`)
      .toSorted();
  }

  /** Those that have not expired. */
  #holdersOf(resource: string): Hold[] {
    const left = this.#holds.get(resource)!.filter(({ expiresAt }) => expiresAt >= this.now);
    this.#holds.set(resource, left);
    return left;
  }

  #publish(type: LockMessage["event_type"], { id, shape, ttl }: Hold): void {
    this.messages.push({
      schema: 1,
      event_id: `event-${this.messages.length}`,
      event_type: type,
      holder: "host:1",
      timestamp: this.now,
      ttl,
      hold_id: id,
      prefix: "lock:",
      name_count: 1,
      ...shape,
    });
  }
}

/** Shuffles messages, repeats some and, with `drops`, leaves out some. */
export function deliveryOf(
  messages: readonly LockMessage[],
  choices: Iterable<number>,
  { drops }: { readonly drops: boolean },
): Delivered {
  const random = choices[Symbol.iterator]();
  const next = (): number => random.next().value as number;
  const copies = messages.flatMap((message) => {
    const choice = next() % 4;
    if (choice === 0 && drops) return [];
    return choice === 1 ? [message, message] : [message];
  });
  return copies
    .map((message) => ({ message, place: next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ message }) => message);
}

/** Who holds what by the rules of docs/kafka.md, from all messages at once. The follower must agree after each order. */
export function holdsByRules(delivered: Delivered, now: number): readonly string[] {
  const ids = new Set(delivered.map(({ hold_id: id }) => id));
  return [...ids]
    .flatMap((id) => {
      const own = delivered.filter(({ hold_id: each }) => each === id);
      const begins = own.filter(
        ({ event_type: type }) => type === "lock_acquired" || type === "lock_extended",
      );
      const expiresAt = Math.max(...begins.map(({ timestamp, ttl }) => timestamp + ttl!));
      const others = delivered.filter(
        ({ hold_id: each, resource }) => each !== id && resource === own[0]!.resource,
      );
      const isOver =
        begins.length < own.length || expiresAt < now || others.some((other) => isAfter(other, own[0]!));
      return begins.length === 0 || isOver ? [] : [`${id} ${expiresAt}`];
    })
    .toSorted();
}

/** Whether the other hold proves by its token that this one has ended. */
function isAfter(other: LockMessage, hold: LockMessage): boolean {
  if (other.mode === "exclusive") return other.fence > hold.fence;
  return hold.mode === "exclusive" && other.fence >= hold.fence;
}
