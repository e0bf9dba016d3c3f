import type { DiscoveryError } from "./errors.ts";

/** What is wrong now, by subject. */
export class Problems {
  readonly #bySubject = new Map<string, DiscoveryError>();
  readonly #onBegin: (error: DiscoveryError) => void;
  readonly #onEnd: (error: DiscoveryError) => void;

  constructor(onBegin: (error: DiscoveryError) => void, onEnd: (error: DiscoveryError) => void) {
    this.#onBegin = onBegin;
    this.#onEnd = onEnd;
  }

  get list(): readonly DiscoveryError[] {
    return [...this.#bySubject.values()];
  }

  of(subject: string): DiscoveryError | undefined {
    return this.#bySubject.get(subject);
  }

  /** Replaces the problem of a subject. `undefined`: there is none. */
  set(subject: string, error: DiscoveryError | undefined): void {
    const before = this.#bySubject.get(subject);
    if (before?.message === error?.message) return;
    if (error === undefined) this.#bySubject.delete(subject);
    else this.#bySubject.set(subject, error);
    if (error === undefined && before !== undefined) this.#onEnd(before);
    if (error !== undefined) this.#onBegin(error);
  }
}
