import type { Origin, WaitingContext } from "../acquiring/origin.ts";
import { MemoryInstance } from "../instances/memory.ts";
import type { Lockable } from "../lockable.ts";
import { MutexRedlock } from "../mutex-redlock.ts";

const clients = new WeakMap<WaitingContext, MutexRedlock>();

/**
 * The exclusive lock on the names inside this process. It is a lock of the library on an instance in memory, so it has a ttl, extends
 * itself, and can be lost. All lockables of one primary client share the instance. It ends with that client.
 */
export function localTier({ names, context }: Origin): Lockable {
  return clientOf(context).mutex(names);
}

function clientOf(context: WaitingContext): MutexRedlock {
  const known = clients.get(context);
  if (known !== undefined) return known;
  const { clock } = context;
  const instance = new MemoryInstance({ label: "local", clock });
  const client = new MutexRedlock([instance], { clock, restartGuard: false });
  clients.set(context, client);
  context.waitingCallers.add({ registryIndex: -1, close: () => void client.close() });
  return client;
}
