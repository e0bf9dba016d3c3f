import { attachLock } from "../acquiring/attach-lock.ts";
import type { LockingContext } from "../acquiring/acquirable.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkBoolean, checkNames, checkOptions, checkTtl, formatValue } from "../base/options.ts";
import { isOwnToken, MAX_TOKEN_LENGTH } from "../base/token.ts";
import type { Lock, LockDescription } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
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

/**
 * Takes up a lock that another process has detached.
 * @throws TypeError, RangeError for a bad description or bad options, with the field and the value.
 */
export async function attach(
  context: LockingContext,
  description: LockDescription,
  options: AttachOptions = {},
): Promise<Lock> {
  checkOptions(options);
  refuseUnknownOptions(options, ATTACH_OPTIONS);
  const { transfer } = mutexKind;
  const { names, token, fence, ttl } = checkDescription(description);
  const { driftFactor, options: defaults } = context;
  const ttlMs = checkTtl(options.ttl ?? ttl, driftFactor);
  const autoExtend = checkBoolean("autoExtend", options.autoExtend ?? defaults.autoExtend);
  const { diagnostics } = context;
  const lock = await attachLock(context, {
    kind: mutexKind,
    transfer: transfer!,
    target: names,
    token,
    fence,
    ttlMs,
    autoExtend,
    watch: diagnostics?.watch({ names, ttlMs, autoExtend, waits: false, isForContext: true }),
  });
  return diagnostics === undefined ? lock : diagnostics.objectFor(lock);
}

/** Checks a description, which may come from anywhere. Unknown fields are ignored: a later version may write more. */
function checkDescription(value: unknown): Pick<LockDescription, "names" | "token" | "fence" | "ttl"> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    // The text may have the token.
    const shown = typeof value === "string" ? `a string of ${value.length} characters` : formatValue(value);
    const hint = typeof value === "string" ? "; parse the JSON first" : "";
    throw new TypeError(`description: ${shown} must be an object from \`detach()\`${hint}`);
  }
  const {
    kind = mutexKind.transfer!.kind,
    names,
    token,
    fence,
    ttl,
    remaining,
  } = value as Partial<LockDescription>;
  if (kind !== mutexKind.transfer!.kind)
    throw new RangeError(`description.kind: ${formatValue(kind)} must be "${mutexKind.transfer!.kind}"`);
  if (!Array.isArray(names))
    throw new TypeError(`description.names: ${formatValue(names)} must be an array of strings`);
  const sorted = checkNames(names as readonly string[]);
  for (const name of sorted) checkKeyName(name);
  checkNumber("remaining", remaining);
  checkNumber("ttl", ttl);
  checkNumber("fence", fence);
  if (!Number.isSafeInteger(fence) || Number(fence) < 1 || Number(fence) > MAX_FENCE)
    throw new RangeError(
      `description.fence: ${formatValue(fence)} must be a whole number from 1 to ${MAX_FENCE}`,
    );
  return { names: sorted, token: checkToken(token), fence: Number(fence), ttl: Number(ttl) };
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
