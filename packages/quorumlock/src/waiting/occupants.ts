import type { LockKind, Occupant } from "../operations/kind.ts";
import type { Place } from "./place.ts";

/** Places of one kind that are alike for `LockKind.admits`. */
interface Group extends Occupant {
  readonly name: string;
  count: number;
}

/**
 * The places that are admitted to one name, as `LockKind.admits` sees them. One occupant stands for all that are alike, so a caller
 * beside many readers costs no more than beside one.
 */
export class Occupants implements Iterable<Occupant> {
  readonly #name: string;
  /** A few: one for each mode. */
  readonly #groups: Group[] = [];
  /** Places of kinds without groups. */
  readonly #places = new Set<Place>();

  constructor(name: string, first: Place) {
    this.#name = name;
    this.add(first);
  }

  add(place: Place): void {
    const { kind, target } = place;
    const name = kind.groupOf?.(target, this.#name);
    if (name === undefined) {
      this.#places.add(place);
      return;
    }
    const group = this.#groups[this.#indexOf(kind, name)];
    if (group === undefined) this.#groups.push({ kind, target, isInLine: false, name, count: 1 });
    else group.count += 1;
  }

  /** Call it while the place has the target with which it was added. */
  remove(place: Place): void {
    const name = place.kind.groupOf?.(place.target, this.#name);
    if (name === undefined) {
      this.#places.delete(place);
      return;
    }
    const index = this.#indexOf(place.kind, name);
    const group = this.#groups[index]!;
    group.count -= 1;
    if (group.count === 0) this.#groups.splice(index, 1);
  }

  *[Symbol.iterator](): Iterator<Occupant> {
    yield* this.#groups;
    yield* this.#places;
  }

  #indexOf(kind: LockKind, name: string): number {
    return this.#groups.findIndex((group) => group.kind === kind && group.name === name);
  }
}
