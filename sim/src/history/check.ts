import { explain } from "./explain.ts";
import { factsOf } from "./leases.ts";
import type { Model } from "./model.ts";
import { asOperation, type Operation } from "./operation.ts";
import { search } from "./search.ts";

export interface CheckOptions {
  /** How many steps may be tried for each resource until the verdict is "unknown"; a whole number from 1. @default 50,000,000 */
  readonly maxSteps?: number | undefined;
}

export type Verdict =
  | { readonly valid: true; readonly steps: number }
  | {
      readonly valid: false;
      readonly resource: string;
      /** What is wrong, in a sentence. */
      readonly reason: string;
      /** Those around the point where no order exists, by the time they were asked for. */
      readonly operations: readonly Operation[];
      readonly steps: number;
    }
  /** The search was given up: neither an order nor the proof that there is none was found. */
  | {
      readonly valid: "unknown";
      readonly resource: string;
      readonly reason: string;
      readonly steps: number;
    };

const MAX_STEPS = 50_000_000;

/**
 * Whether there is an order of a history's operations that respects real time (what was over before another was asked
 * for comes first) and that the model allows. Resources are judged one by one: they share nothing. A history begins with
 * everything free, and must be whole.
 *
 * @throws TypeError or RangeError for an operation or option that cannot be; see `asOperation`.
 */
export function checkHistory<State>(
  history: readonly Operation[],
  model: Model<State>,
  { maxSteps = MAX_STEPS }: CheckOptions = {},
): Verdict {
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) {
    throw new RangeError(`maxSteps must be a whole number from 1, not ${maxSteps}`);
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
    if (result.found === "too much") {
      const reason = `no order was found in ${result.steps} steps, nor that there is none: check a shorter history, or allow more steps`;
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
