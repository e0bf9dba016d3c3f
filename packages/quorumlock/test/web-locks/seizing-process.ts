import type { MemoryInstance } from "../../src/index.ts";
import { Redlock } from "../../src/index.ts";
import type { Instance } from "../../src/instances/port.ts";
import { type WebLockManager, webLocks, type WebLocksOptions } from "../../src/web-locks/index.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import type { World } from "../support/world.ts";

// Processes whose thefts meet faults, in virtual time.

/** How an instance carries out requests; `run` does it. */
export type OnRun = (run: () => ReturnType<Instance["run"]>, index: number) => ReturnType<Instance["run"]>;

/** For requests of a theft, and for the others. The default of both is to run them. */
export interface OnRuns {
  readonly onSeize?: OnRun;
  readonly onOther?: OnRun;
}

const plainly: OnRun = (run) => run();

function through(
  instances: readonly MemoryInstance[],
  { onSeize = plainly, onOther = plainly }: OnRuns,
): readonly Instance[] {
  return instances.map(
    (instance, index) =>
      new Proxy(instance as Instance, {
        get(target, property) {
          const value: unknown = Reflect.get(target, property);
          if (property === "run")
            return (requests: Parameters<Instance["run"]>[0]) => {
              const isTheft = requests.some(({ operation }) => operation.name === "operator.seize");
              return (isTheft ? onSeize : onOther)(() => target.run(requests), index);
            };
          return typeof value === "function" ? (value as () => unknown).bind(target) : value;
        },
      }),
  );
}

export interface Process {
  readonly locks: WebLockManager;
  readonly redlock: Redlock;
}

/** The locks of another process, which has connected. */
export async function processOn(
  { clock, instances }: World,
  options: WebLocksOptions = {},
  onRuns: OnRuns = {},
): Promise<Process> {
  const redlock = new Redlock(through(instances, onRuns), { clock, ttl: 10_000 });
  const locks = webLocks(redlock, options);
  await locks.request("warm", () => undefined);
  return { locks, redlock };
}

export const lost = (): never => {
  throw new Error("the connection is closed");
};

export const valuesOf = ({ instances }: World): readonly unknown[] =>
  instances.map((each) => each.get("lock:a"));

export function sleep(clock: VirtualClock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.setTimer(ms, resolve, true));
}
