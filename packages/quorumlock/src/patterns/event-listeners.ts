import { formatValue } from "../base/check-value.ts";
import { checkListener, notify } from "../policies/listeners.ts";

/** The listeners of one object with events of its own. A listener that throws becomes a process warning. */
export class EventListeners<Events> {
  readonly #listeners = new Map<string, Set<(event: never) => void>>();

  /** @param names all events. */
  constructor(names: Readonly<Record<keyof Events & string, true>>) {
    for (const name of Object.keys(names)) this.#listeners.set(name, new Set());
  }

  /** @throws TypeError for an unknown event, or a listener that is no function. */
  on<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined)
      throw new TypeError(
        `event: ${formatValue(name)} is no event; the events are ${[...this.#listeners.keys()].join(", ")}`,
      );
    checkListener(`listener of "${name}"`, listener);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<Name extends keyof Events & string>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners.get(name)!)
      notify(`listener of "${name}"`, listener as (event: Events[Name]) => void, event);
  }
}
