import type { PendingAcquisition } from "../acquiring/acquiring-context.ts";
import type { LockingContext } from "../acquiring/acquirable.ts";
import type { WaitingCaller } from "../acquiring/origin.ts";
import type { Clock, Instant } from "../base/clock.ts";
import { Deadlines } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import { Events } from "../base/events.ts";
import type { ResolvedOptions } from "../base/options.ts";
import { Registry } from "../base/registry.ts";
import { Diagnostics } from "../diagnostics/diagnostics.ts";
import { AutoExtender } from "../holding/auto-extender.ts";
import type { HeldLock } from "../holding/lock.ts";
import type { Instance } from "../instances/port.ts";
import type { InstanceSource } from "../instances/sources.ts";
import type { ReplyHandler } from "../members/batch.ts";
import type { Member } from "../members/member.ts";
import { Members } from "../members/members.ts";
import { canHaveNote } from "../members/set-notes.ts";
import { checkPrefix } from "../operations/keys.ts";
import type { Reply, Request } from "../operations/request.ts";
import type { QuorumContext } from "../quorum/hold.ts";
import { LocalQueue } from "../waiting/local-queue.ts";
import { TicketEstimate } from "../waiting/ticket-estimate.ts";
import { WakeUps } from "../waiting/wake-ups.ts";
import { HeldLocks, isHeldHere, recordLeftover } from "./held-locks.ts";
import { type JointInstances, Membership, type MembershipContext } from "./membership.ts";
import type { Health } from "./health.ts";
import type { Carry, Reconfiguration } from "./reconfiguration.ts";

/** Maximum time between two readings of the clocks while a deadline is pending, so that a sleep of the machine is noticed soon. */
const MAX_SLEEP_MS = 1_000;
const CLIENT_ID_LENGTH = 8;

/** Watches the instances of a client. A client without one does not need its code, so small bundles do not contain it. */
export interface ClientMonitor {
  /** Opens the instance of a source by `open`, and may return another one that stands for it. */
  openInstance(source: InstanceSource, open: () => Instance): Instance;
  /** Called when the client is complete. */
  start(client: Client): void;
  /** Checks the instances now. @throws LockClosedError if the client is closed. */
  read(): Promise<Health>;
  /** Called when the client begins to close. */
  close(): void;
}

/** The parts that all locks and acquisitions of one client share. Implements the contexts through which they use it. */
export class Client implements LockingContext, MembershipContext {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly driftFactor: number;
  readonly requestTimeoutMs: number;
  readonly prefix: string;
  readonly events: Events;
  readonly queue: LocalQueue;
  readonly extender = new AutoExtender();
  readonly heldLocks: HeldLocks;
  readonly diagnostics: Diagnostics | undefined;
  /** All deadlines of the client, on one timer. The timer keeps the process running only while a caller waits. */
  readonly deadlines: Deadlines;
  readonly members: Members;
  readonly membership: Membership;
  readonly quorumContext: QuorumContext;
  readonly wakeUps: WakeUps;
  readonly ticketEstimate: TicketEstimate;
  /** Called when a lock was extended or has ended, and when the client closes. */
  readonly lockListeners = new Set<() => void>();
  readonly waitingCallers = new Registry<WaitingCaller>();
  readonly isHeldHere = isHeldHere;
  /** How many acquisitions began so far. */
  acquisitionCount = 0;
  readonly monitor: ClientMonitor | undefined;
  carryRecords: Carry | undefined;
  /** Whether records were kept on the instances by this client. */
  usesRecords = false;
  readonly #acquisitions = new Registry<PendingAcquisition>();
  #callers = 0;
  /** How many acquisitions and changes of membership keep the process running. */
  #waits = 0;
  /** The smallest lead of the wall clock over the monotonic clock since the last step forward. */
  #wallLeadMs: number;
  #isClosed = false;
  #closing: Promise<void> | undefined;

  /**
   * @param events its listeners; those of another client if that shows the locks of this one as its own.
   * @throws TypeError, RangeError for a bad list of instances.
   */
  constructor(
    instances: readonly InstanceSource[] | JointInstances,
    options: ResolvedOptions,
    monitor?: ClientMonitor,
    events = new Events(),
  ) {
    this.events = events;
    const { clock, requestTimeoutMs, prefix, driftFactor, restartGuard, windowMs, strict, quarantineAdvice } =
      options;
    checkPrefix(prefix);
    this.options = options;
    this.clock = clock;
    this.queue = new LocalQueue(clock);
    this.heldLocks = new HeldLocks(this.queue);
    this.driftFactor = driftFactor;
    this.requestTimeoutMs = requestTimeoutMs;
    this.prefix = prefix;
    this.#wallLeadMs = clock.wall() - clock.monotonic();
    this.deadlines = new Deadlines(clock, {
      keepAlive: false,
      maxSleepMs: MAX_SLEEP_MS,
      onClockRead: () => this.#checkWallClock(),
    });
    const { deadlines } = this;
    const countWaiting = (names: readonly string[]): number => this.queue.countWaiting(names);
    this.diagnostics = options.diagnostics
      ? new Diagnostics({ clock, deadlines, events, countWaiting })
      : undefined;
    this.members = new Members({
      clock,
      deadlines,
      events,
      requestTimeoutMs,
      prefix,
      driftFactor,
      restartGuard,
      windowMs,
      strict,
      quarantineAdvice,
      owner: options.tokenSuffix.slice(1),
    });
    const { members } = this;
    const clientId = clock.randomToken().slice(0, CLIENT_ID_LENGTH);
    this.quorumContext = { clock, members, driftFactor, prefix, clientId };
    this.ticketEstimate = new TicketEstimate(clock);
    this.wakeUps = new WakeUps({ members, clock, deadlines, events, requestTimeoutMs });
    this.monitor = monitor;
    this.membership = new Membership(this, instances);
    monitor?.start(this);
  }

  /** True as soon as `close()` was called. New acquisitions are rejected from then on. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isAcquiring(): boolean {
    return this.#acquisitions.size > 0;
  }

  nextCaller(): number {
    this.#callers += 1;
    return this.#callers;
  }

  beginAcquisition(acquisition: PendingAcquisition): void {
    this.acquisitionCount += 1;
    this.#acquisitions.add(acquisition);
    this.beginWait();
  }

  endAcquisition(acquisition: PendingAcquisition): void {
    if (this.#acquisitions.delete(acquisition)) this.endWait();
  }

  beginWait(): void {
    if (this.#waits === 0) this.deadlines.setKeepAlive(true);
    this.#waits += 1;
  }

  endWait(): void {
    this.#waits -= 1;
    if (this.#waits === 0) this.deadlines.setKeepAlive(false);
  }

  sendHint(request: Request, onReply: (reply: Reply) => void): number {
    const handler: ReplyHandler = {
      onReply: (_index, reply) => void (reply instanceof InstanceError || onReply(reply)),
    };
    const { members } = this.members.voters;
    for (const member of members) if (canHaveNote(member)) member.send(request, handler);
    return members.length;
  }

  recordTtl(ttlMs: number): void {
    this.members.recordTtl(ttlMs);
  }

  recordLease({ monotonic, wall }: Instant): void {
    this.#wallLeadMs = Math.min(this.#wallLeadMs, wall - monotonic);
  }

  recordLeftover(token: string): void {
    recordLeftover(token);
  }

  register(lock: HeldLock): void {
    this.heldLocks.add(lock);
  }

  unregister(lock: HeldLock): void {
    this.heldLocks.delete(lock);
  }

  onLockChanged(): void {
    for (const listener of this.lockListeners) listener();
    this.membership.onLockChanged();
  }

  openInstance(source: InstanceSource, open: () => Instance): Instance {
    return this.monitor?.openInstance(source, open) ?? open();
  }

  onMemberRemoved(member: Member): void {
    this.wakeUps.unsubscribe(member);
  }

  reconfigure(
    instances: readonly InstanceSource[],
    signal: AbortSignal | undefined,
  ): Promise<Reconfiguration> {
    return this.membership.reconfigure(instances, signal);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    for (const listener of this.lockListeners) listener();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.membership.beginClose();
    this.monitor?.close();
    for (const caller of this.waitingCallers) caller.close();
    for (const acquisition of this.#acquisitions) acquisition.close();
    await this.heldLocks.close();
    // The closed acquisitions withdraw their attempts in this tick. The connections close after these requests are sent.
    await new Promise<void>((resolve) => this.clock.afterIo(resolve));
    this.wakeUps.close();
    await this.members.close();
    this.membership.endClose();
  }

  /** If the wall clock stepped forward, leases have ended before their deadlines, which follow the monotonic clock. */
  #checkWallClock(): void {
    const leadMs = this.clock.wall() - this.clock.monotonic();
    const hasStepped = leadMs > this.#wallLeadMs + 1;
    // A lead that grows little by little also ends leases early, so the smallest lead since the last step counts.
    this.#wallLeadMs = hasStepped ? leadMs : Math.min(this.#wallLeadMs, leadMs);
    if (hasStepped) this.heldLocks.onClockStep();
  }
}
