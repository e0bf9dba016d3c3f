import { rejectionOf } from "../acquiring/acquire-error.ts";
import { LockTimeoutError, QuorumError } from "../base/errors.ts";
import { makeToken } from "../base/token.ts";
import type { Client } from "../client/client.ts";
import { seizeKind } from "../operations/seize.ts";
import { pause } from "../patterns/pause.ts";
import { Attempt } from "../quorum/attempt.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { FormerHolders } from "./former-holders.ts";
import { SeizeReplies } from "./seize-replies.ts";
import { SeizingHold } from "./seizing-hold.ts";

/** How a lock is seized. */
export interface SeizeOptions {
  readonly ttlMs: number;
  /** How long it tries again while too few instances vote, in ms. */
  readonly waitMs: number;
  /** The end of the token, as in token.ts. */
  readonly tokenSuffix: string;
  /** Gets those from whom the lock was stolen, also from replies that come after the theft was won. */
  readonly former: FormerHolders;
  /** Whether the holder of a token learns of the theft in this process, if the theft is won. */
  readonly learnsHere: (token: string) => boolean;
}

/** The longest pause after the first try, in ms. It doubles with each try. */
const FIRST_PAUSE_MS = 20;
/** The longest pause, in ms. It limits what a client sends during an outage. */
const MAX_PAUSE_MS = 1_000;

/**
 * The attempts of one theft, one after another, until one wins. All have one token, so an instance keeps what it has seized, and nobody
 * gets the lock between two attempts. If the theft fails, the token is deleted where nobody held the name before. Elsewhere it
 * expires by itself.
 */
export class SeizingAttempts {
  readonly #client: Client;
  readonly #options: SeizeOptions;
  readonly #hold: SeizingHold;
  readonly #startedAt: number;
  /** How many attempts were sent so far. */
  count = 0;
  /** How many rounds of requests they had. */
  rounds = 0;

  constructor(client: Client, name: string, options: SeizeOptions) {
    this.#client = client;
    this.#options = options;
    const { clock, quorumContext } = client;
    const token = makeToken(clock.randomToken(), options.tokenSuffix);
    const replies = new SeizeReplies(options.former, options.learnsHere);
    this.#hold = new SeizingHold(quorumContext, name, token, replies);
    this.#startedAt = clock.monotonic();
  }

  get waitedMs(): number {
    return this.#client.clock.monotonic() - this.#startedAt;
  }

  /** Returns the attempt that won, and what it holds. @throws the errors of `seizeLock`. */
  async untilWon(): Promise<{ readonly attempt: Attempt; readonly seized: SeizingHold }> {
    try {
      for (;;) {
        const { attempt, refusal } = await this.#tryOnce();
        const { conflict } = this.#client.members;
        if (conflict !== undefined) throw conflict;
        if (refusal !== undefined) await this.#waitAfter(refusal);
        else if (!this.#hold.isOutdated) return { attempt, seized: this.#hold };
      }
    } catch (error) {
      // The token stays where it was seized from a holder, and the withdrawal may be lost.
      this.#client.recordLeftover(this.#hold.token);
      this.#hold.withdraw();
      throw error;
    }
  }

  async #tryOnce(): Promise<{ readonly attempt: Attempt; readonly refusal: Refusal | undefined }> {
    const { quorumContext } = this.#client;
    const { ttlMs } = this.#options;
    const options = { ttlMs, previous: undefined, joinsLine: false, keepsVotes: true };
    let attempt!: Attempt;
    const refusal = await new Promise<Refusal | undefined>((resolve) => {
      attempt = new Attempt(quorumContext, this.#hold, options, { onAttemptEnded: resolve });
      attempt.start();
    });
    this.count += 1;
    this.rounds += attempt.rounds;
    return { attempt, refusal };
  }

  async #waitAfter(refusal: Refusal): Promise<void> {
    this.#throwIfFinal(refusal);
    await this.#pauseAfter(refusal);
  }

  #throwIfFinal(refusal: Refusal): void {
    const { voters } = this.#client.members;
    const { names, target } = this.#hold;
    const rejection = rejectionOf({ kind: seizeKind, target }, refusal, voters);
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
    await pause(this.#client, this.#hold.names, ms, undefined);
  }
}
