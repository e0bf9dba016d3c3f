import type { Scene } from "../harness/scene.ts";
import type { BookReader, Books } from "./books.ts";
import { type Invariant, judgeBooks, type Violation } from "./invariants.ts";

const MIN_INTERVAL_MS = 100;
/** The share of the time that it may look, because its work slows the shop down. */
const MAX_SHARE = 0.2;

/** Reads both ledgers again and again while the load runs, and collects what was wrong at any moment. */
export class Watch {
  readonly #scene: Scene;
  readonly #reader: BookReader;
  readonly #violations = new Map<string, Violation>();
  readonly #done = new AbortController();
  readonly #watching: Promise<void>;
  #looks = 0;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(scene: Scene, reader: BookReader) {
    this.#scene = scene;
    this.#reader = reader;
    this.#watching = this.#watch();
    // A failure of the watch must not be unhandled while the load still runs. `stop()` rejects with it.
    this.#watching.catch(() => undefined);
  }

  /** How often both ledgers were read. */
  get looks(): number {
    return this.#looks;
  }

  /** What was wrong, once for each product or order. */
  violationsOf(invariant: Invariant): readonly Violation[] {
    return [...this.#violations.values()].filter((violation) => violation.invariant === invariant);
  }

  /** Looks once, at a moment after this call. Calls at the same time share a look. */
  look(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const look = this.#look(false).then(() => undefined);
      this.#running = look.catch(() => undefined);
      return look;
    });
    return this.#next;
  }

  /** Ends the watch with a look at rest. @returns the books of that look. */
  async stop(): Promise<Books> {
    this.#done.abort();
    await this.#watching;
    await this.#running;
    return this.#look(true);
  }

  async #watch(): Promise<void> {
    while (!this.#done.signal.aborted) {
      const startedAt = performance.now();
      await this.look();
      const tookMs = performance.now() - startedAt;
      await this.#scene.pause(Math.max(MIN_INTERVAL_MS, tookMs * (1 / MAX_SHARE - 1)));
    }
  }

  async #look(isAtRest: boolean): Promise<Books> {
    const books = await this.#reader.read();
    this.#looks += 1;
    for (const violation of judgeBooks(books, { isAtRest })) {
      const key = `${violation.invariant} ${violation.id}`;
      if (!this.#violations.has(key)) this.#violations.set(key, violation);
    }
    return books;
  }
}
