/** Who stands in the way of an acquisition, as far as the instances told. */
export interface Holder {
  /**
   * The owner label of the holder's token (`host:pid` unless one was given); `undefined` where a foreign
   * client holds it without one.
   */
  readonly owner: string | undefined;
  /** The whole token, as it stands on the instances. */
  readonly token: string;
  /** Milliseconds until the holder's lease would end by itself; `Infinity` where the key has no expiry. */
  readonly remaining: number;
  /** Whether a lock of this very process is meant: waiting for oneself is the commonest mistake. */
  readonly thisProcess: boolean;
}

/** What one instance had to say when it could not be counted. */
export interface InstanceFailure {
  /** The instance's label, usually `host:port`. */
  readonly instance: string;
  readonly error: Error;
}

export type LockErrorCode =
  | "LOCK_TIMEOUT"
  | "LOCK_NO_QUORUM"
  | "LOCK_LOST"
  | "LOCK_ABORTED"
  | "LOCK_CLOSED"
  | "LOCK_REENTRANT"
  | "LOCK_RECONFIGURING"
  | "LOCK_DUPLICATE_INSTANCE";

/** The base of every error about a lock. `code` is stable and made for `switch`. */
export abstract class LockError extends Error {
  abstract readonly code: LockErrorCode;
  /** The names that were to be locked. */
  readonly names: readonly string[];

  constructor(names: readonly string[], message: string, options?: ErrorOptions) {
    super(message, options);
    this.names = names;
  }
}

/** Others held the resource until `wait` had passed. */
export class LockTimeoutError extends LockError {
  override readonly name = "LockTimeoutError";
  readonly code = "LOCK_TIMEOUT";
  /** How long was waited, in ms. */
  readonly waited: number;
  /**
   * Who held it when it was last asked for; `undefined` when nobody was known to: the votes were split, or others of
   * this process were before.
   */
  readonly holder: Holder | undefined;
  /** Instances that could not be counted at the last attempt; a timeout never hides them. */
  readonly failures: readonly InstanceFailure[];

  constructor(
    names: readonly string[],
    waited: number,
    holder: Holder | undefined,
    failures: readonly InstanceFailure[],
  ) {
    super(
      names,
      `${quoted(names)} not acquired in ${Math.round(waited)} ms: ${blame(holder)}${lines(failures)}`,
    );
    this.waited = waited;
    this.holder = holder;
    this.failures = failures;
  }
}

/** Too few instances answered, or answered in time: no majority could be had whoever holds the lock. */
export class QuorumError extends LockError {
  override readonly name = "QuorumError";
  readonly code = "LOCK_NO_QUORUM";
  /** One entry for each instance that could not be counted. */
  readonly failures: readonly InstanceFailure[];

  constructor(names: readonly string[], what: string, failures: readonly InstanceFailure[]) {
    super(names, `${about(names)}${what}${lines(failures)}`, { cause: failures[0]?.error });
    this.failures = failures;
  }
}

/** The lock was held and is no more, though nobody released it. It is the `reason` of the lock's signal. */
export class LockLostError extends LockError {
  override readonly name = "LockLostError";
  readonly code = "LOCK_LOST";

  constructor(names: readonly string[], why: string, options?: ErrorOptions) {
    super(names, `${quoted(names)} lost: ${why}`, options);
  }
}

/** The caller's own signal was aborted; `cause` is its reason. */
export class LockAbortedError extends LockError {
  override readonly name = "LockAbortedError";
  readonly code = "LOCK_ABORTED";

  constructor(names: readonly string[], reason: unknown) {
    super(names, `${about(names)}gave up waiting because the given signal was aborted`, { cause: reason });
  }
}

/** The client was closed: it waits for nothing and holds nothing any more. */
export class LockClosedError extends LockError {
  override readonly name = "LockClosedError";
  readonly code = "LOCK_CLOSED";

  constructor(names: readonly string[]) {
    super(names, `${about(names)}this Redlock client has been closed; create a new one to lock again`);
  }
}

/**
 * With `diagnostics: true`: the same asynchronous context holds the name already, and would wait for itself.
 */
export class LockReentrantError extends LockError {
  override readonly name = "LockReentrantError";
  readonly code = "LOCK_REENTRANT";

  constructor(names: readonly string[], held: string) {
    super(
      names,
      `${quoted(names)}: "${held}" is already held by this asynchronous context, which would wait for itself; ` +
        "pass the held lock on instead of acquiring it again",
    );
  }
}

/** Two configured instances are one server: it would vote twice, and a minority could pass for a majority. */
export class DuplicateInstanceError extends LockError {
  override readonly name = "DuplicateInstanceError";
  readonly code = "LOCK_DUPLICATE_INSTANCE";

  constructor(first: string, second: string, identity: string) {
    super(
      [],
      `instances ${first} and ${second} are the same server (run_id ${identity}): it would vote twice; ` +
        "list every server once",
    );
  }
}

/** Another change of the members is under way, or this one was ended the other way already. */
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

/** Why one instance could not be counted. Found in `failures` and in `instance:down`. */
export class InstanceError extends Error {
  override readonly name = "InstanceError";
  readonly code: InstanceErrorCode;
  /**
   * Of `INSTANCE_UNSAFE`: when it votes again, by the monotonic clock of the client; `Infinity` where that is not known.
   */
  readonly abstainsUntil?: number;

  constructor(
    code: InstanceErrorCode,
    message: string,
    options?: ErrorOptions & { readonly abstainsUntil?: number },
  ) {
    super(message, options);
    this.code = code;
    if (options?.abstainsUntil !== undefined) this.abstainsUntil = options.abstainsUntil;
  }
}

/** `value` as an Error, whatever was thrown. */
export function asError(value: unknown): Error {
  if (value instanceof Error) return value;
  try {
    return new Error(String(value));
  } catch {
    return new Error("something was thrown that cannot be shown");
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

/** What the error is about, where it is not about every lock. */
function about(names: readonly string[]): string {
  return names.length === 0 ? "" : `${quoted(names)}: `;
}

function blame(holder: Holder | undefined): string {
  if (holder === undefined) return "others were asking for it as well, and none of them held it yet";
  const left = Number.isFinite(holder.remaining)
    ? `for up to ${Math.max(0, Math.round(holder.remaining))} ms more`
    : "without any expiry";
  const who =
    holder.owner === undefined ? `a foreign client (value ${JSON.stringify(holder.token)})` : holder.owner;
  const self = holder.thisProcess ? ", which is this very process: does the caller hold it itself?" : "";
  return `held by ${who} ${left}${self}`;
}

function lines(failures: readonly InstanceFailure[]): string {
  return failures.map(({ instance, error }) => `\n  ${instance}: ${error.message}`).join("");
}
