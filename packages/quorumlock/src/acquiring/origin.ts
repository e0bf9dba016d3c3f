import { type Clock, systemClock } from "../base/clock.ts";
import { Deadlines } from "../base/deadlines.ts";
import { Events } from "../base/events.ts";
import {
  type AcquireOptions,
  checkOptions,
  checkSignal,
  checkWait,
  type ResolvedAcquireOptions,
} from "../base/options.ts";
import { Registry, type RegistryEntry } from "../base/registry.ts";
import type { Lockable } from "../lockable.ts";
import type { Reply, Request } from "../operations/request.ts";

/** The method of a lockable that returns its origin. Both builds of the library use the same symbol. */
export const ORIGIN = Symbol.for("quorumlock.origin");

/** A caller that waits inside this process, outside of an acquisition. */
export interface WaitingCaller extends RegistryEntry {
  /** The client closes. */
  close(): void;
}

/** The parts of the client that such a caller uses. */
export interface WaitingContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly isClosed: boolean;
  readonly prefix: string;
  /**
   * Sends a request to the instances that can answer now. Its replies are only hints, so failures are dropped. Returns how many
   * instances there are.
   */
  sendHint(request: Request, onReply: (reply: Reply) => void): number;
  /** The client closes them. */
  readonly waitingCallers: Registry<WaitingCaller>;
  /** Keeps the process running until `endWait`. */
  beginWait(): void;
  endWait(): void;
}

/** What a composition must know about the lockable that it is made of, and that the public interface does not tell. */
export interface Origin {
  /** The names for errors and events, sorted. */
  readonly names: readonly string[];
  readonly context: WaitingContext;
  /**
   * Checks the options of a call.
   * @throws RangeError, TypeError for bad options.
   */
  resolve(
    options: AcquireOptions | undefined,
  ): Pick<ResolvedAcquireOptions, "ttlMs" | "waitMs" | "isDefaultWait" | "signal">;
}

export function originOf(lockable: Lockable): Origin {
  const { [ORIGIN]: origin } = lockable as Lockable & { [ORIGIN]?(): Origin };
  return origin?.call(lockable) ?? foreignOrigin(lockable);
}

/** The ttl and the wait of a lockable that has no client. */
const FOREIGN_TTL_MS = 10_000;
const FOREIGN_WAIT_MS = 10_000;
let foreignContext: WaitingContext | undefined;

/** The origin of a lockable that is not made by this library. It has no client, so it has the clock of the system. */
function foreignOrigin({ name }: Lockable): Origin {
  foreignContext ??= {
    clock: systemClock,
    deadlines: new Deadlines(systemClock, { keepAlive: true }),
    events: new Events(),
    isClosed: false,
    prefix: "",
    sendHint: () => 0,
    waitingCallers: new Registry<WaitingCaller>(),
    beginWait: () => undefined,
    endWait: () => undefined,
  };
  return {
    names: [name],
    context: foreignContext,
    resolve: (options = {}) => {
      checkOptions(options);
      return {
        ttlMs: options.ttl ?? FOREIGN_TTL_MS,
        waitMs: checkWait(options.wait ?? FOREIGN_WAIT_MS),
        isDefaultWait: options.wait === undefined,
        signal: checkSignal(options.signal),
      };
    },
  };
}
