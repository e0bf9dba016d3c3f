import type { Client } from "../client/client.ts";
import { maskOf } from "../members/voters.ts";
import type { InspectedInstance, LockInspection } from "./inspect.ts";

/** Whether the condition holds for a quorum of the instances; during a change of the instances, of both sets. Several can have the same label. */
export function hasQuorum(
  { members: { voters } }: Client,
  { instances }: LockInspection,
  isSo: (instance: InspectedInstance) => boolean,
): boolean {
  const others = [...instances];
  const members = voters.members.filter(({ label }) => {
    const at = others.findIndex((instance) => instance.label === label);
    return at !== -1 && isSo(others.splice(at, 1)[0]!);
  });
  return voters.hasQuorum(maskOf(members));
}
