import type { Instance } from "../../src/instances/port.ts";
import { counters, readSlots } from "../../src/operations/counters.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";

const keySpace = keySpaceOf("lock:");

/** The number of permits that an instance has for a semaphore; `undefined` if it knows no change of the number. */
export async function changedSizeOn(
  instance: Pick<Instance, "run">,
  name: string,
): Promise<number | undefined> {
  const slots = [{ fence: keySpace.fence(name), sizes: keySpace.sizes(name) }];
  const [reply] = await instance.run([counters.read(slots)]);
  const [slot] = readSlots(slots, reply!);
  return slot?.sizes.get(keySpace.lock(name))?.total;
}
