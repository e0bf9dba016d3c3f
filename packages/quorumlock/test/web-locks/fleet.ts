import { Redlock } from "../../src/index.ts";
import { type WebLockManager, webLocks } from "../../src/web-locks/index.ts";
import { type World, world } from "../support/world.ts";
import { Request } from "./case-tools.ts";

/** Web locks of two clients on three instances in memory, in virtual time. */
export interface Fleet extends World {
  readonly locks: WebLockManager;
  /** Those of another client. */
  readonly others: WebLockManager;
  readonly otherRedlock: Redlock;
}

export function fleet(): Fleet {
  const made = world();
  const otherRedlock = new Redlock(made.instances, { clock: made.clock, owner: "other" });
  return { ...made, locks: webLocks(made.redlock), others: webLocks(otherRedlock), otherRedlock };
}

/** A request whose callback the test ends. */
export function held(locks: WebLockManager, name: string, options: object = {}): Request {
  return new Request(locks, name, options);
}
