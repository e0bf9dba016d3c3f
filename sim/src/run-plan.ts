import { checkHistory, fencedMutex } from "./history/index.ts";
import type { Trace, Violation } from "./invariants/referee.ts";
import { LONGEST_TTL_MS } from "./plan/make-plan.ts";
import type { FaultKind, Plan } from "./plan/plan.ts";
import { World } from "./world/world.ts";
import { Operator } from "./workload/operator.ts";
import { Random } from "./world/random.ts";
import { work } from "./workload/worker.ts";

export interface Outcome {
  readonly violations: readonly Violation[];
  /** Calls of the library: acquisitions, extensions and releases. */
  readonly operations: number;
  readonly grants: number;
  readonly faults: ReadonlyMap<FaultKind | "lost" | "late" | "resent", number>;
  /** The longest that a caller who waits for ever waited after the faults had ended, in ms of virtual time. */
  readonly longestWaitMs: number;
  /** The longest that a resource lay idle while somebody waited for it, in ms of the slowest clock. */
  readonly longestIdleMs: number;
  /** How often servers were asked for a lock. */
  readonly asks: number;
  /** The largest number of requests from one client to one server for each reason to ask: see `Asks`. */
  readonly asksPerReason: number;
  readonly virtualMs: number;
}

/** A run that takes longer than this, in virtual time, hangs. */
const LONGEST_RUN_MS = 600_000;
const PATIENCE_LOOKS_MS = 5_000;
const CLOSING_MS = 5_000;
/** A place in line that nobody could give up any more lasts this long, or for the ttl. */
const LONGEST_PLACE_MS = 20_000;

/** Runs one history from its beginning until nothing is left of it, and says what must not have happened. */
export async function runPlan(plan: Plan, trace?: Trace): Promise<Outcome> {
  const world = new World(plan, trace);
  const { time, referee } = world;
  const stray = (error: unknown): void =>
    referee.violated(
      "errors",
      `a rejection that nobody handled: ${error instanceof Error ? error.stack : String(error)}`,
    );
  const emitWarning = Object.getOwnPropertyDescriptor(process, "emitWarning") ?? {};
  process.on("unhandledRejection", stray);
  process.emitWarning = (warning: string | Error, options?: unknown): void =>
    referee.warned(String(warning), options);
  try {
    await new Run(world, plan).run();
  } catch (error) {
    referee.violated("liveness", error instanceof Error ? error.message : String(error));
  } finally {
    process.off("unhandledRejection", stray);
    Object.defineProperty(process, "emitWarning", emitWarning);
  }
  const { operations, grants, lost, late, resent } = referee.counts;
  return {
    violations: referee.violations,
    operations,
    grants,
    faults: new Map([...world.faults, ["lost", lost], ["late", late], ["resent", resent]]),
    longestWaitMs: referee.longestWaitMs,
    longestIdleMs: referee.longestIdleMs,
    asks: referee.asks.total,
    asksPerReason: referee.asks.worst(),
    virtualMs: time.now,
  };
}

class Run {
  readonly #world: World;
  readonly #plan: Plan;
  readonly #operator: Operator | undefined;
  /** By client, how many workers have not finished. */
  readonly #atWork: number[] = [];

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.#plan = plan;
    const { changes, seed } = plan;
    this.#operator =
      changes && new Operator(world, changes.steps, changes.joint, new Random(seed).fork("operator"));
  }

  async run(): Promise<void> {
    const { time, referee } = this.#world;
    this.#startWorkers();
    this.#operator?.start(this.#plan.changes?.at ?? 0);
    await this.#pass(this.#faultsEnd());
    this.#world.heal();
    referee.healed();
    while (!this.#stopped && !this.#over() && time.now < LONGEST_RUN_MS) {
      await this.#pass(time.now + PATIENCE_LOOKS_MS);
      referee.checkPatience();
    }
    if (!this.#stopped && !this.#over()) referee.violated("liveness", "the history does not end");
    if (!this.#stopped) await this.#cleanUp();
    if (!this.#stopped) this.#checkHistory();
    if (!this.#stopped) referee.checkTraffic();
  }

  get #stopped(): boolean {
    return this.#world.referee.violations.length > 0;
  }

  #startWorkers(): void {
    const { clients, time, referee } = this.#world;
    clients.forEach((program, client) => {
      const { host } = program;
      const { workers } = this.#plan.clients[client]!;
      this.#atWork[client] = workers.length;
      workers.forEach((steps, worker) => {
        host.at(0, () => {
          void work({ client, worker, host, time, program, referee }, steps).then(() => {
            this.#atWork[client]! -= 1;
          });
        });
      });
    });
  }

  #faultsEnd(): number {
    return this.#plan.faults.reduce(
      (end, fault) => Math.max(end, fault.at + ("forMs" in fault ? fault.forMs : 0)),
      0,
    );
  }

  #pass(end: number): Promise<void> {
    return this.#world.time.pass(end, () => this.#stopped || this.#over());
  }

  /** Whether everybody who is alive has done what was planned, and all faults have struck. */
  #over(): boolean {
    const { clients, time } = this.#world;
    return (
      time.now >= this.#faultsEnd() &&
      this.#operator?.done !== false &&
      clients.every(({ host }, client) => host.dead || this.#atWork[client] === 0)
    );
  }

  /** Once all clients are closed and the longest ttl has passed, nothing may be left but places in line, and then these. */
  async #cleanUp(): Promise<void> {
    const { clients, time, referee } = this.#world;
    const alive = clients.filter(({ host }) => !host.dead);
    for (const client of alive) client.host.at(time.now, () => this.#world.close(client));
    await time.pass(time.now + CLOSING_MS, () => this.#stopped);
    for (const { host, wires, closed } of alive) {
      if (!closed)
        referee.violated("leftovers", `${host.label} is not closed ${CLOSING_MS} ms after it was told to`);
      const listening = wires.reduce((sum, { open }) => sum + open, 0);
      if (listening > 0) referee.violated("leftovers", `${host.label} left ${listening} subscriptions open`);
    }
    const slowest = Math.min(...this.#plan.servers.map(({ rate }) => rate));
    await time.pass(time.now + (LONGEST_TTL_MS + 10) / slowest, () => this.#stopped);
    for (const { host } of alive) {
      if (host.timers > 0) referee.violated("leftovers", `${host.label} left ${host.timers} timers`);
    }
    this.#lookForKeys(/:(fence|wake)$/);
    await time.pass(time.now + LONGEST_PLACE_MS / slowest, () => this.#stopped);
    this.#lookForKeys(/:fence$/);
  }

  #lookForKeys(expected: RegExp): void {
    const { servers, referee } = this.#world;
    for (const server of servers) {
      const left = server.keys().filter((key) => !expected.test(key));
      if (left.length > 0) referee.violated("leftovers", `${server.label} still has ${left.join(", ")}`);
    }
  }

  #checkHistory(): void {
    if (this.#plan.promises !== "all") return;
    const { referee } = this.#world;
    const verdict = checkHistory(referee.record.operations, fencedMutex);
    if (verdict.valid === false) referee.violated("history", `${verdict.resource}: ${verdict.reason}`);
    else if (verdict.valid === "unknown") referee.violated("history", "the checker gave up");
  }
}
