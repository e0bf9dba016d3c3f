import type { FromWorker, Write } from "../processes/messages.ts";

/** Sends writes to the controller's fenced store. */
export class StoreClient {
  readonly #send: (message: FromWorker) => void;
  /** The writes in flight, by id. */
  readonly #pending = new Map<number, (isAccepted: boolean) => void>();
  #lastId = 0;

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  /** Resolves with whether the store accepted the write. */
  write(write: Write): Promise<boolean> {
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      this.#pending.set(id, resolve);
      this.#send({ kind: "write", id, write });
    });
  }

  onWriteResult(id: number, isAccepted: boolean): void {
    this.#pending.get(id)?.(isAccepted);
    this.#pending.delete(id);
  }
}
