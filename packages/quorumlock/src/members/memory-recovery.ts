import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import type { ServerReport } from "../operations/identify.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { FENCE_GRAIN_US } from "../operations/limits.ts";
import {
  type CounterSource,
  formatMarker,
  loseMarker,
  parseMarker,
  replaceMarker,
  requestMarker,
} from "../operations/marker.ts";
import type { Request } from "../operations/request.ts";
import {
  atLeast,
  type CounterValues,
  largest,
  liftCounters,
  type MarkerReading,
  readCountersOf,
  readMarkerBy,
  restoreCounters,
  roundedUp,
  untilEnough,
} from "./counters.ts";
import type { Member } from "./member.ts";
import type { ServerMemory } from "./server-memory.ts";
import { maskOf, type Voters } from "./voters.ts";

export interface RecoveryContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly prefix: string;
  readonly requestTimeoutMs: number;
}

/** The members, as a recovery sees them. */
export interface RecoveringMembers {
  readonly all: readonly Member[];
  readonly voters: Voters;
  /** How long a server that lost memory abstains, in ms; 0 if the restart guard is off. */
  readonly windowMs: number;
  /** Whether the voters had time to report their identity. */
  readonly hadTimeToIdentify: boolean;
  /** Set while two voters are the same server. */
  readonly conflict: Error | undefined;
}

type IncompleteMemory = Exclude<ServerMemory, { readonly state: "complete" | "untracked" }>;

/** A member whose memory is incomplete, as it was when a step was chosen. */
interface Case {
  readonly member: Member;
  readonly memory: IncompleteMemory;
  readonly report: ServerReport;
}

/** What makes the memory of a member complete, or comes nearer to it. */
interface Step {
  /** When it may begin, by the monotonic clock. */
  readonly at: number;
  /** Whether it takes few round trips. Otherwise it reads or writes all counters. */
  readonly isShort: boolean;
  run(): Promise<void>;
}

type Progress =
  /** The step that these facts require is due later. */
  | {
      readonly state: "waiting";
      readonly memory: IncompleteMemory;
      readonly hasRestored: boolean | undefined;
      readonly due: Deadline;
    }
  | { readonly state: "running"; readonly isShort: boolean; readonly promise: Promise<void> };

/** The pause after a step that failed or changed nothing. It doubles up to the maximum. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 8_000;
/** Maximum random delay before counters are copied, so that not all clients of a fleet copy them. */
export const MAX_JITTER_MS = 200;
const NOW = -Infinity;

/**
 * Makes the memory of each member complete before it votes (protocol §10). A step ends with a change of the marker, which succeeds
 * only if no other client has changed the marker meanwhile. So every client can take every step.
 */
export class MemoryRecovery {
  readonly #context: RecoveryContext;
  readonly #members: RecoveringMembers;
  readonly #marker: string;
  readonly #progress = new Map<Member, Progress>();
  /** When each member was first seen without a marker, although others have one, by the monotonic clock. */
  readonly #suspectedAt = new Map<Member, number>();
  /** The next pause of each member whose latest step did not help. */
  readonly #pauseMs = new Map<Member, number>();
  #isClosed = false;

  constructor(context: RecoveryContext, members: RecoveringMembers) {
    this.#context = context;
    this.#members = members;
    this.#marker = keySpaceOf(context.prefix).marker;
  }

  /** Begins the steps that are possible now. Must be called when a member was identified, and when the voters changed. */
  review(): void {
    for (const member of this.#members.all) this.#review(member);
  }

  /** Begins the next step of a member now, if it waits after a step that failed. */
  retry(member: Member): void {
    const progress = this.#progress.get(member);
    if (progress?.state !== "waiting") return;
    progress.due.cancel();
    this.#progress.delete(member);
    this.#review(member);
  }

  /** Whether a step is running. Steps that are due later do not count. */
  get isRunning(): boolean {
    return [...this.#progress.values()].some(({ state }) => state === "running");
  }

  /**
   * Resolves when no short step is running, and a quorum can vote or no step is running at all; at the latest after the time limit
   * of a request.
   */
  async settle(canDecide: () => boolean): Promise<void> {
    const { clock, deadlines, requestTimeoutMs } = this.#context;
    const endsAt = clock.monotonic() + requestTimeoutMs;
    let limit: Deadline | undefined;
    const timeOut = new Promise<void>((resolve) => (limit = deadlines.add(endsAt, resolve)));
    while (clock.monotonic() < endsAt && !this.#isClosed) {
      const running = [...this.#progress.values()].filter((progress) => progress.state === "running");
      const awaited = canDecide() ? running.filter(({ isShort }) => isShort) : running;
      if (awaited.length === 0) break;
      await Promise.race([timeOut, ...awaited.map(({ promise }) => promise)]);
    }
    limit?.cancel();
  }

  /** Forgets a member that is removed. */
  remove(member: Member): void {
    const progress = this.#progress.get(member);
    if (progress?.state === "waiting") progress.due.cancel();
    this.#progress.delete(member);
    this.#suspectedAt.delete(member);
    this.#pauseMs.delete(member);
  }

  close(): void {
    this.#isClosed = true;
    for (const progress of this.#progress.values()) if (progress.state === "waiting") progress.due.cancel();
  }

  #review(member: Member): void {
    const progress = this.#progress.get(member);
    const { memory, report } = member;
    // With two entries for one server, its counters would count twice.
    if (this.#isClosed || this.#members.conflict !== undefined || progress?.state === "running") return;
    if (memory === undefined || report === undefined) return;
    if (memory.state === "complete" || memory.state === "untracked") return this.remove(member);
    const { hasRestored } = member.eligibility;
    if (progress?.memory === memory && progress.hasRestored === hasRestored) return;
    const step = this.#nextStep({ member, memory, report });
    if (step === undefined) return;
    progress?.due.cancel();
    if (step.at > this.#context.clock.monotonic()) this.#waitUntil(member, memory, step.at);
    else this.#run(member, memory, step);
  }

  #waitUntil(member: Member, memory: IncompleteMemory, at: number): void {
    const due = this.#context.deadlines.add(at, () => {
      this.#progress.delete(member);
      this.#review(member);
    });
    const { hasRestored } = member.eligibility;
    this.#progress.set(member, { state: "waiting", memory, hasRestored, due });
  }

  #run(member: Member, before: IncompleteMemory, step: Step): void {
    const onEnd = (error?: unknown): void => {
      if (this.#progress.get(member) !== progress) return;
      this.#progress.delete(member);
      if (this.#isClosed) return;
      if (error instanceof InstanceError && error.isPermanent === true) member.eligibility.onFailure(error);
      const { memory } = member;
      if (memory !== undefined && isSame(memory, before)) this.#pause(member, before);
      else this.#review(member);
    };
    const promise = step.run().then(() => onEnd(), onEnd);
    const progress: Progress = { state: "running", isShort: step.isShort, promise };
    this.#progress.set(member, progress);
  }

  #pause(member: Member, memory: IncompleteMemory): void {
    const pauseMs = this.#pauseMs.get(member) ?? FIRST_PAUSE_MS;
    this.#pauseMs.set(member, Math.min(2 * pauseMs, MAX_PAUSE_MS));
    this.#waitUntil(member, memory, this.#context.clock.monotonic() + pauseMs);
  }

  /** `undefined` if nothing can be done before another member is identified, or before the member answers a request. */
  #nextStep(found: Case): Step | undefined {
    switch (found.memory.state) {
      case "missing":
        return this.#stepWithoutMarker(found);
      case "older":
        return this.#stepWithOlderMarker(found);
      case "lost":
        return this.#recoveryStep(found);
    }
  }

  #stepWithoutMarker(found: Case): Step | undefined {
    const { voters, windowMs, hadTimeToIdentify } = this.#members;
    const { member } = found;
    const identified = voters.members.filter((other) => other.memory !== undefined);
    const hasMarker = identified.some(({ memory }) => isUsed(memory));
    if (!hasMarker && !member.eligibility.isKnownLoss) {
      const areAll = identified.length === voters.members.length;
      if (!areAll && !(hadTimeToIdentify && voters.hasQuorum(maskOf(identified)))) return undefined;
      return short(() => this.#complete(found, "first-use", this.#firstFloor(identified)));
    }
    if (windowMs === 0 || this.#isNew(found)) return this.#recoveryStep(found);
    const now = this.#context.clock.monotonic();
    const lossAt = member.eligibility.lossOfMarkerAt;
    if (lossAt !== undefined) return short(() => this.#lose(found, now - lossAt));
    // Another client may just be using the set for the first time, and its marker may be on the way.
    const suspectedAt = this.#suspectedAt.get(member) ?? now;
    this.#suspectedAt.set(member, suspectedAt);
    return short(() => this.#lose(found, 0), suspectedAt + this.#context.requestTimeoutMs);
  }

  #stepWithOlderMarker(found: Case): Step | undefined {
    const { member, memory, report } = found;
    const marker = parseMarker(memory.marker);
    if (marker.state !== "complete") return this.#recoveryStep(found);
    const wasReplica = marker.runId === report.runId && report.runId !== "";
    if (wasReplica && this.#members.windowMs > 0) return short(() => this.#lose(found, 0));
    if (member.eligibility.hasRestored === undefined) return undefined;
    // A promoted replica may lack the last writes of its master, although it has written everything that it got.
    if (!member.eligibility.hasRestored || /[1-9a-f]/.test(report.formerReplicationId))
      return this.#recoveryStep(found);
    return short(() => this.#complete(found, "file", marker.floor, marker.id));
  }

  #recoveryStep(found: Case): Step {
    const { clock } = this.#context;
    if (this.#members.windowMs === 0)
      return { at: NOW, isShort: false, run: () => this.#completeByClock(found, new Map()) };
    // During the window, an attempt that this server voted for before it lost its memory can still commit its token on the others.
    const endsAt = this.#isNew(found) ? NOW : found.member.eligibility.quarantineEndsAt;
    const at = endsAt > clock.monotonic() ? endsAt + clock.random() * MAX_JITTER_MS : NOW;
    return { at, isShort: false, run: () => this.#recover(found) };
  }

  /** Whether the server joins the set now, as far as this client knows, so that it has not voted yet. */
  #isNew({ member, memory }: Case): boolean {
    const isCurrent = this.#members.voters.current.includes(member);
    return !isCurrent && memory.state === "missing" && !member.eligibility.isKnownLoss;
  }

  /**
   * Copies the counters of the other members. If too few can be read, raises them to the server's time. Nothing is written before
   * everything is read: a counter that is too small would hide from other clients that this server has lost its memory.
   */
  async #recover(found: Case): Promise<void> {
    const { member } = found;
    const { timeMs } = await this.#checkUnchanged(found);
    const others = this.#members.all.filter((other) => other !== member && isUsed(other.memory));
    // The index of a removed member may belong to another member by now.
    const isEnough = (mask: number): boolean => {
      const present = others.filter((other) => this.#members.all.includes(other));
      return this.#members.voters.meetsEveryQuorum(mask & maskOf(present));
    };
    const read = await untilEnough(
      others,
      async (other) => {
        return { other, values: await readCountersOf(other, this.#context) };
      },
      isEnough,
    );
    const known = largest(read.results.map((one) => one.values));
    // A node of a cluster does not know the marker, so counters of semaphores that it had before would still count.
    const values = member.instance.isCluster ? roundedUp(known) : known;
    if (!isEnough(read.mask)) {
      const haveOthersFailed = others.some(
        (other) => other.memory?.state === "complete" && (read.mask & (1 << other.index)) === 0,
      );
      if (haveOthersFailed && !this.#pauseMs.has(member)) throw new Error("another member could not be read");
      return this.#completeByClock(found, values);
    }
    const floors = read.results.map(({ other }) =>
      other.memory?.state === "complete" ? other.memory.floor : 1,
    );
    await restoreCounters(member, values);
    await this.#complete(found, "instances", Math.max(1, ...floors), this.#idAfterLoss(found, timeMs));
  }

  /** Raises the counters that exist, and `values` of other members, to the server's time. */
  async #completeByClock(found: Case, values: CounterValues): Promise<void> {
    const { timeMs } = await this.#checkUnchanged(found);
    const { member, memory } = found;
    // The first floor of a set can be one grain ahead of its servers.
    const floor = nextGrain(timeMs * 1_000 + FENCE_GRAIN_US);
    await restoreCounters(member, atLeast(values, floor));
    // A server that has no marker, and got no counters from others, has none.
    if (memory.state !== "missing" || values.size > 0)
      await liftCounters(member, this.#context.prefix, floor);
    await this.#complete(found, "clock", floor, this.#idAfterLoss(found, timeMs));
  }

  /**
   * The id of the next marker, which has the time of the loss: older records may be missing (protocol §13). Without a note, the server may
   * have got older data at any moment.
   */
  #idAfterLoss({ memory }: Case, timeMs: number): string {
    const lostAt = memory.state === "lost" ? memory.marker.slice("lost ".length) : timeMs;
    return `${lostAt}.${this.#context.clock.randomToken()}`;
  }

  async #complete(
    { member, memory, report }: Case,
    source: CounterSource,
    floor: number,
    id: string = this.#context.clock.randomToken(),
  ): Promise<void> {
    // After a restart, this process may not have what was written before.
    if (!isSameProcess(member.report, report))
      throw new Error("the server was identified again as another process meanwhile");
    const { runId, replicationId } = report;
    const marker = formatMarker({ state: "complete", runId, replicationId, id, source, floor });
    await this.#changeMarker(member, replaceMarker(this.#marker, memory.marker, marker));
  }

  async #lose({ member, memory }: Case, ageMs: number): Promise<void> {
    await this.#changeMarker(member, loseMarker(this.#marker, memory.marker, Math.floor(ageMs)));
  }

  /** @throws Error if another client has changed the marker. */
  async #checkUnchanged({ member, memory }: Case): Promise<MarkerReading> {
    const reading = await this.#changeMarker(member, requestMarker(this.#marker));
    if (reading.text !== memory.marker) throw new Error("another client has changed the marker");
    return reading;
  }

  /** Sends a request for the marker, and tells the member its marker afterwards. */
  async #changeMarker(member: Member, request: Request): Promise<MarkerReading> {
    const sentAt = this.#context.clock.monotonic();
    const reading = await readMarkerBy(member, request, "patient");
    member.eligibility.onMarker(reading.text, reading.timeMs, sentAt);
    return reading;
  }

  /** The latest time of the servers, in µs. Rounded up, so that all servers get the same from all clients. */
  #firstFloor(members: readonly Member[]): number {
    const wall = this.#context.clock.wall();
    const times = members.map(({ clockReading }) =>
      Math.floor((wall + (clockReading?.aheadMs ?? 0)) * 1_000),
    );
    return nextGrain(Math.max(0, ...times));
  }
}

/** The next multiple of the grain, in µs. */
function nextGrain(us: number): number {
  return (Math.floor(us / FENCE_GRAIN_US) + 1) * FENCE_GRAIN_US;
}

function short(run: () => Promise<void>, at = NOW): Step {
  return { at, isShort: true, run };
}

/** Whether a client has used the server before. */
function isUsed(memory: ServerMemory | undefined): boolean {
  return memory !== undefined && memory.state !== "missing" && memory.state !== "untracked";
}

/** Whether both reports are certainly of the same process with the same history of data. */
function isSameProcess(now: ServerReport | undefined, before: ServerReport): boolean {
  if (now === before) return true;
  return before.runId !== "" && now?.runId === before.runId && now.replicationId === before.replicationId;
}

function isSame(memory: ServerMemory, before: IncompleteMemory): boolean {
  return memory.state === before.state && memory.marker === before.marker;
}
