import { attachLock } from "../acquiring/attach-lock.ts";
import type { LockingContext } from "../acquiring/acquirable.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkBoolean, formatValue } from "../base/check-value.ts";
import { checkNames } from "../base/names.ts";
import { checkOptions, checkTtl } from "../base/options.ts";
import { isOwnToken, MAX_TOKEN_LENGTH } from "../base/token.ts";
import { DESCRIPTION_VERSION } from "../holding/describe-detached.ts";
import type { HeldLock, LockClass } from "../holding/lock.ts";
import type { LockDescription } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import type { LockKind } from "../operations/kind.ts";
import { MAX_FENCE } from "../operations/limits.ts";
import { mutexKind } from "../operations/mutex.ts";

/** Options of `attach`. Every duration is in milliseconds. */
export interface AttachOptions {
  /** Like the client's `ttl`, for this lock. @default the `ttl` in the description */
  readonly ttl?: number | undefined;
  /** Like the client's `autoExtend`, for this lock. @default the client's `autoExtend` */
  readonly autoExtend?: boolean | undefined;
}

const ATTACH_OPTIONS: Readonly<Record<keyof AttachOptions, true>> = { ttl: true, autoExtend: true };

/** The fields of a description, not checked, except the names. */
export type Described = Readonly<Partial<Record<keyof LockDescription, unknown>>> & {
  readonly kind: string;
  /** In the order of the description. */
  readonly names: readonly string[];
};

/** What a description describes. */
export interface DescribedLock {
  readonly kind: LockKind;
  readonly target: unknown;
  readonly lockClass?: LockClass<HeldLock> | undefined;
}

/** For each kind in a description, what makes its lock. It throws TypeError, RangeError for a bad field. */
export type AttachableKinds = Readonly<
  Record<string, (context: LockingContext, described: Described) => DescribedLock>
>;

export const MUTEX_ALONE: AttachableKinds = {
  mutex: (_, { names }) => ({ kind: mutexKind, target: names.toSorted() }),
};

/**
 * Takes up a lock that another process has detached.
 * @throws TypeError, RangeError for a bad description or bad options, with the field and the value.
 */
export async function attach(
  context: LockingContext,
  description: LockDescription,
  options: AttachOptions = {},
  kinds: AttachableKinds = MUTEX_ALONE,
): Promise<HeldLock> {
  checkOptions(options);
  refuseUnknownOptions(options, ATTACH_OPTIONS);
  const described = checkDescription(description, kinds);
  const { kind, target, lockClass } = kinds[described.kind]!(context, described);
  checkNumber("remaining", described.remaining);
  checkNumber("ttl", described.ttl);
  const { driftFactor, options: defaults } = context;
  const ttlMs = checkTtl(options.ttl ?? Number(described.ttl), driftFactor);
  const autoExtend = checkBoolean("autoExtend", options.autoExtend ?? defaults.autoExtend);
  const { diagnostics } = context;
  const lock = await attachLock(context, {
    kind,
    transfer: kind.transfer!,
    target,
    lockClass,
    token: checkToken(described.token),
    fence: checkFence(described.fence),
    ttlMs,
    autoExtend,
    watch: diagnostics?.watch({
      names: kind.names(target),
      ttlMs,
      autoExtend,
      isForContext: true,
    }),
  });
  return diagnostics === undefined ? lock : diagnostics.objectFor(lock);
}

/** Checks the start of a description, which may come from anywhere. Unknown fields are ignored: a later library may write more. */
function checkDescription(value: unknown, kinds: AttachableKinds): Described {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    // The text may have the token.
    const shown = typeof value === "string" ? `a string of ${value.length} characters` : formatValue(value);
    const hint = typeof value === "string" ? "; parse the JSON first" : "";
    throw new TypeError(`description: ${shown} must be an object from \`detach()\`${hint}`);
  }
  const { version = DESCRIPTION_VERSION, kind = "mutex", names } = value as Partial<LockDescription>;
  if (version !== DESCRIPTION_VERSION)
    throw new RangeError(
      `description.version: ${formatValue(version)} must be ${DESCRIPTION_VERSION}; attach it with the version of the library that made it`,
    );
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    const known = Object.keys(kinds).map((each) => JSON.stringify(each));
    const expected = known.length === 1 ? known[0] : `one of ${known.join(", ")}`;
    throw new RangeError(`description.kind: ${formatValue(kind)} must be ${expected}`);
  }
  if (!Array.isArray(names))
    throw new TypeError(`description.names: ${formatValue(names)} must be an array of strings`);
  for (const name of checkNames(names as readonly string[])) checkKeyName(name);
  return { ...value, kind, names: names as readonly string[] };
}

function checkFence(fence: unknown): number {
  checkNumber("fence", fence);
  if (Number.isSafeInteger(fence) && Number(fence) >= 1 && Number(fence) <= MAX_FENCE) return Number(fence);
  throw new RangeError(
    `description.fence: ${formatValue(fence)} must be a whole number from 1 to ${MAX_FENCE}`,
  );
}

function checkNumber(field: string, value: unknown): void {
  if (typeof value !== "number")
    throw new TypeError(`description.${field}: ${formatValue(value)} must be a number`);
  if (!(value >= 0 && Number.isFinite(value)))
    throw new RangeError(`description.${field}: ${formatValue(value)} must be a finite number of at least 0`);
}

/** A token is as good as the lock, so the message does not have it. */
function checkToken(token: unknown): string {
  if (typeof token !== "string")
    throw new TypeError(`description.token: ${formatValue(token)} must be a string`);
  if (!isOwnToken(token) || token.length > MAX_TOKEN_LENGTH || /[\p{Cc}\p{Surrogate}]/u.test(token))
    throw new RangeError(
      `description.token: a text of ${token.length} characters is no token; it has 32 hexadecimal digits, "@" and the owner's label`,
    );
  return token;
}
