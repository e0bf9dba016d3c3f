import {
  type FallbackLockable,
  type Lock,
  LockError,
  type Redlock,
  type TierInfo,
  withFallback,
} from "quorumlock";
import type { Plan, Step, TiersPlan } from "../plan/plan.ts";
import type { Client, World } from "../world/world.ts";
import { TierChecker } from "./tier-checker.ts";

/** A run that takes longer than this, in virtual time, hangs. */
const MAX_RUN_MS = 600_000;
const MAX_CLOSING_MS = 5_000;
const PASS_MS = 1_000;

/**
 * A history in which callers use `withFallback`: the primary, a backup of other servers, and the tier inside the process. Outages take
 * the quorum of a tier away, for all clients or for one, and give it back.
 */
export class TierRun {
  readonly tierChecker: TierChecker;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #tiers: TiersPlan;
  readonly #backups: readonly Redlock[];
  /** By client: the number of workers that have not finished. */
  readonly #activeWorkers: number[] = [];

  constructor(world: World, plan: Plan, tiers: TiersPlan) {
    this.#world = world;
    this.#plan = plan;
    this.#tiers = tiers;
    this.tierChecker = new TierChecker(world.time, plan.driftFactor, (...problem) =>
      world.checker.report(...problem),
    );
    this.#backups = world.clients.map((client) => {
      const backup = world.openRedlock(client, tiers.backup);
      // The process closes both.
      client.previous.push(backup);
      return backup;
    });
  }

  async run(): Promise<void> {
    const { time, checker, clients } = this.#world;
    clients.forEach((client, index) => this.#start(client, index));
    const faultsEnd = Math.max(
      0,
      ...this.#plan.faults.map((fault) => fault.at + ("forMs" in fault ? fault.forMs : 0)),
    );
    await time.pass(faultsEnd, () => this.#hasFailed);
    this.#world.heal();
    const isDone = (): boolean =>
      clients.every(({ host }, client) => host.isDead || this.#activeWorkers[client] === 0);
    while (!this.#hasFailed && !isDone() && time.now < MAX_RUN_MS)
      await time.pass(time.now + PASS_MS, () => this.#hasFailed || isDone());
    if (this.#hasFailed) return;
    if (!isDone()) checker.report("liveness", "the history does not end");
    await this.#close();
  }

  get #hasFailed(): boolean {
    return this.#world.checker.violations.length > 0;
  }

  #start(client: Client, index: number): void {
    const { host } = client;
    const { workers } = this.#plan.clients[index]!;
    this.#activeWorkers[index] = workers.length;
    host.schedule(0, () => {
      this.#lockable(index, "watched").onTierChange((change) => {
        this.#world.checker.log(() => `${host.label} goes from ${change.from} to ${change.to}`);
        this.tierChecker.onTierChange(index, change);
      });
      workers.forEach((steps, worker) => {
        void this.#work(index, worker, steps).then(() => (this.#activeWorkers[index]! -= 1));
      });
    });
  }

  #lockable(client: number, name: string): FallbackLockable {
    const { redlock } = this.#world.clients[client]!;
    const { returnAfterMs, safeSwitch } = this.#tiers;
    return withFallback(redlock.mutex(name), [this.#backups[client]!.mutex(name)], {
      local: true,
      returnAfterMs,
      safeSwitch,
    });
  }

  async #work(client: number, worker: number, steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      await this.#call(client, worker, step);
      await this.#sleep(client, step.restMs);
    }
  }

  async #call(client: number, worker: number, step: Step): Promise<void> {
    const { checker } = this.#world;
    const { call, names, ttlMs, waitMs, autoExtend } = step;
    const options = { ttl: ttlMs, wait: waitMs ?? Infinity, autoExtend };
    const lockable = this.#lockable(client, names[0] ?? "");
    checker.run.counts.operations += 1;
    try {
      if (call === "using") {
        await lockable.using(options, async (lock) => this.#hold(client, worker, step, lock));
        return;
      }
      const acquiring = call === "tryAcquire" ? lockable.tryAcquire(options) : lockable.acquire(options);
      const lock = await acquiring;
      if (lock === null) return;
      await this.#hold(client, worker, step, lock);
      await lock.release();
    } catch (error) {
      checker.log(() => `client ${client}, worker ${worker}: ${String(error).split("\n")[0]}`);
      if (!(error instanceof LockError))
        checker.report("errors", error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  async #hold(client: number, worker: number, step: Step, lock: Lock & TierInfo): Promise<void> {
    const { checker, clients } = this.#world;
    const { host } = clients[client]!;
    checker.run.counts.grants += 1;
    checker.log(
      () => `client ${client}, worker ${worker} GRANTED ${lock.names.join(", ")} in the tier ${lock.tier}`,
    );
    const granted = this.tierChecker.onGrant(client, worker, host, step, lock);
    await this.#sleep(client, step.holdMs / 2);
    if ((step.extendToMs?.length ?? 0) > 0) {
      await lock.extend().catch(() => undefined);
      this.tierChecker.check(granted);
    }
    await this.#sleep(client, step.holdMs / 2);
    checker.log(() => `client ${client}, worker ${worker} releases`);
    this.tierChecker.onEnd(granted);
  }

  #sleep(client: number, ms: number): Promise<void> {
    const { host } = this.#world.clients[client]!;
    return new Promise((resolve) => void host.schedule(host.clock.after(ms), resolve));
  }

  async #close(): Promise<void> {
    const { clients, time, checker } = this.#world;
    const alive = clients.filter(({ host }) => !host.isDead);
    for (const client of alive) client.host.schedule(time.now, () => this.#world.close(client));
    await time.pass(time.now + MAX_CLOSING_MS, () => this.#hasFailed);
    for (const { host, isClosed } of alive) {
      if (!isClosed) checker.report("leftovers", `${host.label} is not closed`);
      if (host.timerCount > 0) checker.report("leftovers", `${host.label} left ${host.timerCount} timers`);
    }
    checker.events.checkEnded((label) => alive.some(({ host }) => host.label === label));
  }
}
