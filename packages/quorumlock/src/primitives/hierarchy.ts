import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import type { Scope } from "../acquiring/scope.ts";
import { checkName } from "../base/names.ts";
import { formatValue } from "../base/check-value.ts";
import type { Lockable } from "../lockable.ts";
import { lockInMode, modesKind, type ModesTarget } from "../operations/modes.ts";

/** The exclusive lock on a node of a tree and on everything below it. */
export interface HierarchyLockable extends Lockable {
  /** The shared lock on the same nodes: held by any number of holders at a time, and by no exclusive holder. */
  readonly shared: Lockable;
}

class ExclusiveNode extends Acquirable<ModesTarget> implements HierarchyLockable {
  readonly shared: Lockable;

  constructor(context: LockingContext, nodes: readonly string[], scope: Scope | undefined) {
    super(context, modesKind, lockInMode(nodes, "X"), { scope });
    this.shared = new Acquirable(context, modesKind, lockInMode(nodes, "S"), { scope });
  }
}

/** Where names are: `prefix` comes before each of them. */
export interface NameSpace {
  readonly prefix: string;
  readonly scope?: Scope | undefined;
}

export const ALL_NAMES: NameSpace = { prefix: "" };

/**
 * The nodes of the path `a, b, c` are the names `{a}`, `{a}/b` and `{a}/b/c`. So a tree lies in one hash slot, and each lock needs
 * one round. Nodes above the last one are held in an intention mode.
 * @throws TypeError, RangeError for a bad path.
 */
export function hierarchy(
  context: LockingContext,
  path: readonly string[],
  { prefix, scope }: NameSpace = ALL_NAMES,
): HierarchyLockable {
  if (path.length === 0)
    throw new RangeError("path: it is empty; give at least one segment, such as hierarchy(tenant, table)");
  path.forEach((segment, index) => checkSegment(`path[${index}]`, segment));
  const [root = "", ...rest] = path;
  const nodes = [`${prefix}{${root}}`];
  for (const segment of rest) nodes.push(`${nodes.at(-1)}/${segment}`);
  checkName("path", nodes.at(-1));
  return new ExclusiveNode(context, nodes, scope);
}

function checkSegment(field: string, segment: string): void {
  checkName(field, segment);
  const [found] = /[/{}]/.exec(segment) ?? [];
  if (found === undefined) return;
  throw new RangeError(
    `${field}: ${formatValue(segment)} has ${JSON.stringify(found)}, which separates the nodes of a tree; leave it out or encode it`,
  );
}
