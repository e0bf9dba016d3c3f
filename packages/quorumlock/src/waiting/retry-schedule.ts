import type { Clock } from "../base/clock.ts";
import { isOwnToken } from "../base/token.ts";
import type { Members } from "../members/members.ts";
import type { Voters } from "../members/voters.ts";
import type { Attempt } from "../quorum/attempt.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { Backoff, pollDelayMs, safetyPollDelayMs } from "./backoff.ts";
import { Deferral } from "./deferral.ts";
import { Forecast } from "./forecast.ts";
import type { WaitEnd, WaitLimit } from "./wait-limit.ts";
import type { WakeUps, Watch } from "./wake-ups.ts";

export interface RetryContext {
  readonly clock: Clock;
  readonly members: Members;
  readonly wakeUps: WakeUps;
  readonly clientId: string;
}

/** An attempt that did not win. */
export interface RefusedAttempt {
  readonly attempt: Attempt;
  readonly refusal: Refusal;
  readonly tookMs: number;
}

/**
 * When an acquisition asks the instances again (protocol §8): after the first refusal it subscribes and asks at once. After
 * that it sleeps until a quorum could be free, by what the refusals and the wake messages say.
 */
export class RetrySchedule {
  readonly #context: RetryContext;
  readonly #channels: () => readonly string[];
  readonly #backoff: Backoff;
  readonly #deferral: Deferral;
  /** The voters that the forecast and the watch are about. */
  #voters: Voters;
  #forecast: Forecast | undefined;
  #watch: Watch | undefined;
  #refusal: Refusal | undefined;

  /** `voters`: those that were asked first. */
  constructor(context: RetryContext, voters: Voters, channels: () => readonly string[]) {
    this.#context = context;
    this.#channels = channels;
    this.#backoff = new Backoff(context.clock);
    this.#deferral = new Deferral(context.clock, context.clientId);
    this.#voters = voters;
  }

  /** Whether it receives wake messages, so that its attempts join the line. */
  get isSubscribed(): boolean {
    return this.#watch !== undefined;
  }

  beginAttempt(): void {
    this.#forecast?.beginAttempt();
    this.#deferral.reset();
    this.#watch?.renew();
  }

  recordRefusal({ attempt, refusal, tookMs }: RefusedAttempt): void {
    const { clock } = this.#context;
    this.#refusal = refusal;
    this.#backoff.recordRefusal(refusal, tookMs);
    attempt.listen(this.#currentForecast().listener(() => clock.monotonic()));
  }

  /** The voters that its knowledge is about. */
  get voters(): Voters {
    return this.#voters;
  }

  /** The voters have changed: what it knows is out of date. */
  restart(): void {
    this.#voters = this.#context.members.voters;
    this.close();
  }

  /** Waits for the next attempt. Returns why the limit ended the wait, if it did. */
  async next(limit: WaitLimit): Promise<WaitEnd | undefined> {
    // During an outage nobody could confirm a subscription.
    if (this.#watch !== undefined || this.#backoff.isOutage) return this.#sleep(limit);
    this.#watch = this.#context.wakeUps.watch(this.#channels(), (member, next) => {
      this.#deferral.onNamed(member, next);
      this.#currentForecast().wake(member);
    });
    return limit.until(this.#watch.ready);
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
    if (this.#forecast !== undefined) this.#forecast.onChange = undefined;
    this.#forecast = undefined;
  }

  async #sleep(limit: WaitLimit): Promise<WaitEnd | undefined> {
    const { clock, members } = this.#context;
    const forecast = this.#currentForecast();
    const now = clock.monotonic();
    const notBefore = now + this.#backoff.delayMs;
    const [pollAt, safetyPollAt] = [now + pollDelayMs(clock), now + safetyPollDelayMs(clock)];
    let hasChanged = false;
    let check = (): void => undefined;
    const stopWatching = members.watch(() => {
      hasChanged = true;
      check();
    });
    const end = await limit.sleep(
      () => {
        if (hasChanged) return now;
        if (this.#backoff.isOutage) return this.#afterOutage(now, notBefore, forecast, safetyPollAt);
        const freeAt = Math.max(notBefore, forecast.quorumFreeAt, this.#deferral.until);
        // Even if a message should come: it can get lost, and a key can be deleted by hand.
        return Math.min(freeAt, Math.max(notBefore, this.#isReleaseAnnounced() ? safetyPollAt : pollAt));
      },
      (given) => (forecast.onChange = check = given),
    );
    stopWatching();
    return end;
  }

  /** Not before enough members may vote, if some are in quarantine. Then after the backoff, or when a member gets free. */
  #afterOutage(now: number, notBefore: number, forecast: Forecast, safetyPollAt: number): number {
    const possibleAt = this.#refusal?.quorumPossibleAt ?? 0;
    const freeAt = forecast.quorumFreeAt;
    const next = freeAt > now ? Math.min(notBefore, freeAt) : notBefore;
    return Math.min(Math.max(possibleAt, next), possibleAt === Infinity ? safetyPollAt : Infinity);
  }

  /** Whether a wake message will announce the release. Without it, the waiter polls slowly. */
  #isReleaseAnnounced(): boolean {
    const holder = this.#refusal?.holder;
    return this.#watch?.isCovered === true && holder !== undefined && isOwnToken(holder.token);
  }

  #currentForecast(): Forecast {
    return (this.#forecast ??= new Forecast(this.#voters));
  }
}
