import { errorToJson } from "./error-json.ts";
import { INSPECT, type Inspect } from "./inspect.ts";
import { toSafeError } from "./safe-error.ts";
import { shareClass } from "./shared-class.ts";
import { PERMIT_HOLDERS, SHARED_HOLDERS } from "./token.ts";

/** The holder of a lock, as the instances reported it. */
export interface Holder {
  /**
   * The owner label in the holder's token, by default `host:pid`. `undefined` if another library made the token, because such
   * a token has no label, and if the token is `~s` or `~p`.
   */
  readonly owner: string | undefined;
  /** The whole token. If several holders share the lock, the token of one of them, or `~s` or `~p` if the instances name none. */
  readonly token: string;
  /** Milliseconds until the key expires if the holder does not extend it. `Infinity` if the key has no expiry. */
  readonly remaining: number;
  /** Whether this process is the holder. A caller that waits for its own lock is the most common mistake. */
  readonly thisProcess: boolean;
}

/** Why the vote of one instance did not count. */
export interface InstanceFailure {
  /** The instance's label, usually `host:port`. */
  readonly instance: string;
  /** Usually an `InstanceError`. */
  readonly error: Error;
}

export type LockErrorCode =
  | "LOCK_TIMEOUT"
  | "LOCK_NO_QUORUM"
  | "LOCK_LOST"
  | "LOCK_RELEASED"
  | "LOCK_UPGRADE"
  | "LOCK_KIND"
  | "LOCK_TENANT_LIMIT"
  | "LOCK_ABORTED"
  | "LOCK_CLOSED"
  | "LOCK_REENTRANT"
  | "LOCK_RECONFIGURING"
  | "LOCK_DUPLICATE_INSTANCE"
  | "LOCK_POOL_FULL"
  | "LOCK_CONDITION"
  | "LOCK_CIRCUIT_OPEN";

/** The base class of every error about a lock. `code` is stable, so that a `switch` can depend on it. */
export abstract class LockError extends Error {
  abstract readonly code: LockErrorCode;
  /** The names of the lock, sorted. Empty if the error concerns the whole client. */
  readonly names: readonly string[];

  constructor(names: readonly string[], message: string, options?: ErrorOptions) {
    super(message, options);
    this.names = names;
  }

  /** The fields for a log, without the stack. */
  toJSON(): Record<string, unknown> {
    return errorToJson(this);
  }
}

/** The base of errors with one entry for each instance. The message has the same, so consoles do not print the entries again. */
abstract class VoteError extends LockError {
  /** One entry for each instance whose vote did not count. */
  declare readonly failures: readonly InstanceFailure[];

  constructor(names: readonly string[], message: string, failures: readonly InstanceFailure[]) {
    super(names, `${message}${lines(failures)}`);
    Object.defineProperty(this, "failures", { value: failures, enumerable: false });
  }

  override toJSON(): Record<string, unknown> {
    const failures = this.failures.map(({ instance, error }) => ({ instance, error: errorToJson(error) }));
    return { ...super.toJSON(), failures };
  }
}

/** Another holder kept the lock until `wait` was over. */
export class LockTimeoutError extends VoteError {
  override readonly name = "LockTimeoutError";
  readonly code = "LOCK_TIMEOUT";
  /** Time from the call to the error, in ms. */
  readonly waited: number;
  /**
   * The holder at the last attempt. `undefined` if no holder is known: the votes were split, or other callers were ahead in the
   * queue of this process or in the line of a fair lock.
   */
  readonly holder: Holder | undefined;
  /**
   * Whether it is certain that `holder` held the lock: a majority of the instances reported its token, or it is a lock of this process.
   * If it is `false`, the votes may have been split, so that nobody got the lock.
   */
  declare readonly isHeld: boolean;

  constructor(
    names: readonly string[],
    waited: number,
    holder: Holder | undefined,
    failures: readonly InstanceFailure[],
    goal: "acquired" | "free" = "acquired",
    isHeld = false,
  ) {
    super(
      names,
      `the lock on ${quoted(names)} was not ${goal} within ${Math.round(waited)} ms: ${obstacle(holder)}`,
      failures,
    );
    this.waited = waited;
    this.holder = holder;
    // The message says who holds it, so consoles need not print this.
    Object.defineProperty(this, "isHeld", { value: isHeld, enumerable: false });
  }
}

/** Too few instances voted in time, so a majority was not possible. */
export class QuorumError extends VoteError {
  override readonly name = "QuorumError";
  readonly code = "LOCK_NO_QUORUM";

  constructor(names: readonly string[], what: string, failures: readonly InstanceFailure[]) {
    super(names, `${about(names)}${what}`, failures);
  }
}

/** The lock ended although its holder did not release it. This error is also the `reason` of the lock's `signal`. */
export class LockLostError extends LockError {
  override readonly name = "LockLostError";
  readonly code = "LOCK_LOST";

  constructor(names: readonly string[], why: string, options?: ErrorOptions) {
    super(names, `the lock on ${quoted(names)} is not held any more: ${why}`, options);
  }
}

/** The holder released, detached or converted the lock, so it cannot be extended, detached or converted. */
export class LockReleasedError extends LockError {
  override readonly name = "LockReleasedError";
  readonly code = "LOCK_RELEASED";

  constructor(names: readonly string[], when: string, action = "extended") {
    super(names, `the lock on ${quoted(names)} cannot be ${action}: ${when}; acquire it again`);
  }
}

/** A read lock was not upgraded, because others read the name too. The caller still holds the read lock. */
export class LockUpgradeError extends LockError {
  override readonly name = "LockUpgradeError";
  readonly code = "LOCK_UPGRADE";
  /** One of the other readers. `undefined` if no instance named one. */
  readonly holder: Holder | undefined;

  constructor(names: readonly string[], holder: Holder | undefined) {
    super(
      names,
      `the read lock on ${quoted(names)} was not upgraded, because it is also ${obstacle(holder)}; ` +
        "release it and acquire the write lock, because two readers that wait for each other would wait for ever",
    );
    this.holder = holder;
  }
}

/** The name is held as another kind of lock: one as a semaphore, the other as a read/write lock or a lock on a tree. */
export class LockKindError extends LockError {
  override readonly name = "LockKindError";
  readonly code = "LOCK_KIND";

  constructor(names: readonly string[]) {
    super(
      names,
      `${quoted(names)} is held as another kind of lock; use one name for a semaphore, and another one for a read/write lock or a tree`,
    );
  }
}

/** The tenant held as many locks as it may, until the wait was over. The name itself may be free. */
export class TenantLimitError extends LockError {
  override readonly name = "TenantLimitError";
  readonly code = "LOCK_TENANT_LIMIT";
  /** The id of the tenant. */
  readonly tenant: string;
  /** How many locks the tenant may hold at a time. */
  readonly limit: number;
  /** Time from the call to the error, in ms. */
  readonly waited: number;

  constructor(names: readonly string[], tenant: string, limit: number, waited: number) {
    super(
      names,
      `${quoted(names)}: the tenant ${JSON.stringify(tenant)} held ${limit} of ${limit} locks for ${Math.round(waited)} ms; ` +
        "release some of them, wait longer, or raise the limit with setMaxLocks",
    );
    this.tenant = tenant;
    this.limit = limit;
    this.waited = waited;
  }
}

/** The caller aborted the `signal` that it passed. `cause` is the signal's reason. */
export class LockAbortedError extends LockError {
  override readonly name = "LockAbortedError";
  readonly code = "LOCK_ABORTED";

  constructor(names: readonly string[], reason: unknown) {
    super(names, `${about(names)}the acquisition ended because its signal was aborted`, { cause: reason });
  }
}

/** The client is closed, so it does not acquire locks any more. */
export class LockClosedError extends LockError {
  override readonly name = "LockClosedError";
  readonly code = "LOCK_CLOSED";

  constructor(names: readonly string[]) {
    super(names, `${about(names)}this Redlock client is closed; create a new client to acquire locks`);
  }
}

/**
 * The call is in a routine of `using` that already holds the name, so it would wait for its own release. Thrown only with
 * `diagnostics: true`.
 */
export class LockReentrantError extends LockError {
  override readonly name = "LockReentrantError";
  readonly code = "LOCK_REENTRANT";

  constructor(names: readonly string[], held: string) {
    super(
      names,
      `${quoted(names)}: this asynchronous context already holds ${JSON.stringify(held)} and would wait for itself; ` +
        "pass the held lock on instead of acquiring it again",
    );
  }
}

/**
 * Two configured instances are the same server. It would vote twice, so two of three votes could come from one server.
 */
export class DuplicateInstanceError extends LockError {
  override readonly name = "DuplicateInstanceError";
  readonly code = "LOCK_DUPLICATE_INSTANCE";

  constructor(first: string, second: string, identity: string) {
    super(
      [],
      `instances ${first} and ${second} are the same server (run_id ${identity}), which would vote twice; ` +
        "list every server once",
    );
  }
}

/** The set of instances cannot change now. The message says why. */
export class ReconfigurationError extends LockError {
  override readonly name = "ReconfigurationError";
  readonly code = "LOCK_RECONFIGURING";

  constructor(what: string) {
    super([], what);
  }
}

export type InstanceErrorCode =
  | "INSTANCE_TIMEOUT"
  | "INSTANCE_UNAVAILABLE"
  | "INSTANCE_REPLY"
  | "INSTANCE_UNSAFE";

/** Options of an `InstanceError`: its fields of the same names, and `cause`. */
interface InstanceErrorOptions extends ErrorOptions {
  readonly abstainsUntil?: number;
  readonly isPermanent?: boolean;
}

/** Why the vote of one instance did not count. Found in `failures` and in the event `instance:down`. */
export class InstanceError extends Error {
  override readonly name = "InstanceError";
  readonly code: InstanceErrorCode;
  /**
   * Only with `INSTANCE_UNSAFE`: when the instance votes again, in ms of the client's monotonic clock. `Infinity` if that is
   * not known.
   */
  readonly abstainsUntil?: number;
  /**
   * `true` if waiting does not help: the client or the server has to be set up differently, for example because the password is
   * wrong. If a majority of the instances fails so, an acquisition ends at once. Otherwise the field is missing.
   */
  readonly isPermanent?: boolean;

  constructor(code: InstanceErrorCode, message: string, options?: InstanceErrorOptions) {
    const cause = options?.cause;
    super(message, cause === undefined ? undefined : { cause: toSafeError(cause) });
    this.code = code;
    if (options?.abstainsUntil !== undefined) this.abstainsUntil = options.abstainsUntil;
    if (options?.isPermanent === true) this.isPermanent = true;
  }

  /** The fields for a log, without the stack. */
  toJSON(): Record<string, unknown> {
    return errorToJson(this);
  }

  /** The fields without a stack: it was made by a timer or a reply, so its stack says nothing. */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { name, message, ...fields } = this.toJSON();
    return `[${String(name)}: ${String(message)}] ${inspect(fields, options)}`;
  }
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

/** The names as the start of a message. Empty if the error concerns the whole client. */
function about(names: readonly string[]): string {
  return names.length === 0 ? "" : `${quoted(names)}: `;
}

function obstacle(holder: Holder | undefined): string {
  if (holder === undefined)
    return "other callers compete for it, and none of them held it at the last attempt";
  const expiry = expiryOf(Math.round(holder.remaining));
  if (holder.token === SHARED_HOLDERS) return `held by readers, or by holders of parts of it, ${expiry}`;
  if (holder.token === PERMIT_HOLDERS)
    return `held by holders of permits of a semaphore with this name, ${expiry}`;
  const owner = holder.owner ?? `a client of another library (value ${JSON.stringify(holder.token)})`;
  const hint = holder.thisProcess
    ? "; this is the same process, so check if the caller already holds it, or a release is missing"
    : "";
  return `held by ${owner} ${expiry}${hint}`;
}

function expiryOf(remainingMs: number): string {
  if (!Number.isFinite(remainingMs)) return "without an expiry";
  return remainingMs > 0 ? `for up to ${remainingMs} ms more` : "until now, at the last attempt";
}

function lines(failures: readonly InstanceFailure[]): string {
  return failures
    .map(({ instance, error }) => `\n  ${instance}: ${error.message.replace(/\s*\n\s*/g, " ")}`)
    .join("");
}

for (const [name, shared] of Object.entries({
  LockError,
  LockTimeoutError,
  QuorumError,
  LockLostError,
  LockReleasedError,
  LockUpgradeError,
  LockKindError,
  TenantLimitError,
  LockAbortedError,
  LockClosedError,
  LockReentrantError,
  DuplicateInstanceError,
  ReconfigurationError,
  InstanceError,
}))
  shareClass(name, shared);
