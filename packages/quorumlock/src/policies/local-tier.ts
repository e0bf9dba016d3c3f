import type { Origin, WaitingContext } from "../acquiring/origin.ts";
import { MemoryInstance } from "../instances/memory.ts";
import type { Lockable } from "../lockable.ts";
import { resolveOptions } from "../base/options.ts";
import { Client } from "../client/client.ts";
import { mutex } from "../primitives/mutex.ts";
import { LockEventsOf } from "./lock-events-of.ts";

const clients = new WeakMap<WaitingContext, Client>();

/**
 * The exclusive lock on the names inside this process. It is a lock of the library on an instance in memory, so it has a ttl, extends
 * itself, and can be lost. All lockables of one primary client share the instance. Its events are those of that client, and it ends with it.
 */
export function localTier({ names, context }: Origin): Lockable {
  return mutex(clientOf(context), names);
}

function clientOf(context: WaitingContext): Client {
  const known = clients.get(context);
  if (known !== undefined) return known;
  const { clock, events } = context;
  const instance = new MemoryInstance({ label: "local", clock });
  const options = resolveOptions({ clock, restartGuard: false });
  const client = new Client([instance], options, undefined, new LockEventsOf(events));
  clients.set(context, client);
  context.waitingCallers.add({ registryIndex: -1, close: () => void client.close() });
  return client;
}
