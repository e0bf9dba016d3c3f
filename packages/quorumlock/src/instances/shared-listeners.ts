/** The part of a client of ioredis or node-redis that this file uses. */
interface Emitter {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

type Listener = (argument: unknown) => void;

/** By client and event. */
const hubs = new WeakMap<Emitter, Map<string, Hub>>();

/** The one listener of an event of a client. It calls all listeners of all instances that use the client. */
class Hub {
  readonly listeners = new Set<Listener>();
  readonly dispatch = (argument?: unknown): void => {
    for (const listener of this.listeners) listener(argument);
  };
}

/**
 * Listens to an event of a client. Many Redlocks can use one client, and Node warns about more than ten listeners of one event. So the
 * client gets one listener for each event. The returned function ends this.
 */
export function listenShared(client: Emitter, event: string, listener: Listener): () => void {
  let events = hubs.get(client);
  if (events === undefined) hubs.set(client, (events = new Map()));
  let hub = events.get(event);
  if (hub === undefined) events.set(event, (hub = new Hub()));
  const { listeners, dispatch } = hub;
  // A program can remove all listeners of its client.
  client.off(event, dispatch);
  client.on(event, dispatch);
  listeners.add(listener);
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) client.off(event, dispatch);
  };
}
