import { rejectionOf } from "../acquiring/acquire-error.ts";
import { LockTimeoutError, QuorumError } from "../base/errors.ts";
import { makeToken, ownerOf } from "../base/token.ts";
import type { Client } from "../client/client.ts";
import { type SeizedTarget, seizeKind, seizureOf } from "../operations/seize.ts";
import { pause } from "../patterns/pause.ts";
import { Attempt } from "../quorum/attempt.ts";
import { Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";

/** How a lock is seized. */
export interface SeizeOptions {
  readonly ttlMs: number;
  /** How long it tries again while too few instances vote, in ms. */
  readonly waitMs: number;
  /** The end of the token, as in token.ts. */
  readonly tokenSuffix: string;
}

/** The longest pause after the first try, in ms. It doubles with each try. */
const FIRST_PAUSE_MS = 20;
/** The longest pause, in ms. It limits what a client sends during an outage. */
const MAX_PAUSE_MS = 1_000;

/** The attempts of one theft, one after another, until one wins. */
export class SeizingAttempts {
  readonly #client: Client;
  readonly #options: SeizeOptions;
  readonly #target: SeizedTarget;
  readonly #startedAt: number;
  /** How many attempts were sent so far. */
  count = 0;
  /** How many rounds of requests they had. */
  rounds = 0;
  /**
   * When the keys of all former holders would have expired, by the monotonic clock. Until then, a former holder that does not know of
   * the theft can extend a free key. Holders with the owner label of the thief do not count, because they are told.
   */
  formerEndAt = 0;

  constructor(client: Client, name: string, options: SeizeOptions) {
    this.#client = client;
    this.#options = options;
    this.#target = seizureOf(name, this);
    this.#startedAt = client.clock.monotonic();
  }

  onSeized(tokens: readonly string[], leftMs: number): void {
    const own = this.#options.tokenSuffix.slice(1);
    if (tokens.every((token) => ownerOf(token) === own)) return;
    this.formerEndAt = Math.max(this.formerEndAt, this.#client.clock.monotonic() + leftMs);
  }

  get waitedMs(): number {
    return this.#client.clock.monotonic() - this.#startedAt;
  }

  /** Returns the attempt that won. @throws the errors of `seizeLock`. */
  async untilWon(): Promise<Attempt> {
    const { members } = this.#client;
    for (;;) {
      const { attempt, refusal } = await this.#tryOnce();
      const { hold } = attempt;
      if (refusal === undefined && members.conflict === undefined && !hold.isOutdated) return attempt;
      hold.withdraw();
      if (members.conflict !== undefined) throw members.conflict;
      if (refusal === undefined) continue;
      this.#throwIfFinal(refusal);
      await this.#pauseAfter(refusal);
    }
  }

  async #tryOnce(): Promise<{ readonly attempt: Attempt; readonly refusal: Refusal | undefined }> {
    const { clock, quorumContext } = this.#client;
    const { ttlMs, tokenSuffix } = this.#options;
    const token = makeToken(clock.randomToken(), tokenSuffix);
    const hold = new Hold(quorumContext, seizeKind, this.#target, token);
    const options = { ttlMs, previous: undefined, joinsLine: false };
    let attempt!: Attempt;
    const refusal = await new Promise<Refusal | undefined>((resolve) => {
      attempt = new Attempt(quorumContext, hold, options, { onAttemptEnded: resolve });
      attempt.start();
    });
    this.count += 1;
    this.rounds += attempt.rounds;
    return { attempt, refusal };
  }

  #throwIfFinal(refusal: Refusal): void {
    const { voters } = this.#client.members;
    const { names } = this.#target;
    const rejection = rejectionOf({ kind: seizeKind, target: this.#target }, refusal, voters);
    if (rejection !== undefined) throw rejection;
    const { kind, isPermanent, failures } = refusal;
    const waitedMs = this.waitedMs;
    if (!isPermanent && waitedMs < this.#options.waitMs) return;
    if (kind === "contended") throw new LockTimeoutError(names, waitedMs, undefined, failures);
    const why = isPermanent ? ", and waiting does not help" : ` within ${Math.round(waitedMs)} ms`;
    throw new QuorumError(names, `not stolen: too few instances voted${why}`, failures);
  }

  /** Another client may have seized the lock at the same moment, or too few instances have voted. */
  async #pauseAfter({ kind }: Refusal): Promise<void> {
    const { clock, members } = this.#client;
    const restored = kind === "no-quorum" && this.count === 1 ? members.whenRestored() : undefined;
    if (restored !== undefined) return restored;
    const longestMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.count - 1, 10));
    const leftMs = Math.max(0, this.#options.waitMs - this.waitedMs);
    const ms = Math.min(leftMs, (longestMs * (1 + clock.random())) / 2);
    await pause(this.#client, this.#target.names, ms, undefined);
  }
}
