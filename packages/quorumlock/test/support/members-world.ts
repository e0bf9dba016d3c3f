import { Redlock, type RedlockOptions } from "../../src/index.ts";
import { identifyOperation } from "../../src/operations/identify.ts";
import type { Reply, ReplyList, Request } from "../../src/operations/request.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { WatchedInstance } from "./watched-instance.ts";

export const TTL_MS = 10_000;

/** Six instances, `a` to `f`, and any number of clients, in virtual time. */
export class MembersWorld {
  readonly clock = new VirtualClock();
  readonly all = ["a", "b", "c", "d", "e", "f"].map(
    (label) => new ClosingInstance({ clock: this.clock, label }),
  );

  /** The instances with these labels, one letter each. */
  set(labels: string): readonly ClosingInstance[] {
    return Array.from(labels, (label) => this.all.find((instance) => instance.label === label)!);
  }

  one(label: string): ClosingInstance {
    return this.set(label)[0]!;
  }

  client(labels: string | { current: string; next: string }, options: RedlockOptions = {}): Redlock {
    const instances =
      typeof labels === "string"
        ? this.set(labels)
        : { current: this.set(labels.current), next: this.set(labels.next) };
    return new Redlock(instances, { clock: this.clock, ttl: TTL_MS, requestTimeout: 100, ...options });
  }
}

/** An in-memory instance that counts how often it was closed. */
export class ClosingInstance extends WatchedInstance {
  readonly clock: VirtualClock;
  closeCount = 0;
  /** Whether its user has no right to INFO. */
  refusesInfo = false;
  /** How long the instance takes for a request, in ms. */
  delayOf: (operation: string) => number = () => 0;

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const delayMs = Math.max(...requests.map(({ operation }) => this.delayOf(operation.name)));
    if (delayMs > 0) await new Promise<void>((resolve) => this.clock.setTimer(delayMs, resolve, false));
    const replies = await super.run(requests);
    return replies.map((reply, index) => {
      if (!this.refusesInfo || requests[index]!.operation !== identifyOperation) return reply;
      const [status, , , time, , , , , , , , marker] = reply as ReplyList;
      return [status, "", -1, time!, -1, "", -1, "", "", "", "", marker!, "NOPERM"];
    });
  }

  constructor(options: { readonly clock: VirtualClock; readonly label: string }) {
    super(options);
    this.clock = options.clock;
  }

  override async close(): Promise<void> {
    this.closeCount += 1;
  }
}

/** Reports whether a promise has settled. */
export function observeSettling(promise: Promise<unknown>): { readonly isSettled: boolean } {
  const state = { isSettled: false };
  promise.then(
    () => (state.isSettled = true),
    () => (state.isSettled = true),
  );
  return state;
}
