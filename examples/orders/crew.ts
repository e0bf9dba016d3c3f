import type { Scene } from "../harness/scene.ts";
import type { StoryProcess } from "../harness/story-process.ts";
import type { Task } from "./task.ts";

/** The orders of each process have numbers of their own. More than a process can place. */
const ORDERS_PER_PROCESS = 1_000_000;

/** The processes of the shop. Each of them has a place; a process that is killed is replaced. */
export class Crew {
  readonly #scene: Scene;
  readonly #task: Omit<Task, "first">;
  readonly #size: number;
  readonly #crew: StoryProcess[];
  #spare: StoryProcess | undefined;
  #started = 0;

  /** @param size how many processes serve customers at the same time. */
  constructor(scene: Scene, size: number, task: Omit<Task, "first">) {
    this.#scene = scene;
    this.#task = task;
    this.#size = size;
    this.#crew = Array.from({ length: size }, () => this.#start());
  }

  /** The numbers of all places, from 0 on. */
  get places(): readonly number[] {
    return Array.from({ length: this.#size }, (_, place) => place);
  }

  /** Lets all processes begin. */
  async open(): Promise<void> {
    await this.#scene.go(this.#crew);
  }

  /** Starts the next replacement, so that a place is not empty for long. */
  prepare(): void {
    this.#spare ??= this.#start();
  }

  at(place: number): StoryProcess {
    const member = this.#crew[place];
    if (member === undefined) throw new RangeError(`place: ${place} is not a place of the crew`);
    return member;
  }

  /** Puts a new process in the place of one that was killed. */
  async replace(place: number): Promise<void> {
    const replacement = this.#spare ?? this.#start();
    this.#spare = undefined;
    this.#crew[place] = replacement;
    await this.#scene.go([replacement]);
  }

  async stop(): Promise<void> {
    await this.#spare?.kill();
    await Promise.all(this.#crew.map((member) => member.stop()));
  }

  #start(): StoryProcess {
    const task: Task = { ...this.#task, first: this.#started * ORDERS_PER_PROCESS };
    this.#started += 1;
    return this.#scene.start(`shop-${this.#started}`, import.meta.resolve("./worker.ts"), task);
  }
}
