/** The places of one client in the line of one name. */
interface NamePlaces {
  taken: number;
  /** Callbacks of the waiters without a place, in the order of arrival. */
  readonly waiting: Set<() => void>;
}

/**
 * Limits how many waiters of one client are in the line of a name at the same time, if each has a place of its own. A long line
 * costs the servers time with every request. The others get a place in the order in which they asked for it.
 */
export class LinePlaces {
  readonly #names = new Map<string, NamePlaces>();

  /** Calls `onPlace` when there is a place, possibly before this returns. The returned function gives the place up, or stops waiting. */
  take(name: string, most: number, onPlace: () => void): () => void {
    const places = this.#placesOf(name);
    let hasPlace = false;
    let hasLeft = false;
    const enter = (): void => {
      hasPlace = true;
      places.taken += 1;
      onPlace();
    };
    if (places.taken < most) enter();
    else places.waiting.add(enter);
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      if (hasPlace) places.taken -= 1;
      else places.waiting.delete(enter);
      const [next] = places.waiting;
      if (next !== undefined && places.taken < most) {
        places.waiting.delete(next);
        next();
      }
      if (places.taken === 0 && places.waiting.size === 0) this.#names.delete(name);
    };
  }

  #placesOf(name: string): NamePlaces {
    let places = this.#names.get(name);
    if (places === undefined) this.#names.set(name, (places = { taken: 0, waiting: new Set() }));
    return places;
  }
}
