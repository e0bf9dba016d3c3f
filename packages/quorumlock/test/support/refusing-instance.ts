import { FAILED, type Reply, type Request } from "../../src/operations/request.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import { WatchedInstance } from "./watched-instance.ts";

/** An in-memory instance that can refuse every call with an error, after a delay. It counts the refused calls. */
export class RefusingInstance extends WatchedInstance {
  /** The error; `undefined` if it carries the calls out. */
  refusal: string | undefined;
  refusalDelayMs = 0;
  /** The operation that its script may not carry out. */
  forbidden: string | undefined;
  refusedCalls = 0;
  readonly #clock: VirtualClock;

  constructor(options: { readonly clock: VirtualClock; readonly label: string }) {
    super(options);
    this.#clock = options.clock;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const { refusal, refusalDelayMs } = this;
    if (refusal === undefined && this.forbidden === undefined) return super.run(requests);
    if (refusal === undefined) return this.#runPermitted(requests);
    this.refusedCalls += 1;
    if (refusalDelayMs > 0)
      await new Promise<void>((resolve) => this.#clock.setTimer(refusalDelayMs, resolve, false));
    throw new Error(refusal);
  }

  async #runPermitted(requests: readonly Request[]): Promise<readonly Reply[]> {
    const isPermitted = ({ operation }: Request): boolean => operation.name !== this.forbidden;
    const replies = [...(await super.run(requests.filter(isPermitted)))];
    const text = "ERR ACL failure in script: User x has no permissions to run the 'set' command";
    return requests.map((request) => (isPermitted(request) ? replies.shift()! : [FAILED, text]));
  }
}
