import { hashSlot, SLOTS, tagOfSlot } from "./hash-slot.ts";

/**
 * The keys of one prefix (protocol §3). All keys of a name lie in one hash slot, and all keys begin with the prefix, so that an
 * access list can name them.
 *
 * - the lock: `<prefix><name>`
 * - the line of waiters, and the channel that announces releases: `<prefix>~wake:{tag}<name>`
 * - other keys of the name, such as its shared holders: `<prefix>~<kind>:{tag}<name>`
 * - the fencing counter, one for all names of a hash slot: `<prefix>~fence:{tag}`
 * - the changed sizes of its semaphores: `<prefix>~sizes:{tag}`
 * - the marker of the server: `<prefix>~server`
 * - since when it has known all records, if they were copied to it: `<prefix>~records`
 * - the notes of the sets of servers that clients use: `<prefix>~members:{tag}`, in the hash slot of the marker
 * - a summary of hold times of each class of names: `<prefix>~ttl:{tag}<class>`, in the hash slot of the marker
 * - the report of a process: `<prefix>~report:{tag}<id>`; the lists of reports: `<prefix>~reports:{tag}`, and
 *   `<prefix>~reports-surplus:{tag}` for those that are only counted, all in the hash slot of the marker
 *
 * `{tag}` is a hash tag in the slot of the lock. If the prefix has a hash tag, that tag decides the slot of all keys.
 */
export class KeySpace {
  readonly prefix: string;
  /** The key of each hash slot's counter, made on first use. */
  readonly #fences: (string | undefined)[] = [];
  /** See `allSlots`, made on first use. */
  #slots: readonly SlotKeys[] | undefined;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  get marker(): string {
    return `${this.prefix}~server`;
  }

  get recordsNote(): string {
    return `${this.prefix}~records`;
  }

  get notes(): string {
    return `${this.prefix}~members:{${tagOfSlot(hashSlot(this.marker))}}`;
  }

  /** `resource`: a class of names. It is no lock, so it can be any text. */
  holdSummary(resource: string): string {
    return `${this.prefix}~ttl:{${tagOfSlot(hashSlot(this.marker))}}${resource}`;
  }

  report(id: string): string {
    return `${this.prefix}~report:{${tagOfSlot(hashSlot(this.marker))}}${id}`;
  }

  /** The lists of reports: those that are stored, and the surplus. */
  get reportLists(): readonly [stored: string, surplus: string] {
    const tag = tagOfSlot(hashSlot(this.marker));
    return [`${this.prefix}~reports:{${tag}}`, `${this.prefix}~reports-surplus:{${tag}}`];
  }

  lock(name: string): string {
    return this.prefix + name;
  }

  wake(name: string): string {
    return `${this.prefix}~wake:{${tagOfSlot(hashSlot(this.prefix + name))}}${name}`;
  }

  /** Keys of the name beside its lock, one of each kind. A kind is a word of small letters. */
  beside(name: string, kinds: readonly string[]): readonly string[] {
    const tag = tagOfSlot(hashSlot(this.prefix + name));
    return kinds.map((kind) => `${this.prefix}~${kind}:{${tag}}${name}`);
  }

  /** Appends the key of the lock and keys beside it to `keys`. */
  addWithBeside(keys: string[], name: string, kinds: readonly string[]): void {
    const lock = this.prefix + name;
    const tag = tagOfSlot(hashSlot(lock));
    keys.push(lock);
    for (const kind of kinds) keys.push(`${this.prefix}~${kind}:{${tag}}${name}`);
  }

  fence(name: string): string {
    return this.fenceOfSlot(hashSlot(this.prefix + name));
  }

  fenceOfSlot(slot: number): string {
    return (this.#fences[slot] ??= `${this.prefix}~fence:{${tagOfSlot(slot)}}`);
  }

  sizes(name: string): string {
    return this.#sizesOfSlot(hashSlot(this.prefix + name));
  }

  #sizesOfSlot(slot: number): string {
    return `${this.prefix}~sizes:{${tagOfSlot(slot)}}`;
  }

  /** The keys that a server must not forget: those of each hash slot, or of a single one if the prefix has a hash tag. */
  allSlots(): readonly SlotKeys[] {
    const count = this.prefix.includes("{") ? 1 : SLOTS;
    const first = count === 1 ? hashSlot(this.prefix) : 0;
    return (this.#slots ??= Array.from({ length: count }, (_, index) => ({
      fence: this.fenceOfSlot(first + index),
      sizes: this.#sizesOfSlot(first + index),
    })));
  }
}

/** The keys of one hash slot that a server must not forget: the fencing counter, and the changed sizes of semaphores. */
export interface SlotKeys {
  readonly fence: string;
  readonly sizes: string;
}

const keySpaces = new Map<string, KeySpace>();
let latest: KeySpace | undefined;

/** The key space of a prefix. A process uses few prefixes. */
export function keySpaceOf(prefix: string): KeySpace {
  if (latest?.prefix === prefix) return latest;
  let found = keySpaces.get(prefix);
  if (found === undefined) keySpaces.set(prefix, (found = new KeySpace(prefix)));
  latest = found;
  return found;
}

/**
 * @throws RangeError if the prefix has "{" without a complete hash tag. A name could complete the tag, and the keys of the name
 * would lie in different slots.
 */
export function checkPrefix(prefix: string): void {
  const open = prefix.indexOf("{");
  if (open < 0 || prefix.indexOf("}", open) > open + 1) return;
  throw new RangeError(
    `prefix: ${JSON.stringify(prefix)} begins a hash tag with "{" and does not end it; use "{tag}" or no braces`,
  );
}

/** @throws RangeError if the name begins with "~", because its key could be one of the library's own keys. */
export function checkKeyName(name: string, field = "name"): void {
  if (!name.startsWith("~")) return;
  throw new RangeError(
    `${field}: ${JSON.stringify(name)} begins with "~", which is reserved for the library's own keys; use another first character`,
  );
}
