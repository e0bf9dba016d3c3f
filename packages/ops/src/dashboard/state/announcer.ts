const MIN_INTERVAL_MS = 5_000;

/**
 * What a screen reader speaks: changes of the banner and of alerts, at most one text in 5 s. Of several changes of one subject only
 * the last is spoken.
 */
export class Announcer {
  readonly #speak: (text: string) => void;
  readonly #waiting = new Map<string, string>();
  readonly #last = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(speak: (text: string) => void) {
    this.#speak = speak;
  }

  /** The first text of a subject is not spoken, because it is not a change. */
  say(subject: string, text: string): void {
    const isFirst = !this.#last.has(subject);
    if (this.#last.get(subject) === text) return;
    this.#last.set(subject, text);
    if (isFirst) return;
    this.#waiting.set(subject, text);
    if (this.#timer === undefined) this.#speakWaiting();
  }

  #speakWaiting(): void {
    const text = [...this.#waiting.values()].filter((each) => each !== "").join(" ");
    this.#waiting.clear();
    this.#timer = undefined;
    if (text === "") return;
    this.#speak(text);
    this.#timer = setTimeout(() => this.#speakWaiting(), MIN_INTERVAL_MS);
  }
}
