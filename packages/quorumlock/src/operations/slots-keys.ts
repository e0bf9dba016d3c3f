import { keySpaceOf } from "./keys.ts";
import type { SlotsTarget } from "./slots-target.ts";

const BESIDE = ["held", "due", "counters", "line", "wake"] as const;

/** The latest keys. The next request is often for the same semaphore: the release of a permit, or another lock of a tenant. */
let latest: { readonly name: string; readonly prefix: string; readonly keys: readonly string[] } | undefined;

/** The keys of a semaphore, as slots-state.lua describes them. */
export function slotKeys({ names: [name] }: Pick<SlotsTarget, "names">, prefix: string): readonly string[] {
  if (latest?.name === name && latest.prefix === prefix) return latest.keys;
  const keySpace = keySpaceOf(prefix);
  const [held = "", due = "", counters = "", ...waiting] = keySpace.beside(name, BESIDE);
  const keys = [
    keySpace.lock(name),
    keySpace.fence(name),
    held,
    due,
    counters,
    keySpace.sizes(name),
    ...waiting,
  ];
  latest = { name, prefix, keys };
  return keys;
}
