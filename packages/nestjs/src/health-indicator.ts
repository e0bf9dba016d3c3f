import { Inject, Injectable, Optional } from "@nestjs/common";
import { type Health, LockError, Redlock } from "quorumlock";

/** The result of a health indicator of @nestjs/terminus, which need not be installed. */
export type RedlockHealthResult<Key extends string> = Record<
  Key,
  { status: "up" | "down"; [field: string]: unknown }
>;

/**
 * A health indicator for @nestjs/terminus 11 or newer. It is `up` as long as a majority of the servers can vote, so that locks can be
 * granted. The result has the number of servers that vote, and what is wrong with each of the others.
 *
 * ```ts
 * this.health.check([() => this.locks.isHealthy("locks")]);
 * ```
 * The module exports it for the client without a name. Any module can also list it among its own providers.
 */
export class RedlockHealthIndicator {
  readonly #redlock: Redlock | undefined;

  /** @param redlock the client without a name. Nest injects it if there is one. */
  constructor(redlock?: Redlock) {
    this.#redlock = redlock;
  }

  /**
   * Asks each server once, with the time limit of a request. It does not reject because servers are down.
   * @param key of the result.
   * @param redlock the client to check. @default the client without a name
   * @throws Error if there is no client.
   */
  async isHealthy<const Key extends string>(
    key: Key,
    redlock: Redlock | undefined = this.#redlock,
  ): Promise<RedlockHealthResult<Key>> {
    if (redlock === undefined)
      throw new Error(
        `${key}: there is no client without a name to check; pass the one to check: isHealthy(${JSON.stringify(key)}, redlock)`,
      );
    return { [key]: await statusOf(redlock) } as RedlockHealthResult<Key>;
  }
}
Injectable()(RedlockHealthIndicator);
Inject(Redlock)(RedlockHealthIndicator, undefined, 0);
Optional()(RedlockHealthIndicator, undefined, 0);

async function statusOf(redlock: Redlock): Promise<RedlockHealthResult<string>[string]> {
  try {
    return describe(await redlock.health());
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    return { status: "down", message: error.message };
  }
}

function describe({
  canLock,
  voting,
  quorum,
  configured,
  instances,
}: Health): RedlockHealthResult<string>[string] {
  const problems = instances
    .filter(({ state }) => state !== "up")
    .map(({ instance, state, error }) => ({ instance, state, message: error?.message }));
  return { status: canLock ? "up" : "down", voting, quorum, configured, problems };
}
