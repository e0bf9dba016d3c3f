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
 * - `leaving`: some clients use the next members alone.
 * - `returning`: these clients need both majorities again.
 * - `carrying back`: one client carries the counters to the members before. Only by deploys.
 * - `ending`: each client uses the next members alone, or the old ones again.
 */
type Phase = "joining" | "carrying" | "leaving" | "returning" | "carrying back" | "ending";

/** The phases of a step, in their order. */
function phasesOf({ abort, goesBack }: ChangeStep, { joint, byDeploys }: ChangesPlan): readonly Phase[] {
  if (!joint) return ["joining"];
  const isByDeploys = byDeploys === true;
  return [
    "joining",
    ...(isByDeploys && abort !== true ? (["carrying"] as const) : []),
    ...(goesBack === true ? (["leaving", "returning"] as const) : []),
    ...(isByDeploys && goesBack === true ? (["carrying back"] as const) : []),
    "ending",
  ];
}

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
  /** The phases of the present step that come after this one. */
  #nextPhases: readonly Phase[] = [];
  /** The clients that use the next members alone. */
  readonly #left = new Set<Client>();
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
      this.#beginStep();
      this.#check();
    });
  }

  #beginStep(): void {
    const [step] = this.#steps;
    if (step === undefined) return;
    this.#nextPhases = phasesOf(step, this.#plan);
    this.#beginPhase();
  }

  #beginPhase(): void {
    const [phase = "joining", ...later] = this.#nextPhases;
    this.#phase = phase;
    this.#nextPhases = later;
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
    if (this.#isOfOne) return this.#progress.some(({ state }) => state === "done");
    const { clients } = this.#world;
    return clients.every((client, index) => this.#hasFinished(client, this.#progress[index]!));
  }

  #endPhase({ to, abort, goesBack }: ChangeStep): void {
    if (this.#nextPhases.length > 0) {
      this.#beginPhase();
      return;
    }
    if (abort !== true && goesBack !== true) this.#members = to;
    this.#changes.clear();
    this.#left.clear();
    this.#steps.shift();
    this.#beginStep();
  }

  /** Whether one client acts for all of them. */
  get #isOfOne(): boolean {
    return this.#phase === "carrying" || this.#phase === "carrying back";
  }

  #hasFinished({ host, isClosed }: Client, progress: Progress): boolean {
    const { now } = this.#world.time;
    if (host.isDead || isClosed) progress.stoppedAt ??= now;
    if (progress.stoppedAt !== undefined) return now > progress.stoppedAt + ALL_LOCKS_EXPIRED_MS;
    return progress.state === "done";
  }

  #advance(client: Client, progress: Progress, step: ChangeStep): void {
    if (progress.state !== "waiting" || client.host.isDead || client.closing !== undefined) return;
    if (this.#isOfOne && client !== this.#firstAlive) return;
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
          const isJoining = this.#phase === "joining" || this.#phase === "returning";
          if (!isJoining && !(error instanceof QuorumError) && client.closing === undefined)
            checker.report("errors", `the change did not end: ${String(error)}`);
        },
      );
    });
  }

  /** What the client does in the present phase. */
  #actOf(client: Client, step: ChangeStep): () => Promise<void> {
    const { to } = step;
    const members = this.#members;
    if (!this.#plan.joint) return async () => void this.#world.restartClient(client, to);
    const isByDeploys = this.#plan.byDeploys === true;
    switch (this.#phase) {
      case "joining":
        return () => (isByDeploys ? this.#redeploy(client, members, to) : this.#join(client, to));
      case "carrying":
        return () => this.#carry(client, to);
      case "leaving":
        return () => this.#leave(client, to);
      case "returning":
        return () => this.#return(client, to);
      case "carrying back":
        return () => this.#carryBack(client, to);
      case "ending": {
        const isBack = step.abort === true || step.goesBack === true;
        if (isByDeploys) return () => this.#redeploy(client, isBack ? members : to);
        return () => this.#end(client, step);
      }
    }
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

  /** Half of the clients use the next members alone. */
  async #leave(client: Client, to: readonly number[]): Promise<void> {
    if (this.#random.chance(0.5)) return;
    this.#world.checker.log(() => `${client.host.label} uses ${to.join(", ")} alone`);
    if (this.#plan.byDeploys === true) await this.#redeploy(client, to);
    else await this.#changes.get(client)?.complete();
    this.#left.add(client);
  }

  /** A client that has left needs both majorities again. In a deploy, the one that has carried the counters has left, too. */
  async #return(client: Client, to: readonly number[]): Promise<void> {
    const { checker } = this.#world;
    checker.log(() => `${client.host.label} needs both majorities for the way back`);
    if (this.#plan.byDeploys === true) {
      this.#changes.delete(client);
      await this.#redeploy(client, this.#members, to);
    } else if (this.#left.has(client))
      this.#changes.set(client, await this.#reconfigure(client, this.#members));
  }

  async #carryBack(client: Client, to: readonly number[]): Promise<void> {
    this.#world.checker.log(() => `${client.host.label} carries the counters back`);
    const change = this.#changes.get(client) ?? (await this.#reconfigure(client, to));
    this.#changes.set(client, change);
    await change.abort({ carryBack: true });
  }

  /** For a client that has left, the way back is a change to the members before. */
  async #end(client: Client, { abort, goesBack }: ChangeStep): Promise<void> {
    const { checker } = this.#world;
    const isAbort = abort === true || (goesBack === true && !this.#left.has(client));
    checker.log(() => `${client.host.label} ${isAbort ? "aborts" : "completes"} the change`);
    const change = this.#changes.get(client);
    await (isAbort ? change?.abort({ carryBack: goesBack === true }) : change?.complete());
  }

  #reconfigure(client: Client, to: readonly number[]): Promise<MembershipChange> {
    return client.redlock.reconfigure(to.map((server) => client.links[server]!));
  }
}
