import { explain } from "./explain.ts";
import { factsOf } from "./leases.ts";
import type { Model } from "./model.ts";
import { asOperation, type Operation } from "./operation.ts";
import { search } from "./search.ts";

export interface CheckOptions {
  /** Maximum number of steps for each resource; then the verdict is "unknown". A whole number from 1. @default 50,000,000 */
  readonly maxSteps?: number | undefined;
}

export type Verdict =
  | { readonly valid: true; readonly steps: number }
  | {
      readonly valid: false;
      readonly resource: string;
      /** What is wrong, in one sentence. */
      readonly reason: string;
      /** The operations around the point where no order exists, by start. */
      readonly operations: readonly Operation[];
      readonly steps: number;
    }
  /** The search reached its limit: it found no order, and did not prove that there is none. */
  | {
      readonly valid: "unknown";
      readonly resource: string;
      readonly reason: string;
      readonly steps: number;
    };

const MAX_STEPS = 50_000_000;

/**
 * Checks whether the operations of a history have an order that the model allows and that respects real time. Real time
 * means: if an operation ended before another started, it comes first.
 *
 * Each resource is checked on its own, because resources are independent. The history must be complete, and every
 * resource is free at its start.
 *
 * @throws TypeError or RangeError for an invalid operation or option: see `asOperation`.
 */
export function checkHistory<State>(
  history: readonly Operation[],
  model: Model<State>,
  { maxSteps = MAX_STEPS }: CheckOptions = {},
): Verdict {
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) {
    throw new RangeError(`maxSteps: ${maxSteps} must be a whole number from 1`);
  }
  let total = 0;
  let unknown: Verdict | undefined;
  for (const [resource, operations] of byResource(history)) {
    const facts = factsOf(operations);
    const result = search(model, facts, maxSteps);
    total += result.steps;
    if (result.found === "none") {
      return {
        valid: false,
        resource,
        ...explain(model, facts.leases, result.deadEnd),
        steps: total,
      };
    }
    if (result.found === "limit") {
      const reason = `the search ended after ${result.steps} steps without a result: check a shorter history, or raise maxSteps`;
      unknown ??= { valid: "unknown", resource, reason, steps: total };
    }
  }
  return unknown === undefined ? { valid: true, steps: total } : { ...unknown, steps: total };
}

function byResource(history: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const resources = new Map<string, Operation[]>();
  history.forEach((entry, index) => {
    const operation = asOperation(entry, `operation ${index + 1}`);
    const operations = resources.get(operation.resource);
    if (operations === undefined) resources.set(operation.resource, [operation]);
    else operations.push(operation);
  });
  return resources;
}
