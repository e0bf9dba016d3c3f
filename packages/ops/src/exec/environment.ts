import type { Lock } from "quorumlock";
import { tokenId } from "../monitor/locks/token-id.ts";

/** What `exec` can have written. */
const MIN_OUTER_TTL_MS = 3_000;
const MAX_OUTER_TTL_MS = 30 * 86_400_000;

/** A lock that a process further up in the tree holds for this one. */
export interface OuterLock {
  readonly name: string;
  /** The first 8 digits of the lock's token. */
  readonly id: string;
  readonly fence: number;
  readonly prefix: string;
}

/** The ttl of the lock of the `exec` around this process, ms. `undefined` if it is not known. */
export function ttlIn({ QUORUMLOCK_TTL_MS: text }: Environment): number | undefined {
  const ttlMs = Number(text);
  return ttlMs >= MIN_OUTER_TTL_MS && ttlMs <= MAX_OUTER_TTL_MS ? ttlMs : undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The locks of the `exec` commands around this one. Empty for a value that no `exec` wrote. */
export function outerLocksIn({ QUORUMLOCK_HELD: text }: Environment): readonly OuterLock[] {
  if (text === undefined || text === "") return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.filter(isOuterLock) : [];
}

function isOuterLock(value: unknown): value is OuterLock {
  const { name, id, fence, prefix } = (value ?? {}) as Partial<Record<keyof OuterLock, unknown>>;
  return [name, id, prefix].every((text) => typeof text === "string") && typeof fence === "number";
}

/**
 * The environment of the command. It has neither the token nor `QUORUMLOCK_PASSWORD`, nor passwords in `QUORUMLOCK_INSTANCES`. Variables
 * with other names that a configuration file reads stay, because the command may need them itself.
 */
export function commandEnvironment(
  environment: Environment,
  lock: Pick<Lock, "names" | "token" | "fence" | "ttl">,
  {
    name,
    prefix,
    outer,
  }: { readonly name: string; readonly prefix: string; readonly outer: readonly OuterLock[] },
): NodeJS.ProcessEnv {
  const id = tokenId(lock.token);
  const held = lock.names.map((each) => ({ name: each, id, fence: lock.fence, prefix }) satisfies OuterLock);
  return {
    ...withoutPasswords(environment),
    QUORUMLOCK_NAME: name,
    QUORUMLOCK_NAMES: JSON.stringify(lock.names),
    QUORUMLOCK_FENCE: String(lock.fence),
    QUORUMLOCK_LOCK_ID: id,
    QUORUMLOCK_TTL_MS: String(lock.ttl),
    QUORUMLOCK_HELD: JSON.stringify([...outer, ...held]),
  };
}

/** The environment of a command that runs under the lock of the `exec` around it: it is the same, without passwords. */
export function withoutPasswords(environment: Environment): NodeJS.ProcessEnv {
  const { QUORUMLOCK_PASSWORD: _password, QUORUMLOCK_INSTANCES: instances, ...rest } = environment;
  if (instances === undefined) return rest;
  const shown = instances.split(",").map((server) => server.replace(/^(\s*[a-z]+:\/\/)?.*@/i, "$1"));
  return { ...rest, QUORUMLOCK_INSTANCES: shown.join(",") };
}
