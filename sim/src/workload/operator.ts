import { LockError, type Redlock } from "quorumlock";
import { inspectLocks, releaseForOperator } from "quorumlock/operator";
import type { OperatorPlan } from "../plan/plan.ts";
import type { Random } from "../world/random.ts";
import type { Client, World } from "../world/world.ts";

/**
 * An operator who drains locks of other processes while faults go on, from a process of the first client, which never dies. A drained
 * lock must never have two holders: that is the invariant of exclusion.
 */
export class Operator {
  readonly #world: World;
  readonly #plan: OperatorPlan;
  readonly #random: Random;
  readonly #client: Client;
  readonly #redlock: Redlock;
  #isEnded = false;

  constructor(world: World, plan: OperatorPlan, members: readonly number[], random: Random) {
    this.#world = world;
    this.#plan = plan;
    this.#random = random;
    this.#client = world.clients[0]!;
    this.#redlock = world.openRedlock(this.#client, members);
    // The process closes both.
    this.#client.previous.push(this.#redlock);
  }

  start(): void {
    this.#scheduleNext();
  }

  /** The faults have ended, and the operator with them. */
  end(): void {
    this.#isEnded = true;
  }

  #scheduleNext(): void {
    const { host } = this.#client;
    host.schedule(host.clock.after(this.#random.between(1, 2 * this.#plan.everyMs)), () => {
      if (this.#isEnded || this.#client.closing !== undefined) return;
      void this.#drain(this.#random.pick(this.#plan.names)).then(() => this.#scheduleNext());
    });
  }

  async #drain(name: string): Promise<void> {
    const { checker } = this.#world;
    try {
      const [found] = await inspectLocks(this.#redlock, [name]);
      const [hold] = found!.instances.flatMap(({ holds }) => holds);
      if (hold === undefined) return;
      // The lock may change hands in between, and the holder may extend it.
      const { host } = this.#client;
      const pauseMs = this.#random.between(0, this.#plan.maxPauseMs);
      await new Promise<void>((resolve) => void host.schedule(host.clock.after(pauseMs), resolve));
      const result = await releaseForOperator(this.#redlock, {
        name,
        token: hold.token,
        mode: "drain",
        operator: "operator",
      });
      checker.log(() => `the operator drains ${hold.token} of ${name}: ${JSON.stringify(result)}`);
      if (result.released) checker.run.counts.drained += 1;
    } catch (error) {
      if (!(error instanceof LockError)) checker.report("errors", `the operator got ${String(error)}`);
    }
  }
}
