import type { Timer } from "../base/clock.ts";
import { LockClosedError } from "../base/errors.ts";
import type { InstanceState } from "../base/events.ts";
import { toSafeError } from "../base/safe-error.ts";
import { warnOnce } from "../base/warn-once.ts";
import { MovableInstance } from "../instances/movable.ts";
import type { Instance } from "../instances/port.ts";
import type { InstanceSource } from "../instances/sources.ts";
import type { Member } from "../members/member.ts";
import { AddressResolution, type ResolutionContext } from "./address-resolution.ts";
import type { Client, ClientMonitor } from "./client.ts";
import { checkMembers, type MemberHealth, type MembersHealth, summarize } from "./check-members.ts";
import type { Health } from "./health.ts";
import type { ResolvedHealthOptions } from "./health-options.ts";

/**
 * Checks the instances of a client: when a caller wants to know, and in the background if options are given. Emits an event when a
 * check finds another state than the check before.
 *
 * The background checks: `waiting` for the end of the interval, then `checking` if the client is in use. A check that takes longer than
 * an interval delays the next one, so there is at most one at a time. A client that is not in use sends nothing.
 */
export class HealthMonitor implements ClientMonitor {
  readonly #options: ResolvedHealthOptions | undefined;
  #client!: Client;
  #timer: Timer | undefined;
  /** The check in flight. Every caller who comes meanwhile gets its result. */
  #checking: Promise<MembersHealth> | undefined;
  /** What the latest check found. Without an entry: `up`. */
  #states = new Map<Member, InstanceState>();
  /** When a check found that no quorum can vote, by the monotonic clock. */
  #lostAt: number | undefined;
  /** `Client.acquisitionCount` at the end of the latest interval. */
  #acquisitionsBefore = 0;
  /** Instances that can be moved. */
  readonly #resolutions = new Map<Instance, AddressResolution>();
  #isClosed = false;

  constructor(options: ResolvedHealthOptions | undefined) {
    this.#options = options;
  }

  openInstance(source: InstanceSource, open: () => Instance): Instance {
    return this.#options?.resolver === undefined ? open() : new MovableInstance({ source, open });
  }

  start(client: Client): void {
    this.#client = client;
    this.#setTimer();
  }

  /** @throws LockClosedError if the client is closed, or closes meanwhile. */
  async read(): Promise<Health> {
    const client = this.#client;
    if (this.#isClosed) throw new LockClosedError([]);
    client.beginWait();
    try {
      const checked = await this.#check();
      if (this.#isClosed) throw new LockClosedError([]);
      return summarize(checked);
    } finally {
      client.endWait();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    for (const resolution of this.#resolutions.values()) resolution.close();
  }

  #setTimer(): void {
    if (this.#options === undefined || this.#isClosed) return;
    const { clock } = this.#client;
    const { intervalMs, jitter } = this.#options;
    const delayMs = intervalMs * (1 - jitter * clock.random());
    this.#timer = clock.setTimer(delayMs, () => void this.#onInterval(), false);
  }

  async #onInterval(): Promise<void> {
    const { acquisitionCount, isAcquiring, heldLocks } = this.#client;
    const isInUse = isAcquiring || heldLocks.size > 0 || acquisitionCount !== this.#acquisitionsBefore;
    this.#acquisitionsBefore = acquisitionCount;
    try {
      if (isInUse) {
        const { list } = await this.#check();
        if (!this.#isClosed) this.#resolveAddresses(list);
      }
    } catch (thrown) {
      // An instance of the user can throw. As an unhandled rejection, that would end the process.
      const { message } = toSafeError(thrown);
      warnOnce("QUORUMLOCK_HEALTH_CHECK", `a background check of the instances failed: ${message}`);
    }
    this.#setTimer();
  }

  #check(): Promise<MembersHealth> {
    this.#checking ??= this.#checkNow().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  async #checkNow(): Promise<MembersHealth> {
    const checked = await checkMembers(this.#client);
    // A change of the instances has other voters, which the next check is about.
    if (!this.#isClosed && checked.voters === this.#client.members.voters) this.#report(checked);
    return checked;
  }

  #report(checked: MembersHealth): void {
    const { events, clock } = this.#client;
    const { list } = checked;
    const before = this.#states;
    this.#states = new Map(list.map(({ member, health }) => [member, health.state]));
    for (const { member, health } of list) {
      const { instance, state, error } = health;
      const known = before.get(member) ?? "up";
      if (known !== state) events.to("instance:health")?.({ instance, before: known, now: state, error });
    }
    const { canLock, voting, quorum, configured, instances } = summarize(checked);
    const lostAt = this.#lostAt;
    if (!canLock && lostAt === undefined) {
      this.#lostAt = clock.monotonic();
      const failures = instances.flatMap(({ instance, isVoting, error }) =>
        isVoting || error === undefined ? [] : [{ instance, error }],
      );
      events.to("quorum:lost")?.({ voting, quorum, configured, failures });
    } else if (canLock && lostAt !== undefined) {
      this.#lostAt = undefined;
      events.to("quorum:restored")?.({ voting, quorum, configured, lostMs: clock.monotonic() - lostAt });
    }
  }

  #resolveAddresses(list: readonly MemberHealth[]): void {
    // A change of the instances can have removed some.
    for (const [instance, resolution] of this.#resolutions) {
      if (list.some(({ member }) => member.instance === instance)) continue;
      resolution.close();
      this.#resolutions.delete(instance);
    }
    for (const { member, health } of list) {
      const { instance } = member;
      if (!(instance instanceof MovableInstance)) continue;
      const resolution = this.#resolutionOf(instance);
      if (health.silentMs === undefined) resolution?.onAnswer();
      else resolution?.onSilence(health.silentMs);
    }
  }

  #resolutionOf(instance: MovableInstance): AddressResolution | undefined {
    const known = this.#resolutions.get(instance);
    const options = this.#options;
    if (known !== undefined || options?.resolver === undefined) return known;
    const { clock, events, members } = this.#client;
    const isTaken: ResolutionContext["isTaken"] = (source, by) =>
      members.all.some(
        (member) =>
          member.instance !== by &&
          member.instance instanceof MovableInstance &&
          member.instance.source === source,
      );
    const context = { clock, events, options, resolver: options.resolver, isTaken };
    const resolution = new AddressResolution(context, instance);
    this.#resolutions.set(instance, resolution);
    return resolution;
  }
}
