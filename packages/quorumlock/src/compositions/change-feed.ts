import type { CallerWait } from "./caller-wait.ts";

/** Stops the notifications. */
export type Unsubscribe = () => void;

/**
 * Calls `notify` after every change that can make the condition true, until the returned function is called. The subscription may
 * be asynchronous.
 */
export type Subscribe = (notify: () => void) => Unsubscribe | Promise<Unsubscribe>;

/** The changes for one call. It subscribes when the call first waits, because most calls need not wait. */
export class ChangeFeed {
  readonly #subscribe: Subscribe;
  #state: "new" | "subscribed" | "ended" = "new";
  #unsubscribe: Unsubscribe | undefined;
  /** Whether a change came since the last check of the condition began. */
  #hasChanged = false;
  #onChange: (() => void) | undefined;

  constructor(subscribe: Subscribe) {
    this.#subscribe = subscribe;
  }

  /** The condition is checked now. Changes from now on may not be in its answer. */
  beginCheck(): void {
    this.#hasChanged = false;
  }

  /**
   * Resolves when the condition must be checked again: a change came since the last check began, or the feed has just subscribed,
   * because a change before that was not noticed. Returns false if the time was up before.
   * @throws the error of the subscription. LockAbortedError, LockClosedError.
   */
  async next(wait: CallerWait): Promise<boolean> {
    if (this.#state === "new") {
      this.#state = "subscribed";
      const subscribed = this.#keep(this.#subscribe(() => this.#onNotified()));
      return (await wait.until(subscribed)) !== undefined;
    }
    if (this.#hasChanged) return (await wait.nextTurn()) !== undefined;
    const changed = new Promise<void>((resolve) => (this.#onChange = resolve));
    return (await wait.untilEvent(changed)) !== undefined;
  }

  end(): void {
    this.#state = "ended";
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = undefined;
    unsubscribe?.();
  }

  async #keep(subscribing: Unsubscribe | Promise<Unsubscribe>): Promise<void> {
    const unsubscribe = await subscribing;
    if (typeof unsubscribe !== "function")
      throw new TypeError("changed: it must return a function that stops the notifications");
    // The call may have ended while the subscription was made.
    if (this.#state === "ended") unsubscribe();
    else this.#unsubscribe = unsubscribe;
  }

  #onNotified(): void {
    this.#hasChanged = true;
    this.#onChange?.();
    this.#onChange = undefined;
  }
}
