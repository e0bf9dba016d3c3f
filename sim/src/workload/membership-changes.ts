import { type MembershipChange, QuorumError } from "quorumlock";
import { MAX_TTL_MS } from "../plan/profiles.ts";
import type { ChangeStep } from "../plan/plan.ts";
import type { Random } from "../world/random.ts";
import type { Client, World } from "../world/world.ts";

const CHECK_EVERY_MS = 50;
/** Longest delay between the first and the last client that starts a change. */
const MAX_SPREAD_MS = 400;
const RETRY_AFTER_MS = 500;
/** After this time all locks of a client that died or closed have expired. */
const ALL_LOCKS_EXPIRED_MS = 1.1 * MAX_TTL_MS + 100;

/** The progress of one client within one change. */
interface Progress {
  /** The change that the client has joined. */
  change: MembershipChange | undefined;
  hasStarted: boolean;
  isEnding: boolean;
  hasEnded: boolean;
  /** When the client was seen dead or closed for the first time. */
  stoppedAt: number | undefined;
}

/**
 * Changes the members under load, as the operators of the clients do.
 *
 * - `joining`: each client starts the change, until all clients need both majorities.
 * - `ending`: each client completes or aborts the change. Then the next change begins.
 *
 * With `isJoint: false` each client is restarted with the next members, one after the other. This breaks exclusion.
 */
export class MembershipChanges {
  readonly #world: World;
  readonly #random: Random;
  readonly #steps: ChangeStep[];
  readonly #isJoint: boolean;
  #phase: "joining" | "ending" = "joining";
  #progress: readonly Progress[] = [];

  constructor(world: World, steps: readonly ChangeStep[], isJoint: boolean, random: Random) {
    this.#world = world;
    this.#steps = [...steps];
    this.#isJoint = isJoint;
    this.#random = random;
  }

  /** Whether all changes have ended. */
  get isDone(): boolean {
    return this.#steps.length === 0;
  }

  start(at: number): void {
    this.#world.time.scheduleServer(at, () => {
      this.#beginStep();
      this.#check();
    });
  }

  #beginStep(): void {
    this.#phase = "joining";
    this.#progress = this.#world.clients.map(() => ({
      change: undefined,
      hasStarted: false,
      isEnding: false,
      hasEnded: false,
      stoppedAt: undefined,
    }));
  }

  #check(): void {
    const step = this.#steps[0];
    if (step === undefined) return;
    const { clients, time } = this.#world;
    clients.forEach((client, index) => this.#advance(client, this.#progress[index]!, step));
    if (clients.every((client, index) => this.#hasFinishedPhase(client, this.#progress[index]!))) {
      if (this.#phase === "joining" && this.#isJoint) this.#phase = "ending";
      else {
        this.#steps.shift();
        this.#beginStep();
      }
    }
    time.scheduleServer(time.now + CHECK_EVERY_MS, () => this.#check());
  }

  #hasFinishedPhase({ host, isClosed }: Client, progress: Progress): boolean {
    const { now } = this.#world.time;
    if (host.isDead || isClosed) progress.stoppedAt ??= now;
    if (progress.stoppedAt !== undefined) return now > progress.stoppedAt + ALL_LOCKS_EXPIRED_MS;
    return this.#phase === "joining"
      ? progress.change !== undefined || (!this.#isJoint && progress.hasStarted)
      : progress.hasEnded;
  }

  #advance(client: Client, progress: Progress, { to, abort }: ChangeStep): void {
    const { time } = this.#world;
    const scheduleSoon = (run: () => void): void => {
      client.host.schedule(time.now + this.#random.between(0, MAX_SPREAD_MS), run);
    };
    if (this.#phase === "ending") {
      if (progress.isEnding || progress.change === undefined) return;
      const { change } = progress;
      progress.isEnding = true;
      scheduleSoon(() => void this.#end(client, progress, change, abort === true));
      return;
    }
    if (progress.hasStarted || client.host.isDead || client.closing !== undefined) return;
    progress.hasStarted = true;
    if (this.#isJoint) scheduleSoon(() => void this.#join(client, progress, to));
    else scheduleSoon(() => this.#world.restartClient(client, to));
  }

  async #end(client: Client, progress: Progress, change: MembershipChange, isAbort: boolean): Promise<void> {
    const { checker, time } = this.#world;
    checker.log(() => `${client.host.label} ${isAbort ? "aborts" : "completes"} the change`);
    try {
      await (isAbort ? change.abort() : change.complete());
      progress.hasEnded = true;
    } catch (error) {
      checker.log(() => `${client.host.label} cannot end the change yet: ${String(error).split("\n")[0]}`);
      client.host.schedule(time.now + RETRY_AFTER_MS, () => void (progress.isEnding = false));
      if (!(error instanceof QuorumError) && client.closing === undefined)
        checker.report("errors", `the change did not end: ${String(error)}`);
    }
  }

  async #join(client: Client, progress: Progress, to: readonly number[]): Promise<void> {
    const { checker, time } = this.#world;
    checker.log(() => `${client.host.label} starts the change to ${to.join(", ")}`);
    try {
      progress.change = await client.redlock.reconfigure(to.map((server) => client.links[server]!));
      checker.log(() => `${client.host.label} needs both majorities`);
    } catch (error) {
      checker.log(() => `${client.host.label} cannot start the change yet: ${String(error).split("\n")[0]}`);
      client.host.schedule(time.now + RETRY_AFTER_MS, () => void (progress.hasStarted = false));
    }
  }
}
