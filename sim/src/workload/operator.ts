import { type MembershipChange, QuorumError } from "quorumlock";
import { LONGEST_TTL_MS } from "../plan/make-plan.ts";
import type { ChangeStep } from "../plan/plan.ts";
import type { Random } from "../world/random.ts";
import type { Client, World } from "../world/world.ts";

const LOOK_EVERY_MS = 50;
/** How far apart the clients are told, at most. */
const SPREAD_MS = 400;
const RETRY_AFTER_MS = 500;
/** The locks of a client that died, or could not confirm their release, have surely ended after this. */
const FORGOTTEN_AFTER_MS = 1.1 * LONGEST_TTL_MS + 100;

interface Progress {
  change: MembershipChange | undefined;
  asked: boolean;
  ending: boolean;
  ended: boolean;
  goneSince: number | undefined;
}

/**
 * Changes the set of servers under load, as the people would who run the clients: tells every client of the next set,
 * waits until all of them need both majorities, and only then tells them to go on with the next set alone. With
 * `joint: false` each client is started anew with the next set, one after the other, as a careless deployment does.
 */
export class Operator {
  readonly #world: World;
  readonly #random: Random;
  readonly #steps: ChangeStep[];
  readonly #joint: boolean;
  #phase: "joining" | "ending" = "joining";
  #progress: readonly Progress[] = [];

  constructor(world: World, steps: readonly ChangeStep[], joint: boolean, random: Random) {
    this.#world = world;
    this.#steps = [...steps];
    this.#joint = joint;
    this.#random = random;
  }

  /** Whether all changes are through. */
  get done(): boolean {
    return this.#steps.length === 0;
  }

  start(at: number): void {
    this.#world.time.atServer(at, () => {
      this.#begin();
      this.#look();
    });
  }

  #begin(): void {
    this.#phase = "joining";
    this.#progress = this.#world.clients.map(() => ({
      change: undefined,
      asked: false,
      ending: false,
      ended: false,
      goneSince: undefined,
    }));
  }

  #look(): void {
    const step = this.#steps[0];
    if (step === undefined) return;
    const { clients, time } = this.#world;
    clients.forEach((client, index) => this.#advance(client, this.#progress[index]!, step));
    if (clients.every((client, index) => this.#isThrough(client, this.#progress[index]!))) {
      if (this.#phase === "joining" && this.#joint) this.#phase = "ending";
      else {
        this.#steps.shift();
        this.#begin();
      }
    }
    time.atServer(time.now + LOOK_EVERY_MS, () => this.#look());
  }

  #isThrough({ host, closed }: Client, progress: Progress): boolean {
    const { now } = this.#world.time;
    if (host.dead || closed) progress.goneSince ??= now;
    if (progress.goneSince !== undefined) return now > progress.goneSince + FORGOTTEN_AFTER_MS;
    return this.#phase === "joining"
      ? progress.change !== undefined || (!this.#joint && progress.asked)
      : progress.ended;
  }

  #advance(client: Client, progress: Progress, { to, abort }: ChangeStep): void {
    const { time } = this.#world;
    const soon = (happening: () => void): void => {
      client.host.at(time.now + this.#random.between(0, SPREAD_MS), happening);
    };
    const gone = client.host.dead || client.closing !== undefined;
    if (this.#phase === "ending") {
      if (progress.ending || progress.change === undefined) return;
      const { change } = progress;
      progress.ending = true;
      soon(() => void this.#end(client, progress, change, abort === true));
      return;
    }
    if (progress.asked || gone) return;
    progress.asked = true;
    if (this.#joint) soon(() => void this.#join(client, progress, to));
    else soon(() => this.#world.startAnew(client, to));
  }

  async #end(client: Client, progress: Progress, change: MembershipChange, aborts: boolean): Promise<void> {
    const { referee, time } = this.#world;
    referee.say(() => `${client.host.label} ${aborts ? "aborts" : "completes"} the change`);
    try {
      await (aborts ? change.abort() : change.complete());
      progress.ended = true;
    } catch (error) {
      referee.say(() => `${client.host.label} cannot end the change yet: ${String(error).split("\n")[0]}`);
      client.host.at(time.now + RETRY_AFTER_MS, () => void (progress.ending = false));
      if (!(error instanceof QuorumError) && client.closing === undefined)
        referee.violated("errors", `the change did not end: ${String(error)}`);
    }
  }

  async #join(client: Client, progress: Progress, to: readonly number[]): Promise<void> {
    const { referee, time } = this.#world;
    referee.say(() => `${client.host.label} is told to use ${to.join(", ")} as well`);
    try {
      progress.change = await client.redlock.reconfigure(to.map((server) => client.wires[server]!));
      referee.say(() => `${client.host.label} needs both majorities`);
    } catch (error) {
      referee.say(() => `${client.host.label} cannot change yet: ${String(error).split("\n")[0]}`);
      client.host.at(time.now + RETRY_AFTER_MS, () => void (progress.asked = false));
    }
  }
}
