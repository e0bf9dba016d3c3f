import type { Clock, Timer } from "../base/clock.ts";
import { announcesRelease } from "../base/token.ts";
import type { Members } from "../members/members.ts";
import type { Voters } from "../members/voters.ts";
import { GRACE_MS } from "../operations/limits.ts";
import type { Attempt } from "../quorum/attempt.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { Backoff, drawPollDelayMs, drawSafetyPollDelayMs } from "./backoff.ts";
import { Deferral } from "./deferral.ts";
import { Forecast } from "./forecast.ts";
import { turnIn } from "./turn.ts";
import type { WaitEnd, WaitLimit } from "./wait-limit.ts";
import type { WakeUps, Watch } from "./wake-ups.ts";

export interface RetryContext {
  readonly clock: Clock;
  readonly members: Members;
  readonly wakeUps: WakeUps;
  /** The name of the acquisition in the lines. */
  readonly waiter: string;
  /** Whether it has a place of its own. Then a message that names only others does not wake it. */
  readonly hasOwnPlace: boolean;
  /** Called if some members have named it, too few for an attempt. `namedMask`: their bits. */
  readonly onNamedByFew: (namedMask: number) => void;
  /** The longest pause between two attempts, if the kind of lock needs a shorter one than usual. */
  readonly renewMs: number | undefined;
}

/** An attempt that did not win. */
export interface RefusedAttempt {
  readonly attempt: Attempt;
  readonly refusal: Refusal;
  readonly tookMs: number;
  /** `Members.changes` when it began. */
  readonly changesBefore: number;
}

/** How long after it was named a waiter says that it is there, if it does not try: well before it counts as absent. */
const STAY_AFTER_MS = GRACE_MS / 2;

interface WakeMessage {
  readonly channel: string;
  readonly member: number;
  /** The waiters that the member names as next in line, with spaces between them; "" if it names none. */
  readonly next: string;
}

/**
 * When an acquisition sends its next attempt (protocol §8). After the first refusal it subscribes, and then the next attempt
 * follows at once. After later refusals it sleeps until a quorum could be free, as the refusals and the wake messages report.
 */
export class RetrySchedule {
  readonly #context: RetryContext;
  /** The channels of a target; without a target, all channels of the acquisition. */
  readonly #channelsOf: (target?: unknown) => readonly string[];
  readonly #backoff: Backoff;
  readonly #deferral: Deferral;
  /** The voters that the forecast and the watch are about. */
  #voters: Voters;
  #forecast: Forecast | undefined;
  #watch: Watch | undefined;
  /** The channels whose messages say that the next attempt may win; `undefined` for all. */
  #decisiveChannels: readonly string[] | undefined;
  /** `Members.changes` when the refused attempt began. A change since then may be one that it could not use. */
  #changesBefore = 0;
  /** The messages since the attempt began. Its refusal decides which of them count. */
  #messages: WakeMessage[] | undefined;
  #refusal: Refusal | undefined;
  /** What each member says to this waiter since the attempt began, by its index. */
  #hints: (string | undefined)[] = [];
  /** Bits of the members that have named this waiter since then. */
  #namedMask = 0;
  /** Bits of those that have not heard of it after that. */
  #unansweredMask = 0;
  #stayTimer: Timer | undefined;

  /** `voters`: the voters of the first attempt. */
  constructor(context: RetryContext, voters: Voters, channelsOf: (target?: unknown) => readonly string[]) {
    this.#context = context;
    this.#channelsOf = channelsOf;
    this.#backoff = new Backoff(context.clock);
    this.#deferral = new Deferral(context.clock, context.waiter);
    this.#voters = voters;
  }

  /** Whether it receives wake messages, so that its attempts join the line. */
  get isSubscribed(): boolean {
    return this.#watch !== undefined;
  }

  /** Subscribes, if others of this client have subscribed. Then it takes no round trip, and the first attempt joins the line. */
  subscribeWithOthers(): void {
    const { wakeUps } = this.#context;
    if (wakeUps.isOpen && wakeUps.isWatched(this.#channelsOf())) this.#subscribe();
  }

  beginAttempt(): void {
    this.#messages = [];
    this.#hints = [];
    this.#namedMask = 0;
    this.#forecast?.beginAttempt();
    this.#deferral.reset();
    this.#answerNames();
    this.#watch?.renew();
  }

  recordRefusal({ attempt, refusal, tookMs, changesBefore }: RefusedAttempt): void {
    const { clock } = this.#context;
    this.#changesBefore = changesBefore;
    this.#refusal = refusal;
    const { refusedTarget } = attempt;
    this.#decisiveChannels = refusedTarget === undefined ? undefined : this.#channelsOf(refusedTarget);
    const messages = this.#messages ?? [];
    this.#messages = undefined;
    for (const message of messages) this.#onMessage(message);
    this.#backoff.recordRefusal(refusal, tookMs);
    attempt.listen(this.#currentForecast().newListener(() => clock.monotonic()));
  }

  /** The voters that the forecast and the subscriptions are about. */
  get voters(): Voters {
    return this.#voters;
  }

  /** Begins again with the present voters, because the forecast and the subscriptions are about the old ones. */
  restart(): void {
    this.#voters = this.#context.members.voters;
    this.close();
  }

  /** Waits until the next attempt may begin. Returns why the limit ended the wait, if it did. */
  async waitForNextAttempt(limit: WaitLimit): Promise<WaitEnd | undefined> {
    // During an outage no quorum could confirm a subscription.
    if (this.#watch !== undefined || this.#backoff.isOutage) return this.#sleep(limit);
    return limit.until(this.#subscribe().ready);
  }

  #subscribe(): Watch {
    return (this.#watch = this.#context.wakeUps.watch(this.#channelsOf(), (channel, member, next) => {
      const message = { channel, member, next };
      if (this.#messages === undefined) this.#onMessage(message);
      else this.#messages.push(message);
    }));
  }

  /** What the members that named this waiter say to it, the lowest member's first. */
  get hints(): readonly string[] {
    return this.#hints.filter((hint) => hint !== undefined);
  }

  #onMessage({ channel, member, next }: WakeMessage): void {
    if (this.#decisiveChannels?.includes(channel) === false) return;
    const { clock, waiter, hasOwnPlace } = this.#context;
    if (!hasOwnPlace) {
      if (next.split(" ").includes(waiter)) this.#namedMask |= 1 << member;
      this.#deferral.onNamed(member, next);
      this.#currentForecast().onWake(member);
      return;
    }
    const turn = turnIn(next, waiter);
    if (turn === undefined) return;
    const { hint, delayMs } = turn;
    if (hint !== undefined) this.#onNamed(member, hint);
    this.#currentForecast().onWake(member, delayMs === 0 ? 0 : clock.monotonic() + delayMs);
  }

  #onNamed(member: number, hint: string): void {
    this.#hints[member] = hint;
    this.#namedMask |= 1 << member;
    this.#unansweredMask |= 1 << member;
    const { clock, onNamedByFew } = this.#context;
    this.#stayTimer ??= clock.setTimer(
      STAY_AFTER_MS,
      () => {
        const namedMask = this.#unansweredMask;
        this.#answerNames();
        onNamedByFew(namedMask);
      },
      false,
    );
  }

  /** The members that named this waiter hear of it. */
  #answerNames(): void {
    this.#stayTimer?.cancel();
    this.#stayTimer = undefined;
    this.#unansweredMask = 0;
  }

  close(): void {
    this.#answerNames();
    this.#watch?.close();
    this.#watch = undefined;
    if (this.#forecast !== undefined) this.#forecast.onChange = undefined;
    this.#forecast = undefined;
  }

  async #sleep(limit: WaitLimit): Promise<WaitEnd | undefined> {
    const { clock, members, renewMs } = this.#context;
    const forecast = this.#currentForecast();
    const now = clock.monotonic();
    const notBefore = now + this.#backoff.drawDelayMs();
    const pollAt = now + drawPollDelayMs(clock);
    const safetyPollAt = now + drawSafetyPollDelayMs(clock, renewMs);
    let hasChanged = this.#backoff.isOutage && members.changes !== this.#changesBefore;
    let check = (): void => undefined;
    const stopWatching = members.watch(() => {
      hasChanged = true;
      check();
    });
    const end = await limit.sleep(
      () => {
        if (hasChanged || this.#hasTurn) return now;
        if (this.#backoff.isOutage) return this.#afterOutage(now, notBefore, forecast, safetyPollAt);
        const freeAt = Math.max(notBefore, forecast.quorumFreeAt, this.#deferral.endsAt);
        // A poll bounds the delay, because a message can be lost and a key can be deleted by hand.
        const isAnnounced = forecast.isReliable && this.#isReleaseAnnounced();
        return Math.min(freeAt, Math.max(notBefore, isAnnounced ? safetyPollAt : pollAt));
      },
      (given) => (forecast.onChange = check = given),
    );
    stopWatching();
    return end;
  }

  /**
   * Whether a quorum named this waiter, so that others keep out. Then it does not back off, unless its votes were split by waiters that
   * had a turn as well.
   */
  get #hasTurn(): boolean {
    const votes = this.#refusal?.votes ?? 0;
    return this.#voters.hasQuorum(this.#namedMask) && 2 * votes <= this.#voters.members.length;
  }

  /** After the backoff, or when a quorum gets free if that is earlier. Never before enough members are out of quarantine. */
  #afterOutage(now: number, notBefore: number, forecast: Forecast, safetyPollAt: number): number {
    const possibleAt = this.#refusal?.quorumPossibleAt ?? 0;
    const freeAt = forecast.quorumFreeAt;
    const next = freeAt > now ? Math.min(notBefore, freeAt) : notBefore;
    return Math.min(Math.max(possibleAt, next), possibleAt === Infinity ? safetyPollAt : Infinity);
  }

  /** Whether a wake message will announce the release. If not, the waiter polls every 50 to 150 ms. */
  #isReleaseAnnounced(): boolean {
    if (this.#watch?.isCovered !== true || this.#refusal === undefined) return false;
    const { holder, isBehind } = this.#refusal;
    return isBehind || (holder !== undefined && announcesRelease(holder.token));
  }

  #currentForecast(): Forecast {
    return (this.#forecast ??= new Forecast(this.#voters));
  }
}
