import { isInEmptyBranch } from "../ast/null-checks.ts";
import {
  type CallExpression,
  functionAround,
  type FunctionNode,
  isInside,
  type Node,
  type SourceCode,
  type Variable,
} from "../ast/nodes.ts";
import type { LockCall } from "../library/lock-call.ts";
import { acquisitionOf } from "./acquisition.ts";
import { usesOf } from "./lock-uses.ts";
import { runsWithin } from "./running.ts";

/** A part of a file in which a lock is held: a routine, or the code from an acquisition to its release. */
export interface HeldRegion {
  readonly call: LockCall;
  contains(node: Node): boolean;
}

export function heldRegion(code: SourceCode, call: LockCall): HeldRegion | undefined {
  const { routine } = call;
  if (routine !== undefined) {
    return {
      call,
      contains: (node) => isInside(node, routine.body) && runsWithin(node, routine),
    };
  }
  if (call.method === "using" || call.method === "tryUsing") return undefined;
  return regionOfVariable(code, call, call.node);
}

function regionOfVariable(code: SourceCode, call: LockCall, node: CallExpression): HeldRegion | undefined {
  const acquisition = acquisitionOf(code, node);
  const owner = functionAround(node);
  if (acquisition.state === "disposed") {
    const block = blockAround(node);
    return region(call, owner, node.range[1], block.range[1]);
  }
  if (acquisition.state !== "variable" || !acquisition.hasAwait) return undefined;
  const { variable, statement } = acquisition;
  const releases = usesOf(variable, statement).uses.filter(
    ({ kind, node: use }) => kind === "releases" && use.range[0] > node.range[1],
  );
  // A release at the end of a `try` comes last. Otherwise the lock is held at least to the first release.
  const [first] = releases;
  if (first === undefined) return undefined;
  const last = releases.findLast(({ node: use }) => finalizerAround(use) !== undefined);
  const end = last === undefined ? first.node.range[0] : (finalizerAround(last.node)?.range[0] ?? 0);
  return region(call, owner, statement.range[1], end, variable);
}

function region(
  call: LockCall,
  owner: FunctionNode | undefined,
  start: number,
  end: number,
  variable?: Variable,
): HeldRegion {
  return {
    call,
    contains: (node) =>
      node.range[0] >= start &&
      node.range[1] <= end &&
      runsWithin(node, owner) &&
      (variable === undefined || !isInEmptyBranch(variable, node, owner)),
  };
}

function blockAround(node: Node): Node {
  let at = node;
  while (at.parent && at.type !== "BlockStatement" && at.type !== "StaticBlock") at = at.parent;
  return at;
}

function finalizerAround(node: Node): Node | undefined {
  for (let at = node; at.parent; at = at.parent)
    if (at.parent.type === "TryStatement" && at.parent.finalizer === at) return at;
  return undefined;
}
