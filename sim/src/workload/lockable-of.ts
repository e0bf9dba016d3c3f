import type { Lock, Lockable, Redlock, Tenant } from "quorumlock";
import type { Mode } from "../library.ts";
import type { Step } from "../plan/plan.ts";

/** What a step of priority is worth, in ms: less than many callers wait. */
const AGEING_MS = 50;

/** What the names of the tenant begin with on the servers. */
const TENANT_PREFIX = "{t}//n/";

/** The lockable of a step. */
export function lockableOf(redlock: Redlock, step: Step): Lockable {
  const { maxLocks, names } = step;
  if (maxLocks === undefined) return lockableFrom(redlock, step);
  const tenant = redlock.tenant("t", { maxLocks });
  return lockableFrom(tenant, { ...step, names: names.map((name) => name.slice(TENANT_PREFIX.length)) });
}

function lockableFrom(
  redlock: Redlock | Tenant,
  { lock, names, modes = [], total, priority }: Step,
): Lockable {
  const [first = ""] = names;
  switch (lock) {
    case "read":
      return redlock.readWrite(first).read;
    case "write":
      return redlock.readWrite(first).write;
    case "exclusive":
      return redlock.hierarchy(...pathOf(names));
    case "shared":
      return redlock.hierarchy(...pathOf(names)).shared;
    case "modes":
      return redlock.modes(names.map((name, index) => ({ name, mode: modes[index] ?? "X" })));
    case "permits":
      return redlock.semaphore(first, { permits: total ?? 1 });
    case "fair":
      return redlock.fair(first, { priority, ageing: AGEING_MS });
    default:
      return redlock.mutex(names);
  }
}

/** The mode in which a step holds each of its names. */
export function modesOf({ lock, names, modes }: Step): readonly Mode[] {
  if (lock === "modes" && modes !== undefined) return modes;
  // Permits exclude a plain lock, and other permits only if they have a slot in common.
  if (lock === "permits") return names.map(() => "IX");
  const isShared = lock === "read" || lock === "shared";
  const isTree = lock === "shared" || lock === "exclusive";
  return names.map((_, index) => {
    if (!isTree || index === names.length - 1) return isShared ? "S" : "X";
    return isShared ? "IS" : "IX";
  });
}

/** Converts a read lock to a write lock, or a write lock to a read lock. */
export function convert(lock: Lock): Promise<Lock> {
  const both = lock as Lock & { upgrade?(): Promise<Lock>; downgrade?(): Promise<Lock> };
  if (both.upgrade !== undefined) return both.upgrade();
  if (both.downgrade !== undefined) return both.downgrade();
  throw new Error("only read locks and write locks are converted");
}

/** The path of a node, from the names of the nodes from its root on. */
function pathOf(names: readonly string[]): readonly string[] {
  return (names.at(-1) ?? "").replace(/^\{(.*?)\}/, "$1").split("/");
}
