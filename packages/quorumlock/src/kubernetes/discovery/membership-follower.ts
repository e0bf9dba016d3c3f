import type { Clock, Timer } from "../../base/clock.ts";
import { LockClosedError } from "../../base/errors.ts";
import { toSafeError } from "../../base/safe-error.ts";
import type { MembershipChange } from "../../client/reconfiguration.ts";
import type { InstanceSource } from "../../instances/sources.ts";
import { type DeclaredSize, NEXT_SIZE_ANNOTATION, SIZE_ANNOTATION } from "./declared-size.ts";
import { DiscoveryError } from "./errors.ts";

/** The member of a `Redlock` that a discovery uses to change its instances. */
export interface ReconfigurableClient {
  /** As `Redlock.reconfigure`. */
  reconfigure(
    instances: readonly InstanceSource[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<MembershipChange>;
}

/**
 * Which members decide for this process:
 *
 * - `stable`: one set.
 * - `preparing`: one set still. The members of the next set are being identified, and locks are being extended for both.
 * - `joint`: the present set and the next one. Every lock of this process is on majorities of both.
 * - `switching`: one of both sets takes over.
 */
export type MembershipState = "stable" | "preparing" | "joint" | "switching";

export interface FollowerOptions {
  readonly clock: Clock;
  /** With what the client was made. */
  readonly initial: DeclaredSize;
  /** The instances of a set of this size. */
  readonly instancesOf: (size: number) => readonly InstanceSource[];
  /** Forgets the instances that are in no set of these sizes. */
  readonly keepOnly: (sizes: readonly number[]) => void;
  readonly onState: (state: MembershipState, size: number, next: number | undefined) => void;
  readonly onProblem: (error: DiscoveryError | undefined) => void;
}

/** Both sets decide. */
interface Joint {
  readonly next: number;
  /** `undefined` if the client was made with both sets and the change is not yet begun. */
  change: MembershipChange | undefined;
  /**
   * The sizes to which a pair has led that was declared while this process was joint. So whoever declares such a size alone can know that
   * it is joint.
   */
  readonly confirmed: Set<number>;
  readonly declared: Declarations;
  /** Both sizes in the order of the latest pair, so that whoever declared it sees that it has arrived. */
  order: readonly [number, number];
  isSwitching: boolean;
}

/** What was declared since a process prepares for both sets, or needs both. */
interface Declarations {
  /** The sizes that were declared alone after the latest pair. Other processes can have gone to each of them. */
  readonly alone: Set<number>;
  /** Whether another size than the present one ever was the declared one. Then other processes can have gone on, and come back. */
  hasOther: boolean;
}

/** The members of the next set are being identified. */
interface Preparation {
  readonly next: number;
  readonly abort: AbortController;
  readonly declared: Declarations;
}

const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
const MAX_DOUBLINGS = 5;

/**
 * Follows the declared size with the joint change of the set (protocol §10), one step at a time.
 *
 * It goes from one set to both at any time, because that is always safe: rounds of both sets and of either set have a set in common. It
 * goes from both sets to the next one only if that was declared after the pair was declared while this process was joint, and from both to
 * any one only if no other size was declared alone meanwhile. So a process never goes from one set to another one directly, and one that
 * has missed the declaration of the pair stays with both.
 *
 * Whoever goes back carries the counters back. Another process can have used the next set alone, while this one did not hear of it. Its
 * tokens are on a majority of the next set. Without that majority, a process goes back only if no other size than the present one was
 * declared, which is a change that was withdrawn.
 *
 * There is a pause after each step, so that a declaration that flaps does not make a change each time. Only the latest one counts.
 */
export class MembershipFollower {
  readonly #options: FollowerOptions;
  #size: number;
  #joint: Joint | undefined;
  #declared: DeclaredSize;
  #client: ReconfigurableClient | undefined;
  /** Cancels the preparation in progress. */
  #preparing: Preparation | undefined;
  /** Number of failed steps in a row. */
  #failures = 0;
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { size, next } = options.initial;
    this.#size = size;
    this.#declared = options.initial;
    if (next !== undefined)
      this.#joint = {
        next,
        change: undefined,
        confirmed: new Set([next]),
        declared: { alone: new Set(), hasOther: false },
        order: [size, next],
        isSwitching: false,
      };
  }

  /** Whether `start` was called. */
  get isStarted(): boolean {
    return this.#client !== undefined;
  }

  /** Changes the instances of this client from now on. */
  start(client: ReconfigurableClient): void {
    this.#client = client;
    void this.#run(client);
  }

  /** Each declaration, in order. */
  onDeclared(declared: DeclaredSize): void {
    this.#declared = declared;
    const [joint, preparing] = [this.#joint, this.#preparing];
    if (joint !== undefined) {
      this.#record(joint);
      this.#confirm(joint);
    }
    if (preparing !== undefined) {
      this.#record(preparing);
      if (!this.#isWanted(preparing.next)) preparing.abort.abort();
    }
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#preparing?.abort.abort();
    this.#wake();
  }

  #record({ next, declared }: Joint | Preparation): void {
    const { size } = this.#declared;
    if (size !== this.#size) declared.hasOther = true;
    if (this.#isPair(next)) declared.alone.clear();
    else declared.alone.add(size);
  }

  #confirm(joint: Joint): void {
    const { size, next } = this.#declared;
    if (next === undefined || !this.#isPair(joint.next)) return;
    joint.confirmed.add(next);
    const isShown = joint.order[0] === size;
    joint.order = [size, next];
    if (!isShown && joint.change !== undefined && !joint.isSwitching) this.#showJoint(joint);
  }

  #showJoint({ order }: Joint): void {
    this.#options.onState("joint", ...order);
  }

  /** Whether the present set and this one are declared, in whichever order. */
  #isPair(other: number): boolean {
    const { size, next } = this.#declared;
    return (size === this.#size && next === other) || (size === other && next === this.#size);
  }

  /** Whether a change from the present set to this size is declared, or already over for others. */
  #isWanted(target: number): boolean {
    const { size, next } = this.#declared;
    return size === target || (size === this.#size && next === target);
  }

  async #run(client: ReconfigurableClient): Promise<void> {
    while (!this.#isClosed) {
      const step = this.#nextStep(client);
      if (step === undefined) {
        await this.#changed();
        continue;
      }
      try {
        await step();
        this.#failures = 0;
      } catch (thrown) {
        if (this.#isClosed || thrown instanceof LockClosedError) return;
        this.#failures += 1;
        this.#report(thrown);
      }
      await this.#pause();
    }
  }

  #nextStep(client: ReconfigurableClient): (() => Promise<void>) | undefined {
    const { size, next } = this.#declared;
    const joint = this.#joint;
    if (joint === undefined) {
      if (size !== this.#size) return () => this.#becomeJoint(client, size);
      if (next !== undefined) return () => this.#becomeJoint(client, next);
      this.#options.onProblem(undefined);
      return undefined;
    }
    if (joint.change === undefined) return () => this.#beginGiven(client, joint);
    if (this.#isPair(joint.next)) {
      this.#options.onProblem(undefined);
      return undefined;
    }
    const { confirmed, declared } = joint;
    const isWithdrawn = size === this.#size && !declared.hasOther;
    const isSafe = confirmed.has(size) || isWithdrawn;
    if (!isSafe || [...declared.alone].some((alone) => alone !== size)) {
      this.#options.onProblem(this.#skipped(joint));
      return undefined;
    }
    const { change } = joint;
    return () => this.#switchTo(size, joint, change);
  }

  /** Makes both sets decide. If it fails, the present set decides alone as before. */
  async #becomeJoint(client: ReconfigurableClient, next: number): Promise<void> {
    const { instancesOf, keepOnly, onState } = this.#options;
    const abort = new AbortController();
    const declared: Declarations = { alone: new Set(), hasOther: false };
    const preparing: Preparation = { next, abort, declared };
    this.#preparing = preparing;
    this.#record(preparing);
    onState("preparing", this.#size, next);
    try {
      const change = await client.reconfigure(instancesOf(next), { signal: abort.signal });
      const order = [this.#size, next] as const;
      const joint: Joint = { next, change, confirmed: new Set(), declared, order, isSwitching: true };
      this.#confirm(joint);
      joint.isSwitching = false;
      this.#joint = joint;
      this.#showJoint(joint);
    } catch (error) {
      keepOnly([this.#size]);
      onState("stable", this.#size, undefined);
      // The declaration has changed meanwhile.
      if (abort.signal.aborted && !(error instanceof LockClosedError)) return;
      throw error;
    } finally {
      this.#preparing = undefined;
    }
  }

  /** The client was made with both sets. */
  async #beginGiven(client: ReconfigurableClient, joint: Joint): Promise<void> {
    joint.change = await client.reconfigure(this.#options.instancesOf(joint.next));
    this.#showJoint(joint);
  }

  async #switchTo(size: number, joint: Joint, change: MembershipChange): Promise<void> {
    const { keepOnly, onState } = this.#options;
    onState("switching", ...joint.order);
    joint.isSwitching = true;
    try {
      if (size === joint.next) await change.complete();
      else await this.#goBack(joint, change);
    } catch (error) {
      joint.isSwitching = false;
      this.#showJoint(joint);
      throw error;
    }
    this.#size = size;
    this.#joint = undefined;
    keepOnly([size]);
    onState("stable", size, undefined);
  }

  async #goBack({ declared }: Joint, change: MembershipChange): Promise<void> {
    try {
      await change.abort({ carryBack: true });
    } catch (error) {
      // A change is also withdrawn because the next servers cannot be reached.
      if (declared.hasOther || error instanceof LockClosedError) throw error;
      await change.abort();
    }
  }

  #skipped({ next, confirmed }: Joint): DiscoveryError {
    const { size } = this.#declared;
    const isReturn = size === this.#size;
    const [from, to] = isReturn ? [next, size] : [this.#size, next];
    const pair = `${SIZE_ANNOTATION}=${from} with ${NEXT_SIZE_ANNOTATION}=${to}`;
    const why =
      isReturn || size !== next || confirmed.has(size)
        ? `the size ${size} was declared without a change to it from both sizes`
        : `this process was not joint when the size ${size} was declared`;
    return new DiscoveryError(
      "CHANGE",
      `${why}, so other processes can use another set; this process needs majorities of the sets of ${this.#size} and of ${next}; declare ${pair}, wait until all processes are joint with these sizes, and declare ${to} alone, or restart this process when all others use one set`,
    );
  }

  #report(thrown: unknown): void {
    const { message } = toSafeError(thrown);
    const { size, next } = this.#declared;
    const target = next ?? size;
    this.#options.onProblem(
      new DiscoveryError("CHANGE", `the set is not changed to the size ${target}: ${message}`, thrown),
    );
  }

  /** Resolves at the next declaration, or when the follower is closed. */
  #changed(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Only `close` ends it early. */
  async #pause(): Promise<void> {
    const { clock } = this.#options;
    const longestMs = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** Math.min(this.#failures, MAX_DOUBLINGS));
    let timer: Timer | undefined;
    const over = new Promise<void>((resolve) => {
      timer = clock.setTimer(longestMs * (0.5 + clock.random() / 2), resolve, false);
      this.#wake = () => {
        if (this.#isClosed) resolve();
      };
    });
    await over;
    timer?.cancel();
  }
}
