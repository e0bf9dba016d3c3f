import { type MembershipChange, QuorumError } from "quorumlock";
import { MAX_TTL_MS } from "../plan/profiles.ts";
import type { ChangesPlan, ChangeStep } from "../plan/plan.ts";
import type { Random } from "../world/random.ts";
import type { Client, World } from "../world/world.ts";

const CHECK_EVERY_MS = 50;
/** Longest delay between the first and the last client that starts a phase. */
const MAX_SPREAD_MS = 400;
const RETRY_AFTER_MS = 500;
/** After this time all locks of a client that died or closed have expired. */
const ALL_LOCKS_EXPIRED_MS = 1.1 * MAX_TTL_MS + 100;

/**
 * - `joining`: each client begins to need both majorities.
 * - `carrying`: one client carries the counters to the next members. Only by deploys: running clients do that when they end.
 * - `ending`: each client uses the next members alone, or the old ones again.
 */
type Phase = "joining" | "carrying" | "ending";

/** The progress of one client within one phase. */
interface Progress {
  state: "waiting" | "busy" | "done";
  /** When the client was seen dead or closed for the first time. */
  stoppedAt: number | undefined;
}

/**
 * Changes the members under load, as the operators of the clients do: in the running clients, or by deploys. A phase begins when
 * all clients have ended the one before.
 *
 * With `joint: false` each client is restarted with the next members, one after the other. This breaks exclusion.
 */
export class MembershipChanges {
  readonly #world: World;
  readonly #random: Random;
  readonly #plan: ChangesPlan;
  readonly #steps: ChangeStep[];
  /** The members before the present step. */
  #members: readonly number[];
  #phase: Phase = "joining";
  #progress: readonly Progress[] = [];
  /** By client: the present change of a running client. */
  readonly #changes = new Map<Client, MembershipChange>();

  constructor(world: World, members: readonly number[], plan: ChangesPlan, random: Random) {
    this.#world = world;
    this.#members = members;
    this.#plan = plan;
    this.#steps = [...plan.steps];
    this.#random = random;
  }

  /** Whether all changes have ended. */
  get isDone(): boolean {
    return this.#steps.length === 0;
  }

  start(at: number): void {
    this.#world.time.scheduleServer(at, () => {
      this.#beginPhase("joining");
      this.#check();
    });
  }

  #beginPhase(phase: Phase): void {
    this.#phase = phase;
    this.#progress = this.#world.clients.map(() => ({ state: "waiting", stoppedAt: undefined }));
  }

  #check(): void {
    const step = this.#steps[0];
    if (step === undefined) return;
    const { clients, time } = this.#world;
    clients.forEach((client, index) => this.#advance(client, this.#progress[index]!, step));
    if (this.#hasPhaseEnded) this.#endPhase(step);
    time.scheduleServer(time.now + CHECK_EVERY_MS, () => this.#check());
  }

  get #hasPhaseEnded(): boolean {
    if (this.#phase === "carrying") return this.#progress.some(({ state }) => state === "done");
    const { clients } = this.#world;
    return clients.every((client, index) => this.#hasFinished(client, this.#progress[index]!));
  }

  #endPhase({ to, abort }: ChangeStep): void {
    if (this.#phase === "joining" && this.#plan.joint) {
      this.#beginPhase(this.#plan.byDeploys === true && abort !== true ? "carrying" : "ending");
      return;
    }
    if (this.#phase === "carrying") {
      this.#beginPhase("ending");
      return;
    }
    if (abort !== true) this.#members = to;
    this.#changes.clear();
    this.#steps.shift();
    this.#beginPhase("joining");
  }

  #hasFinished({ host, isClosed }: Client, progress: Progress): boolean {
    const { now } = this.#world.time;
    if (host.isDead || isClosed) progress.stoppedAt ??= now;
    if (progress.stoppedAt !== undefined) return now > progress.stoppedAt + ALL_LOCKS_EXPIRED_MS;
    return progress.state === "done";
  }

  #advance(client: Client, progress: Progress, step: ChangeStep): void {
    if (progress.state !== "waiting" || client.host.isDead || client.closing !== undefined) return;
    if (this.#phase === "carrying" && client !== this.#firstAlive) return;
    progress.state = "busy";
    const { time, checker } = this.#world;
    const act = this.#actOf(client, step);
    client.host.schedule(time.now + this.#random.between(0, MAX_SPREAD_MS), () => {
      // Its program ended meanwhile.
      if (client.closing !== undefined) return;
      act().then(
        () => void (progress.state = "done"),
        (error: unknown) => {
          checker.log(() => `${client.host.label} is not done yet: ${String(error).split("\n")[0]}`);
          client.host.schedule(time.now + RETRY_AFTER_MS, () => void (progress.state = "waiting"));
          if (this.#phase !== "joining" && !(error instanceof QuorumError) && client.closing === undefined)
            checker.report("errors", `the change did not end: ${String(error)}`);
        },
      );
    });
  }

  /** What the client does in the present phase. */
  #actOf(client: Client, { to, abort }: ChangeStep): () => Promise<void> {
    const members = this.#members;
    if (!this.#plan.joint) return async () => void this.#world.restartClient(client, to);
    if (this.#phase === "carrying") return () => this.#carry(client, to);
    if (this.#plan.byDeploys === true) {
      if (this.#phase === "joining") return () => this.#redeploy(client, members, to);
      return () => this.#redeploy(client, abort === true ? members : to);
    }
    return this.#phase === "joining" ? () => this.#join(client, to) : () => this.#end(client, abort === true);
  }

  get #firstAlive(): Client | undefined {
    return this.#world.clients.find(({ host, closing }) => !host.isDead && closing === undefined);
  }

  /** Starts the program of the client with other members, and ends the one before. */
  async #redeploy(client: Client, members: readonly number[], next?: readonly number[]): Promise<void> {
    await this.#world.restartClient(client, members, next).close();
    this.#world.checker.onRestarted();
  }

  async #carry(client: Client, to: readonly number[]): Promise<void> {
    const { checker } = this.#world;
    checker.log(() => `${client.host.label} carries the counters over`);
    const change = this.#changes.get(client) ?? (await this.#reconfigure(client, to));
    this.#changes.set(client, change);
    await change.complete();
  }

  async #join(client: Client, to: readonly number[]): Promise<void> {
    const { checker } = this.#world;
    checker.log(() => `${client.host.label} starts the change to ${to.join(", ")}`);
    this.#changes.set(client, await this.#reconfigure(client, to));
    checker.log(() => `${client.host.label} needs both majorities`);
  }

  async #end(client: Client, isAbort: boolean): Promise<void> {
    const { checker } = this.#world;
    checker.log(() => `${client.host.label} ${isAbort ? "aborts" : "completes"} the change`);
    const change = this.#changes.get(client);
    await (isAbort ? change?.abort() : change?.complete());
  }

  #reconfigure(client: Client, to: readonly number[]): Promise<MembershipChange> {
    return client.redlock.reconfigure(to.map((server) => client.links[server]!));
  }
}
