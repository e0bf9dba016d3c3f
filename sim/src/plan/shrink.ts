import type { Invariant } from "../invariants/grant.ts";
import type { ChangeStep, ClientPlan, Plan } from "./plan.ts";

/** Runs a plan, and returns the invariant that it violates, if any. */
export type Trial = (plan: Plan) => Promise<Invariant | undefined>;

export interface Shrunk {
  readonly plan: Plan;
  /** Number of plans that were run. */
  readonly trials: number;
}

/**
 * Removes changes, faults, workers and steps from a plan, as long as it violates the same invariant. Removes large
 * pieces first, then smaller ones (delta debugging: Zeller and Hildebrandt, 2002).
 */
export async function shrink(
  plan: Plan,
  invariant: Invariant,
  trial: Trial,
  maxTrials = 400,
): Promise<Shrunk> {
  let smallest = plan;
  let trials = 0;
  const isEnough = async (smaller: Plan): Promise<boolean> => {
    if (trials >= maxTrials) return false;
    trials += 1;
    if ((await trial(smaller)) !== invariant) return false;
    smallest = smaller;
    return true;
  };
  const shrinkAllParts = async (): Promise<boolean> => {
    const before = size(smallest);
    for (const part of partsOf(smallest)) await shrinkPart(() => smallest, part, isEnough);
    return size(smallest) < before && trials < maxTrials;
  };
  while (await shrinkAllParts());
  return { plan: smallest, trials };
}

/** A list in a plan from which elements can be removed. */
interface Part {
  get(plan: Plan): readonly unknown[];
  with(plan: Plan, elements: readonly unknown[]): Plan;
}

function partsOf(plan: Plan): readonly Part[] {
  const faults: Part = {
    get: (of) => of.faults,
    with: (of, elements) => ({ ...of, faults: elements as Plan["faults"] }),
  };
  // Faults refer to clients by index, so no client is removed. A client without workers does nothing.
  const workers = plan.clients.map((_, client): Part => ({
    get: (of) => of.clients[client]!.workers,
    with: (of, elements) => withClient(of, client, { workers: elements as ClientPlan["workers"] }),
  }));
  const steps = plan.clients.flatMap(({ workers: all }, client) =>
    all.map((_, worker): Part => ({
      get: (of) => of.clients[client]!.workers[worker] ?? [],
      with: (of, elements) => {
        const changed = of.clients[client]!.workers.map((own, index) =>
          index === worker ? (elements as typeof own) : own,
        );
        return withClient(of, client, { workers: changed });
      },
    })),
  );
  const changes: readonly Part[] =
    plan.changes === undefined
      ? []
      : [
          {
            get: (of) => of.changes?.steps ?? [],
            with: (of, elements) => ({
              ...of,
              changes: { ...of.changes!, steps: elements as readonly ChangeStep[] },
            }),
          },
        ];
  return [workers, changes, faults, steps].flat();
}

function withClient(plan: Plan, client: number, change: Partial<ClientPlan>): Plan {
  return {
    ...plan,
    clients: plan.clients.map((traits, index) => (index === client ? { ...traits, ...change } : traits)),
  };
}

/** Removes elements of one list. `isEnough` returns whether a plan still violates the invariant. */
async function shrinkPart(
  smallest: () => Plan,
  part: Part,
  isEnough: (plan: Plan) => Promise<boolean>,
): Promise<void> {
  let piece = part.get(smallest()).length;
  while (piece >= 1) {
    for (let from = 0; from < part.get(smallest()).length;) {
      const all = part.get(smallest());
      const rest = [...all.slice(0, from), ...all.slice(from + piece)];
      if (!(await isEnough(part.with(smallest(), rest)))) from += piece;
    }
    piece = piece === 1 ? 0 : Math.ceil(piece / 2);
  }
}

function size(plan: Plan): number {
  const steps = plan.clients.reduce((sum, { workers }) => sum + workers.flat().length + workers.length, 0);
  return steps + plan.faults.length + (plan.changes?.steps.length ?? 0);
}
