import { keySpaceOf } from "./keys.ts";
import type { SlotsTarget } from "./slots-target.ts";

const BESIDE = ["held", "due", "counters", "line", "wake"] as const;

/** The keys of a semaphore, as slots-state.lua describes them. */
export function slotKeys({ names: [name] }: Pick<SlotsTarget, "names">, prefix: string): readonly string[] {
  const keySpace = keySpaceOf(prefix);
  const [held = "", due = "", counters = "", ...waiting] = keySpace.beside(name, BESIDE);
  return [keySpace.lock(name), keySpace.fence(name), held, due, counters, keySpace.sizes(name), ...waiting];
}
