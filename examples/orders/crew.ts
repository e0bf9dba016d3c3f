import type { Scene } from "../harness/scene.ts";
import type { StoryProcess } from "../harness/story-process.ts";
import type { Task } from "./task.ts";

/** The orders of each process have numbers of their own. More than a process can place. */
const ORDERS_PER_PROCESS = 1_000_000;

/** The processes of the shop. Each of them has a place; a process that is killed is replaced. */
export class Crew {
  readonly #scene: Scene;
  readonly #task: Omit<Task, "first">;
  readonly #places: number;
  readonly #crew: StoryProcess[];
  #spare: StoryProcess | undefined;
  #started = 0;

  constructor(scene: Scene, places: number, task: Omit<Task, "first">) {
    this.#scene = scene;
    this.#task = task;
    this.#places = places;
    this.#crew = Array.from({ length: places }, () => this.#start());
  }

  /** Lets all processes begin. */
  async open(): Promise<void> {
    await this.#scene.go(this.#crew);
    this.prepare();
  }

  /** Starts the next replacement, so that a place is not empty for long. */
  prepare(): void {
    this.#spare ??= this.#start();
  }

  at(place: number): StoryProcess {
    const member = this.#crew[place % this.#places];
    if (member === undefined) throw new RangeError(`place: ${place} is not a place of the crew`);
    return member;
  }

  /** Puts a new process in the place of one that was killed. */
  async replace(place: number): Promise<void> {
    const replacement = this.#spare ?? this.#start();
    this.#spare = undefined;
    this.#crew[place % this.#places] = replacement;
    await this.#scene.go([replacement]);
    this.prepare();
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
