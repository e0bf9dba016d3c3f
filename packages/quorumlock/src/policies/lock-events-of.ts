import { Events, type LockEventName, type LockListener } from "../base/events.ts";

/**
 * The events of another client, for the locks of a hidden one. So their ids are unique in that client, and its listeners see the locks.
 * Events of instances are dropped, because the instance of the hidden client is none of the user's.
 */
export class LockEventsOf extends Events {
  readonly #events: Events;

  constructor(events: Events) {
    super();
    this.#events = events;
  }

  override on<Name extends LockEventName>(name: Name, listener: LockListener<Name>): () => void {
    return this.#events.on(name, listener);
  }

  override to<Name extends LockEventName>(name: Name): ReturnType<typeof Events.prototype.to<Name>> {
    return name.startsWith("lock:") ? this.#events.to(name) : undefined;
  }

  override nextId(): number {
    return this.#events.nextId();
  }
}
