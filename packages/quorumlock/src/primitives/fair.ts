import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import { askQuorum } from "../acquiring/ask-quorum.ts";
import type { Scope } from "../acquiring/scope.ts";
import type { AcquireRequest } from "../acquiring/acquire-call.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { ACQUIRE_OPTIONS, checkOptions } from "../base/options.ts";
import { checkName } from "../base/names.ts";
import { formatValue } from "../base/check-value.ts";
import type { HeldLock } from "../holding/lock.ts";
import type { Lockable } from "../lockable.ts";
import {
  agreedPosition,
  fairKind,
  type FairTarget,
  lockFairly,
  positionRequest,
} from "../operations/fair.ts";
import { checkKeyName } from "../operations/keys.ts";
import { waiterOf } from "../operations/kind.ts";
import { TurnTimes, TurnWatcher } from "./turn-times.ts";

/** Options of a fair lock. All processes should use the same `ageing` for a name. */
export interface FairOptions {
  /**
   * Callers with a higher priority are served first. Among callers of one priority, the first to come is the first to be served. A
   * whole number from -1000 to 1000.
   * @default 0
   */
  readonly priority?: number | undefined;
  /**
   * How many ms of waiting one step of `priority` is worth. With 1000, a caller of priority 0 that has waited for 5 s is served before
   * a new caller of priority 4. So no caller starves. A whole number of ms from 1 to 10^12, or `Infinity`: then a caller always waits
   * while callers of a higher priority wait.
   * @default 1_000
   */
  readonly ageing?: number | undefined;
}

/** Where a caller stands in the line of a fair lock. */
export interface LinePosition {
  /** How many callers of all processes are served before. 0: this caller is next, after the holder if there is one. */
  readonly ahead: number;
  /** How many callers of all processes wait. */
  readonly waiting: number;
  /**
   * Milliseconds until this caller is likely to be served: the turns before it, times the average turn that this client has seen while
   * its callers moved up. `undefined` if it has seen none yet.
   */
  readonly expectedWait: number | undefined;
}

/** An exclusive lock whose callers are served in the order in which they came, over all processes. */
export interface FairLockable extends Lockable {
  /**
   * The position in line of the caller that waits for this object: of the first one, if several do. If none waits, the position that
   * a new caller would have. To follow one of several callers, give each an object of its own.
   * @throws QuorumError if too few instances answered.
   * @throws LockClosedError if the client was closed.
   */
  position(): Promise<LinePosition>;
}

const FAIR_OPTIONS: Readonly<Record<keyof FairOptions, true>> = { priority: true, ageing: true };
const MAX_PRIORITY = 1_000;
const DEFAULT_AGEING_MS = 1_000;
/** More than the time since 1970, so it outweighs any wait. With the largest priority, a score is still a safe integer. */
const MAX_AGEING_MS = 1e12;

/** @throws TypeError, RangeError for a bad name or bad options. */
export function fair(
  context: LockingContext,
  name: string,
  options: FairOptions = {},
  scope?: Scope,
): FairLockable {
  checkKeyName(checkName("name", name));
  return new FairAcquirable(context, lockFairly(name, leadOf(options)), scope);
}

/** How many ms of waiting the priority is worth. */
function leadOf(options: FairOptions): number {
  checkOptions(options);
  refuseUnknownOptions(options, FAIR_OPTIONS, { "`acquire`, `tryAcquire` and `using`": ACQUIRE_OPTIONS });
  const { priority = 0, ageing = DEFAULT_AGEING_MS } = options;
  if (typeof priority !== "number")
    throw new TypeError(`priority: ${formatValue(priority)} must be a whole number`);
  if (!Number.isInteger(priority) || Math.abs(priority) > MAX_PRIORITY)
    throw new RangeError(
      `priority: ${priority} must be a whole number from ${-MAX_PRIORITY} to ${MAX_PRIORITY}`,
    );
  if (typeof ageing !== "number")
    throw new TypeError(`ageing: ${formatValue(ageing)} must be a number of milliseconds`);
  const ageingMs = ageing === Infinity ? MAX_AGEING_MS : ageing;
  if (!Number.isInteger(ageingMs) || ageingMs < 1 || ageingMs > MAX_AGEING_MS)
    throw new RangeError(
      `ageing: ${ageing} must be a whole number of milliseconds from 1 to ${MAX_AGEING_MS}, or Infinity for a strict order`,
    );
  return priority * ageingMs;
}

/** The turns that the fair locks of each client have seen. */
const turnsOf = new WeakMap<LockingContext, TurnTimes>();

class FairAcquirable extends Acquirable<FairTarget> implements FairLockable {
  readonly #context: LockingContext;
  readonly #target: FairTarget;
  readonly #turns: TurnTimes;
  /** The callers that wait, in the order of their calls. */
  readonly #waiting = new Set<TurnWatcher>();

  constructor(context: LockingContext, target: FairTarget, scope: Scope | undefined) {
    super(context, fairKind, target, { scope });
    this.#context = context;
    this.#target = target;
    this.#turns = turnsOf.get(context) ?? new TurnTimes();
    turnsOf.set(context, this.#turns);
  }

  async position(): Promise<LinePosition> {
    const { names } = this.#target;
    const { prefix, clientId } = this.#context.quorumContext;
    const [first] = this.#waiting;
    const target: FairTarget = { ...this.#target, callerNumber: first?.callerNumber ?? 0 };
    const request = positionRequest(target, prefix, waiterOf(fairKind, target, clientId));
    const replies = await askQuorum(this.#context, names, request, "its line is not known");
    const { ahead, waiting, isHeld } = agreedPosition(replies);
    const turnMs = this.#turns.averageOf(names[0] ?? "");
    const turns = ahead + (isHeld ? 1 : 0);
    return { ahead, waiting, expectedWait: turnMs === undefined ? undefined : Math.round(turns * turnMs) };
  }

  protected override begin(request: AcquireRequest): Promise<HeldLock> {
    const { clock } = this.#context;
    const [name = ""] = this.#target.names;
    const callerNumber = this.#context.nextCaller();
    const watcher = new TurnWatcher(callerNumber, this.#turns, name, () => clock.monotonic());
    const target: FairTarget = { ...this.#target, callerNumber, watcher };
    this.#waiting.add(watcher);
    const granted = super.begin({ ...request, target });
    const end = (): void => void this.#waiting.delete(watcher);
    granted.then(() => {
      watcher.onGranted();
      end();
    }, end);
    return granted;
  }
}
