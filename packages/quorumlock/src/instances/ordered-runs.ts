import { FAILED, type Reply, type Request } from "../operations/request.ts";

type Run = (requests: readonly Request[]) => Promise<readonly Reply[]>;

/** A call of `run` that waits for the one on the way. */
interface WaitingRun {
  readonly requests: readonly Request[];
  readonly resolve: (replies: readonly Reply[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Failure {
  readonly error: unknown;
}

const WITHDRAWN: Reply = [FAILED, "withdrawn before it was sent"];

/**
 * Runs requests in the order of the calls, for a client that may send commands in another order. A release that overtakes its
 * acquisition would leave the lock until the end of its ttl.
 *
 * One call is on the way at a time. All calls that come meanwhile are sent together after it.
 */
export class OrderedRuns {
  readonly #run: Run;
  readonly #onIdle: () => void;
  #isRunning = false;
  #waiting: WaitingRun[] = [];

  constructor(run: Run, onIdle: () => void) {
    this.#run = run;
    this.#onIdle = onIdle;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    if (!this.#isRunning) return this.#start(requests);
    return new Promise((resolve, reject) => this.#waiting.push({ requests, resolve, reject }));
  }

  async #start(requests: readonly Request[]): Promise<readonly Reply[]> {
    this.#isRunning = true;
    let failure: Failure | undefined;
    try {
      return requests.length === 0 ? [] : await this.#run(requests);
    } catch (error) {
      failure = { error };
      throw error;
    } finally {
      this.#isRunning = false;
      this.#startNext(failure);
    }
  }

  /** `failure`: why the run before got no replies. */
  #startNext(failure: Failure | undefined): void {
    if (this.#waiting.length === 0) this.#onIdle();
    else void this.#startWaiting(this.#waiting.splice(0), failure);
  }

  /** Leaves out what was withdrawn meanwhile, except undo requests. If nothing is left, the outcome is that of the run before. */
  async #startWaiting(runs: readonly WaitingRun[], failure: Failure | undefined): Promise<void> {
    const requests = runs
      .flatMap((waiting) => waiting.requests)
      .filter(({ owner, operation }) => !owner.isWithdrawn || operation.isUndo);
    if (requests.length === 0) {
      for (const waiting of runs)
        // Replies would show that the server answers.
        if (failure !== undefined) waiting.reject(failure.error);
        else waiting.resolve(waiting.requests.map(() => WITHDRAWN));
      this.#startNext(failure);
      return;
    }
    try {
      const replies = await this.#start(requests);
      const replyTo = new Map(requests.map((request, index) => [request, replies[index]]));
      for (const waiting of runs)
        waiting.resolve(waiting.requests.map((request) => replyTo.get(request) ?? WITHDRAWN));
    } catch (error) {
      for (const { reject } of runs) reject(error);
    }
  }
}
