import type { FromWorker, Write } from "../messages.ts";

/** Speaks to the fenced store of the controller over the channel between the processes. */
export class StoreClient {
  readonly #say: (message: FromWorker) => void;
  readonly #open = new Map<number, (accepted: boolean) => void>();
  #next = 0;

  constructor(say: (message: FromWorker) => void) {
    this.#say = say;
  }

  write(write: Write): Promise<boolean> {
    const id = (this.#next += 1);
    return new Promise((resolve) => {
      this.#open.set(id, resolve);
      this.#say({ kind: "write", id, write });
    });
  }

  stored(id: number, accepted: boolean): void {
    this.#open.get(id)?.(accepted);
    this.#open.delete(id);
  }
}
