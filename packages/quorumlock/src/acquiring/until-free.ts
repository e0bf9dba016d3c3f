import {
  InstanceError,
  type InstanceFailure,
  LockAbortedError,
  LockClosedError,
  LockTimeoutError,
  QuorumError,
} from "../base/errors.ts";
import { checkText } from "../base/check-value.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkName } from "../base/names.ts";
import { checkOptions, checkSignal, checkWait, type ResolvedOptions } from "../base/options.ts";
import { ownerOf } from "../base/token.ts";
import { checkKeyName } from "../operations/keys.ts";
import { HolderWatch, type Look, type ObservedHolder } from "../waiting/holder-watch.ts";
import { type WaitEnd, WaitLimit } from "../waiting/wait-limit.ts";
import type { AcquiringContext } from "./acquiring-context.ts";
import type { WaitingCaller, WaitingContext } from "./origin.ts";

/** Options of `untilFree`. */
export interface UntilFreeOptions {
  /**
   * How long to wait for the release, in ms. From 0 to `Infinity`. With 0 it looks once.
   * @default the client's `wait`
   */
  readonly wait?: number | undefined;
  /** Ends the wait with a `LockAbortedError` when it aborts. @default none */
  readonly signal?: AbortSignal | undefined;
  /**
   * The token of the holder whose end is awaited. If another one holds the name by now, this one has ended.
   * @default the holder that the instances report
   */
  readonly holder?: string | undefined;
}

/** The parts of the client that an observer uses. */
interface ObservingContext extends AcquiringContext, WaitingContext {
  readonly options: ResolvedOptions;
}

const MIN_OUTAGE_PAUSE_MS = 50;
const MAX_OUTAGE_PAUSE_MS = 1_000;

/**
 * Waits until the holder of a name has released it, or its lease is over. Resolves to the token of that holder; to `undefined` if a
 * quorum reported no holder.
 * @throws as `Redlock.untilFree`.
 */
export async function untilFree(
  context: ObservingContext,
  name: string,
  options: UntilFreeOptions = {},
): Promise<string | undefined> {
  checkKeyName(checkName("name", name));
  checkOptions(options);
  refuseUnknownOptions(options, { wait: true, signal: true, holder: true });
  const waitMs = checkWait(options.wait ?? context.options.waitMs);
  const signal = checkSignal(options.signal);
  const expected = options.holder === undefined ? undefined : checkText("holder", options.holder);
  if (context.isClosed) throw new LockClosedError([name]);
  if (signal?.aborted === true) throw new LockAbortedError([name], signal.reason);
  const observer = new Observer(context, name, { waitMs, signal, expected });
  try {
    return await observer.run();
  } finally {
    observer.dispose();
  }
}

/** The options of one call, checked. */
interface ObserverOptions {
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  /** The token whose end is awaited, if the caller knows it. */
  readonly expected: string | undefined;
}

/** One call of `untilFree`. */
class Observer implements WaitingCaller {
  registryIndex = -1;
  readonly #context: ObservingContext;
  readonly #name: string;
  readonly #waitMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #expected: string | undefined;
  readonly #startedAt: number;
  readonly #limit: WaitLimit;
  readonly #watch: HolderWatch;
  /** The holder that it waits for. */
  #holder: ObservedHolder | undefined;
  /** Why the latest look has failed, if it has. */
  #failures: readonly InstanceFailure[] | undefined;
  /** Number of looks in a row that have failed. */
  #outages = 0;

  constructor(context: ObservingContext, name: string, { waitMs, signal, expected }: ObserverOptions) {
    const { clock, deadlines, members, wakeUps, quorumContext } = context;
    this.#context = context;
    this.#name = name;
    this.#waitMs = waitMs;
    this.#signal = signal;
    this.#expected = expected;
    this.#startedAt = clock.monotonic();
    this.#watch = new HolderWatch({ clock, members, wakeUps, prefix: quorumContext.prefix }, name);
    this.#limit = new WaitLimit({
      clock,
      deadlines,
      startedAt: this.#startedAt,
      waitMs,
      signal,
      extensionMs: () => 0,
    });
    context.waitingCallers.add(this);
    context.beginWait();
  }

  /** The client closes. */
  close(): void {
    this.#limit.end("closed");
  }

  async run(): Promise<string | undefined> {
    const { members } = this.#context;
    if (!members.isIdentified) await this.#until(members.identifyAll());
    for (;;) {
      if (members.conflict !== undefined) throw members.conflict;
      // The subscription comes before the look, so that a release after the look is heard.
      if (this.#waitMs > 0) await this.#until(this.#watch.subscribe());
      const look = await this.#look();
      if (look.failures !== undefined) {
        await this.#pauseAfter(look);
        continue;
      }
      this.#outages = 0;
      const awaited = this.#holder?.token ?? this.#expected;
      // It has ended, also if another holder came after it.
      if (look.holder === undefined || (awaited !== undefined && awaited !== look.holder.token))
        return awaited;
      this.#holder = look.holder;
      if (this.#waitMs === 0) throw this.#errorAt("timeout");
      await this.#sleep();
      if (this.#watch.isReleased) return this.#holder.token;
    }
  }

  dispose(): void {
    this.#watch.close();
    this.#limit.dispose();
    if (this.#context.waitingCallers.delete(this)) this.#context.endWait();
  }

  async #look(): Promise<Look> {
    let look: Look | undefined;
    await this.#until(this.#watch.look().then((found) => void (look = found)));
    this.#failures = look!.failures;
    return look!;
  }

  /** Waits until the next look may begin, after one without a quorum. @throws QuorumError if waiting does not help. */
  async #pauseAfter({ failures, isPermanent }: Look): Promise<void> {
    const { clock, members } = this.#context;
    if (isPermanent)
      throw this.#quorumError("waiting does not help, because too many instances cannot be used");
    // Members that have lost their connection may answer again after few round trips.
    const restored = this.#outages === 0 ? members.whenRestored() : undefined;
    this.#outages += 1;
    this.#failures = failures;
    if (restored !== undefined) return this.#until(restored);
    if (this.#waitMs === 0) throw this.#errorAt("timeout");
    const windowMs = Math.min(
      MAX_OUTAGE_PAUSE_MS,
      MIN_OUTAGE_PAUSE_MS * 2 ** Math.min(this.#outages - 1, 10),
    );
    const until = clock.monotonic() + windowMs / 2 + (clock.random() * windowMs) / 2;
    this.#throwIf(await this.#limit.sleep(() => until));
  }

  /** Sleeps until a quorum has reported a release, or until it is time to look again. */
  async #sleep(): Promise<void> {
    const watch = this.#watch;
    const { members } = this.#context;
    let stopWatching: (() => void) | undefined;
    const end = await this.#limit.sleep(
      () => watch.nextLookAt,
      (check) => {
        watch.onChange = check;
        stopWatching?.();
        stopWatching = members.watch(check);
      },
    );
    stopWatching?.();
    watch.onChange = undefined;
    this.#throwIf(end);
  }

  /** Waits for an event that never rejects. @throws the error of the call, if its wait ends before. */
  async #until(event: Promise<void>): Promise<void> {
    this.#throwIf(await this.#limit.until(event));
  }

  #throwIf(end: WaitEnd | undefined): void {
    if (end !== undefined) throw this.#errorAt(end);
  }

  #errorAt(end: WaitEnd): Error {
    const names = [this.#name];
    const { clock, isHeldHere } = this.#context;
    if (end === "aborted") return new LockAbortedError(names, this.#signal?.reason);
    if (end === "closed") return new LockClosedError(names);
    const now = clock.monotonic();
    const waitedMs = now - this.#startedAt;
    if (this.#holder === undefined || this.#failures !== undefined)
      return this.#quorumError(`too few instances answered within ${Math.round(waitedMs)} ms`);
    const { token, expiresAt } = this.#holder;
    const holder = {
      token,
      owner: ownerOf(token),
      remaining: Math.max(0, expiresAt - now),
      thisProcess: isHeldHere(names, token),
    };
    return new LockTimeoutError(names, waitedMs, holder, [], "free", true);
  }

  #quorumError(what: string): QuorumError {
    const { voters } = this.#context.members;
    const noAnswer = new InstanceError("INSTANCE_TIMEOUT", "has not answered yet");
    const failures =
      this.#failures ?? voters.members.map(({ label }) => ({ instance: label, error: noAnswer }));
    return new QuorumError([this.#name], `${what}: ${voters.needed} are needed`, failures);
  }
}
