import type { Clock } from "../base/clock.ts";
import { InstanceError, type InstanceFailure } from "../base/errors.ts";
import { announcesRelease } from "../base/token.ts";
import type { Members } from "../members/members.ts";
import type { Voters } from "../members/voters.ts";
import { mutexKind } from "../operations/mutex.ts";
import { observeName } from "../operations/observe.ts";
import { isYes, type Reply, type ReplyList } from "../operations/request.ts";
import { Round } from "../quorum/round.ts";
import { drawPollDelayMs, drawSafetyPollDelayMs } from "./backoff.ts";
import { Forecast } from "./forecast.ts";
import type { WakeUps, Watch } from "./wake-ups.ts";

/** The token that a quorum reports, and until when. */
export interface ObservedHolder {
  readonly token: string;
  /** By the monotonic clock. `Infinity` if the keys have no expiry. */
  readonly expiresAt: number;
}

/** What the members reported about a name. `failures`: set if no quorum answered. */
export interface Look {
  readonly holder: ObservedHolder | undefined;
  readonly failures: readonly InstanceFailure[] | undefined;
  readonly isPermanent: boolean;
}

interface HolderWatchContext {
  readonly clock: Clock;
  readonly members: Members;
  readonly wakeUps: WakeUps;
  readonly prefix: string;
}

/** The minimum pause between two looks. Replies and messages can say again and again that the name may be free. */
const MIN_PAUSE_MS = 10;

/**
 * Watches who holds a name, without a place in line and without a vote (protocol §8). A look is one round that reads the name. Between
 * two looks, the wake messages and the expiries that the look has reported say when the name is free.
 */
export class HolderWatch {
  readonly #context: HolderWatchContext;
  readonly #name: string;
  #voters: Voters;
  #forecast: Forecast;
  #watch: Watch | undefined;
  /** Number of the latest look. Late replies to earlier ones change nothing. */
  #looks = 0;
  /** Bits of the members that published a release since the latest look began, or were free at that look. */
  #freeMask = 0;
  #onChange: (() => void) | undefined;
  /** The moments between which the next look begins, drawn after each look. */
  #notBefore = 0;
  #pollAt = 0;
  #safetyPollAt = 0;
  #isAnnounced = false;

  constructor(context: HolderWatchContext, name: string) {
    this.#context = context;
    this.#name = name;
    this.#voters = context.members.voters;
    this.#forecast = new Forecast(this.#voters);
  }

  /** Subscribes, or subscribes again where that failed. Resolves when a quorum would announce a release, or after `requestTimeout`. */
  subscribe(): Promise<void> {
    if (this.#watch !== undefined) {
      this.#watch.renew();
      return Promise.resolve();
    }
    const { wakeUps, prefix } = this.#context;
    this.#watch = wakeUps.watch(
      mutexKind.channels([this.#name], prefix),
      (_channel, member, _next, isMessage) => {
        if (isMessage) this.#freeMask |= 1 << member;
        this.#forecast.onWake(member);
      },
    );
    return this.#watch.ready;
  }

  /** Asks all members who holds the name. Resolves as soon as the answers decide it. */
  look(): Promise<Look> {
    const { clock, members, prefix } = this.#context;
    if (members.voters !== this.#voters) {
      this.#voters = members.voters;
      this.#forecast = new Forecast(this.#voters);
    }
    const voters = this.#voters;
    this.#forecast.onChange = this.#onChange;
    this.#forecast.beginAttempt();
    this.#freeMask = 0;
    this.#looks += 1;
    const number = this.#looks;
    const replies = new Map<number, Reply | InstanceError>();
    let isDecided = false;
    return new Promise((resolve) => {
      const round = new Round(voters).send(observeName(this.#name, prefix));
      round.listen(this.#forecast.newListener(() => clock.monotonic()));
      round.listen((member, reply) => {
        if (replies.has(member)) return;
        replies.set(member, reply);
        if (number !== this.#looks) return;
        if (!(reply instanceof InstanceError) && isYes(reply)) this.#freeMask |= 1 << member;
        const look = isDecided ? undefined : lookIn(voters, replies, clock.monotonic());
        if (look === undefined) return;
        isDecided = true;
        this.#planNextLook(look);
        resolve(look);
      });
    });
  }

  #planNextLook({ holder }: Look): void {
    const { clock } = this.#context;
    const now = clock.monotonic();
    this.#notBefore = now + MIN_PAUSE_MS;
    this.#pollAt = now + drawPollDelayMs(clock);
    this.#safetyPollAt = now + drawSafetyPollDelayMs(clock, undefined);
    this.#isAnnounced = holder !== undefined && announcesRelease(holder.token);
  }

  /** Whether a quorum has reported a release since the latest look. */
  get isReleased(): boolean {
    return this.#voters.hasQuorum(this.#freeMask);
  }

  /** When to look again, by the monotonic clock; 0 if a quorum has reported a release. */
  get nextLookAt(): number {
    if (this.isReleased) return 0;
    if (this.#voters !== this.#context.members.voters) return this.#notBefore;
    const isReliable = this.#isAnnounced && this.#forecast.isReliable && this.#watch?.isCovered === true;
    const pollAt = isReliable ? this.#safetyPollAt : this.#pollAt;
    return Math.max(this.#notBefore, Math.min(this.#forecast.quorumFreeAt, pollAt));
  }

  /** Called when `nextLookAt` may have changed. */
  set onChange(onChange: (() => void) | undefined) {
    this.#onChange = onChange;
    this.#forecast.onChange = onChange;
  }

  close(): void {
    this.onChange = undefined;
    this.#watch?.close();
    this.#watch = undefined;
  }
}

/** What one token holds. */
interface TokenHold {
  readonly token: string;
  mask: number;
  /** When the key of each member expires, as a negative number, by its index. */
  readonly endsAt: number[];
}

/** What these replies decide; `undefined` if replies that are missing could still decide otherwise. */
function lookIn(
  voters: Voters,
  replies: ReadonlyMap<number, Reply | InstanceError>,
  now: number,
): Look | undefined {
  let [answeredMask, freeMask, pendingMask] = [0, 0, voters.allMask];
  const holds: TokenHold[] = [];
  for (const [member, reply] of replies) {
    const bit = 1 << member;
    pendingMask &= ~bit;
    if (reply instanceof InstanceError) continue;
    answeredMask |= bit;
    if (isYes(reply)) {
      freeMask |= bit;
      continue;
    }
    const { token, remainingMs } = mutexKind.obstacle(reply as ReplyList);
    let hold = holds.find((other) => other.token === token);
    if (hold === undefined) holds.push((hold = { token, mask: 0, endsAt: [] }));
    hold.mask |= bit;
    hold.endsAt[member] = -(now + remainingMs);
    if (voters.hasQuorum(hold.mask)) return heldLook(voters, hold);
  }
  if (voters.hasQuorum(freeMask)) return FREE;
  if ([0, ...holds.map(({ mask }) => mask)].some((mask) => voters.hasQuorum(mask | pendingMask)))
    return undefined;
  if (!voters.hasQuorum(answeredMask))
    return voters.hasQuorum(answeredMask | pendingMask) ? undefined : failedLook(voters, replies);
  // A member that did not answer may have the token of one that did.
  const possible = holds.find(({ mask }) => voters.hasQuorum(mask | ~answeredMask));
  return possible === undefined ? FREE : heldLook(voters, possible);
}

const FREE: Look = { holder: undefined, failures: undefined, isPermanent: false };

function heldLook(voters: Voters, { token, endsAt }: TokenHold): Look {
  // The moment at which less than a quorum is left: the quorum-th of the latest expiries. Without a quorum, it is unknown.
  const lastsUntil = -voters.quorumReadyAt(endsAt);
  const expiresAt = lastsUntil === -Infinity ? -Math.min(...Object.values(endsAt)) : lastsUntil;
  return { holder: { token, expiresAt }, failures: undefined, isPermanent: false };
}

function failedLook(voters: Voters, replies: ReadonlyMap<number, Reply | InstanceError>): Look {
  const failures: InstanceFailure[] = [];
  let othersMask = voters.allMask;
  for (const { index, label } of voters.members) {
    const reply = replies.get(index);
    if (!(reply instanceof InstanceError)) continue;
    failures.push({ instance: label, error: reply });
    if (reply.isPermanent === true) othersMask &= ~(1 << index);
  }
  return { holder: undefined, failures, isPermanent: !voters.hasQuorum(othersMask) };
}
