import type { Clock, Timer } from "../../base/clock.ts";
import type { WatchFunction } from "./api.ts";
import { toFailure } from "./errors.ts";

export interface WatchCall {
  readonly clock: Clock;
  readonly watch: WatchFunction;
  readonly path: string;
  readonly labelSelector: string;
  readonly resourceVersion: string;
  /** The server ends the watch after this time. */
  readonly timeoutSeconds: number;
  /** The watch is open: the server has accepted it. */
  readonly onOpen: () => void;
  /** Not called after the end. */
  readonly onEvent: (type: string, object: unknown, fail: (error: unknown) => void) => void;
}

/** A watch that does not open within this time has failed. */
export const REPLY_LIMIT_MS = 30_000;
/** How long after `timeoutSeconds` the watch counts as dead: its connection has broken without a sign. */
const GRACE_MS = 30_000;

/** One watch. */
export interface OpenWatch {
  /** Resolves when the server has ended the watch in the regular way, or `stop` was called. Rejects if the watch has failed. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

/** Opens one watch, with time limits of its own: a client has none, and a broken connection can look like a silent one. */
export function watchOnce(call: WatchCall): OpenWatch {
  const { clock, watch, path, labelSelector, resourceVersion, timeoutSeconds } = call;
  let isEnded = false;
  let opened: { abort(): void } | undefined;
  let limit: Timer | undefined;
  let settle: (error: Error | undefined) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  const end = (error: unknown): void => {
    if (isEnded) return;
    isEnded = true;
    limit?.cancel();
    opened?.abort();
    settle(error === null || error === undefined ? undefined : toFailure(error));
  };
  const setLimit = (ms: number, reason: string): void => {
    limit?.cancel();
    limit = clock.setTimer(ms, () => end(new Error(reason)), false);
  };
  const onEvent = (type: string, object: unknown): void => {
    if (!isEnded) call.onEvent(type, object, end);
  };
  const onOpen = (controller: { abort(): void }): void => {
    // A client returns its controller also for a watch that has failed, and after the time limit.
    if (isEnded) return controller.abort();
    opened = controller;
    setLimit(timeoutSeconds * 1_000 + GRACE_MS, "the watch did not end in time, so its connection is dead");
    call.onOpen();
  };
  const query = { labelSelector, resourceVersion, allowWatchBookmarks: true, timeoutSeconds };
  setLimit(REPLY_LIMIT_MS, `no answer within ${REPLY_LIMIT_MS} ms`);
  Promise.resolve()
    .then(() => watch(path, query, onEvent, end))
    .then(onOpen)
    .catch(end);
  return { ended, stop: () => end(undefined) };
}
