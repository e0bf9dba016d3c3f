import { checkHistory, fencedMutex, fencedReadWrite, semaphore } from "./history/index.ts";
import { processWide } from "./library.ts";
import type { Trace } from "./invariants/findings.ts";
import type { Violation } from "./invariants/grant.ts";
import { semaphoresOf } from "./invariants/semaphores-of.ts";
import { MAX_TTL_MS } from "./plan/profiles.ts";
import type { FaultKind, Plan } from "./plan/plan.ts";
import type { TierChecker } from "./tiers/tier-checker.ts";
import { TierRun } from "./tiers/tier-run.ts";
import { Operator } from "./workload/operator.ts";
import { MembershipChanges } from "./workload/membership-changes.ts";
import { work, type WorkerContext } from "./workload/worker.ts";
import type { MessageFate } from "./world/link.ts";
import { isLastingKey, isLineKey, isNoteKey, isRecordKey } from "./world/lock-keys.ts";
import { Random } from "./world/random.ts";
import { World } from "./world/world.ts";

export interface Outcome {
  readonly violations: readonly Violation[];
  /** Number of acquisitions, extensions and releases that callers started. */
  readonly operations: number;
  readonly grants: number;
  /** Number of locks that passed from one client to another. */
  readonly transfers: number;
  /** Number of locks that an operator has drained. */
  readonly drained: number;
  /** Number of jobs that were done once, as a record says. */
  readonly jobs: number;
  /** Number of acquisitions that needed a second round to commit their fencing token. */
  readonly commitRounds: number;
  /** Number of servers that got their counters back from the other servers. */
  readonly recoveries: number;
  /** Number of servers whose counters were raised to their own time, because too few others could be read. */
  readonly clockRecoveries: number;
  readonly faults: ReadonlyMap<FaultKind | MessageFate, number>;
  /** Longest wait of a caller without a limit after the faults had ended, in ms of real time. */
  readonly longestWaitMs: number;
  /** Longest time for which a name was free while a caller waited for it, in ms of the slowest clock. */
  readonly longestIdleMs: number;
  /** Number of waits that ended early, because a majority refused calls for good. */
  readonly endedWaits: number;
  /** Number of requests that acquire a lock. */
  readonly requests: number;
  /** Largest number of requests from one client to one server for each reason: see `RequestCounts`. */
  readonly requestsPerReason: number;
  readonly virtualMs: number;
  /** What happened in a history with tiers. */
  readonly tiers?: Pick<TierChecker, "grants" | "changes" | "allowedOverlaps">;
}

/** A run that takes longer than this, in virtual time, hangs. */
const MAX_RUN_MS = 600_000;
const CHECK_WAITS_EVERY_MS = 5_000;
const CHECK_SIGNALS_EVERY_MS = 100;
const MAX_CLOSING_MS = 5_000;
/** The memory is checked in one history of so many, because a garbage collection takes as long as a part of a history. */
const MEMORY_CHECK_EVERY = 5;
/** The latest error of each server may keep the lock in whose request it was made, until its stack is read. */
const MAX_RETAINED_LOCKS = 6;
/** A waiter that died stays in the line of a server for this time, or for its ttl if that is longer. */
const MAX_LINE_MS = 20_000;
/** A note of the set of servers lasts for 60 renewals, one in each ttl. */
const MAX_NOTE_MS = 60 * MAX_TTL_MS;

/** Runs one history until nothing is left of it, and returns what it violated. */
export async function runPlan(plan: Plan, trace?: Trace): Promise<Outcome> {
  const emitWarning = Object.getOwnPropertyDescriptor(process, "emitWarning") ?? {};
  // A client warns once for each process about an even number of members. Some plans have that on purpose.
  process.emitWarning = (): void => undefined;
  forgetEarlierHistories();
  const world = new World(plan, trace);
  const { time, checker } = world;
  let tiers: TierChecker | undefined;
  const onRejection = (error: unknown): void =>
    checker.report(
      "errors",
      `an unhandled rejection: ${error instanceof Error ? error.stack : String(error)}`,
    );
  process.on("unhandledRejection", onRejection);
  process.emitWarning = (warning: string | Error, options?: unknown): void =>
    checker.onWarning(String(warning), options);
  try {
    if (plan.tiers === undefined) await new Run(world, plan).run();
    else {
      const run = new TierRun(world, plan, plan.tiers);
      await run.run();
      tiers = run.tierChecker;
    }
  } catch (error) {
    checker.report("liveness", error instanceof Error ? error.message : String(error));
  } finally {
    process.off("unhandledRejection", onRejection);
    Object.defineProperty(process, "emitWarning", emitWarning);
  }
  const { operations, grants, transfers, drained, jobs, lost, late, resent } = checker.run.counts;
  return {
    violations: checker.violations,
    operations,
    grants,
    transfers,
    drained,
    jobs,
    commitRounds: checker.messages.commitRounds,
    recoveries: checker.run.recoveries.fromServers,
    clockRecoveries: checker.run.recoveries.byClock,
    faults: new Map([...world.faults, ["lost", lost], ["late", late], ["resent", resent]]),
    longestWaitMs: checker.run.waits.longestMs,
    longestIdleMs: checker.longestIdleMs,
    endedWaits: checker.run.permanentRefusals.endedWaits,
    requests: checker.run.requests.total,
    requestsPerReason: checker.run.requests.maxPerReason(),
    virtualMs: time.now,
    ...(tiers === undefined
      ? {}
      : { tiers: { grants: tiers.grants, changes: tiers.changes, allowedOverlaps: tiers.allowedOverlaps } }),
  };
}

/** The library remembers tokens and warnings for the whole process. The same seed must give the same history each time. */
function forgetEarlierHistories(): void {
  for (const name of ["clientsWithLocks", "leftovers", "warned"]) processWide(name, () => new Set()).clear();
}

class Run {
  readonly #world: World;
  readonly #plan: Plan;
  readonly #changes: MembershipChanges | undefined;
  readonly #operator: Operator | undefined;
  /** By client: the number of workers that have not finished. */
  readonly #activeWorkers: number[] = [];

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.#plan = plan;
    const { changes, seed } = plan;
    this.#operator =
      plan.operator &&
      new Operator(world, plan.operator, plan.clients[0]?.members ?? [], new Random(seed).fork("drains"));
    this.#changes =
      changes &&
      new MembershipChanges(
        world,
        plan.clients[0]?.members ?? [],
        changes,
        new Random(seed).fork("operator"),
      );
  }

  async run(): Promise<void> {
    const { time, checker } = this.#world;
    this.#startWorkers();
    this.#checkSignals();
    this.#operator?.start();
    this.#changes?.start(this.#plan.changes?.at ?? 0);
    await this.#pass(this.#faultsEnd());
    this.#world.heal();
    this.#operator?.end();
    checker.onHealed();
    while (!this.#hasFailed && !this.#isDone() && time.now < MAX_RUN_MS) {
      await this.#pass(time.now + CHECK_WAITS_EVERY_MS);
      checker.checkWaits();
    }
    if (!this.#hasFailed && !this.#isDone()) checker.report("liveness", "the history does not end");
    if (!this.#hasFailed && this.#plan.seed % MEMORY_CHECK_EVERY === 0) await this.#checkMemory();
    if (!this.#hasFailed) await this.#checkLeftovers();
    if (!this.#hasFailed) this.#checkHistory();
    if (!this.#hasFailed) checker.checkTotals();
  }

  get #hasFailed(): boolean {
    return this.#world.checker.violations.length > 0;
  }

  #startWorkers(): void {
    const { clients, time, checker } = this.#world;
    clients.forEach((program, client) => {
      const { host } = program;
      const { workers } = this.#plan.clients[client]!;
      this.#activeWorkers[client] = workers.length;
      workers.forEach((steps, worker) => {
        const passOn: WorkerContext["passOn"] = (...passed) => this.#passOn(worker, ...passed);
        host.schedule(0, () => {
          void work({ client, worker, host, time, program, checker, passOn }, steps).then(() => {
            this.#activeWorkers[client]! -= 1;
          });
        });
      });
    });
  }

  #passOn(
    worker: number,
    client: number,
    afterMs: number,
    run: (context: WorkerContext) => Promise<void>,
  ): void {
    const { clients, time, checker } = this.#world;
    const program = clients[client]!;
    const { host } = program;
    this.#activeWorkers[client]! += 1;
    const passOn: WorkerContext["passOn"] = (...passed) => this.#passOn(worker, ...passed);
    host.schedule(time.now + afterMs, () => {
      void run({ client, worker, host, time, program, checker, passOn }).then(() => {
        this.#activeWorkers[client]! -= 1;
      });
    });
  }

  #checkSignals(): void {
    const { time, checker } = this.#world;
    if (this.#hasFailed || this.#isDone()) return;
    checker.leases.checkSignals();
    time.scheduleServer(time.now + CHECK_SIGNALS_EVERY_MS, () => this.#checkSignals());
  }

  #faultsEnd(): number {
    return this.#plan.faults.reduce(
      (end, fault) => Math.max(end, fault.at + ("forMs" in fault ? fault.forMs : 0)),
      0,
    );
  }

  #pass(end: number): Promise<void> {
    return this.#world.time.pass(end, () => this.#hasFailed || this.#isDone());
  }

  /** Whether all faults and changes have ended, and all live workers have finished. */
  #isDone(): boolean {
    const { clients, time } = this.#world;
    return (
      time.now >= this.#faultsEnd() &&
      this.#changes?.isDone !== false &&
      clients.every(({ host }, client) => host.isDead || this.#activeWorkers[client] === 0)
    );
  }

  /** The clients still run. Of locks that have ended, and whose callers have finished, they must keep nothing. */
  async #checkMemory(): Promise<void> {
    const { checker, time } = this.#world;
    // Releases that are not confirmed yet keep a lock.
    await time.pass(time.now + MAX_TTL_MS, () => this.#hasFailed);
    const tokens = await checker.run.retainedLocks.find();
    if (tokens.length > MAX_RETAINED_LOCKS)
      checker.report(
        "leftovers",
        `${tokens.length} ended locks are kept in memory: ${tokens.slice(0, 3).join(", ")}`,
      );
  }

  /** Closes all clients. After the longest ttl only counters, lines and notes may be left, and at last only counters. */
  async #checkLeftovers(): Promise<void> {
    const { clients, time, checker } = this.#world;
    const alive = clients.filter(({ host }) => !host.isDead);
    for (const client of alive) client.host.schedule(time.now, () => this.#world.close(client));
    await time.pass(time.now + MAX_CLOSING_MS, () => this.#hasFailed);
    for (const { host, links, isClosed } of alive) {
      if (!isClosed)
        checker.report("leftovers", `${host.label} is not closed ${MAX_CLOSING_MS} ms after close()`);
      const subscriptions = links.reduce((sum, { openSubscriptions }) => sum + openSubscriptions, 0);
      if (subscriptions > 0)
        checker.report("leftovers", `${host.label} left ${subscriptions} subscriptions open`);
      const listeners = links.reduce((sum, { listenerCount }) => sum + listenerCount, 0);
      if (listeners > 0) checker.report("leftovers", `${host.label} left ${listeners} listeners`);
    }
    checker.events.checkEnded((label) => alive.some(({ host }) => host.label === label));
    const slowest = Math.min(...this.#plan.servers.map(({ rate }) => rate));
    // Holders of permits that died can be in keys that last for twice their ttl.
    await time.pass(time.now + (2 * MAX_TTL_MS + 10) / slowest, () => this.#hasFailed);
    for (const { host } of alive) {
      if (host.timerCount > 0) checker.report("leftovers", `${host.label} left ${host.timerCount} timers`);
    }
    const isLongKey = (key: string): boolean => isLastingKey(key) || isNoteKey(key) || isRecordKey(key);
    this.#checkKeys((key) => isLongKey(key) || isLineKey(key));
    await time.pass(time.now + MAX_LINE_MS / slowest, () => this.#hasFailed);
    this.#checkKeys(isLongKey);
    await time.pass(time.now + (MAX_NOTE_MS - MAX_LINE_MS) / slowest, () => this.#hasFailed);
    this.#checkKeys(isLastingKey);
  }

  #checkKeys(isAllowed: (key: string) => boolean): void {
    const { servers, checker } = this.#world;
    for (const server of servers) {
      const left = server.keys().filter((key) => !isAllowed(key));
      if (left.length > 0) checker.report("leftovers", `${server.label} still has ${left.join(", ")}`);
    }
  }

  #checkHistory(): void {
    const { checker } = this.#world;
    if (this.#plan.promises !== "all" || !checker.fences.arePromised) return;
    const { operations } = checker.run.history;
    const semaphores = semaphoresOf(this.#plan);
    const names = operations.filter(({ resource }) => !semaphores.has(resource));
    const verdicts = [
      hasModes(this.#plan) ? checkHistory(names, fencedReadWrite) : checkHistory(names, fencedMutex),
      ...[...semaphores].map(([name, permits]) =>
        checkHistory(
          operations.filter(({ resource }) => resource === name),
          semaphore(permits),
        ),
      ),
    ];
    for (const verdict of verdicts) {
      if (verdict.valid === false) checker.report("history", `${verdict.resource}: ${verdict.reason}`);
      else if (verdict.valid === "unknown")
        checker.report("history", "the history checker reached its step limit");
    }
  }
}

/** Whether callers use locks in modes. Otherwise every lock is a mutex. */
function hasModes({ clients }: Plan): boolean {
  return clients.some(({ workers }) =>
    workers.flat().some(({ lock }) => lock !== undefined && lock !== "fair"),
  );
}
