import type { Mode, Operation } from "../history/index.ts";
import type { Time } from "../world/time.ts";
import type { Attempt, ExtensionAttempt, Grant, ReleaseEnd } from "./grant.ts";

/** The number of permits of each semaphore, by its name. */
export type Semaphores = ReadonlyMap<string, number>;

/** The history of a run for the history checker: what the callers saw, in real time. */
export class RecordedHistory {
  readonly operations: Operation[] = [];
  readonly #time: Time;
  /** By grant: the index of the first operation of its release. */
  readonly #releases = new Map<Grant, number>();
  /** By grant: the index of the first operation of its conversion. */
  readonly #conversions = new Map<Grant, number>();
  /** By grant: the token of its acquisition. A conversion changes the token of a lock, but not its acquisition. */
  readonly #tokens = new Map<Grant, string>();
  readonly #semaphores: Semaphores;

  constructor(time: Time, semaphores: Semaphores = new Map()) {
    this.#time = time;
    this.#semaphores = semaphores;
  }

  onGrant(grant: Grant): void {
    const { startedAt, grantedAt, lock } = grant;
    const { token, fence } = lock;
    this.#tokens.set(grant, token);
    const times = { invokedAt: startedAt, completedAt: grantedAt, heldUntil: this.#heldUntil(grant) };
    this.#add(grant, { kind: "acquire", outcome: "ok", token, fence, ...times });
  }

  /** The attempt ended without a lock. */
  onNotGranted(attempt: Attempt): void {
    const times = { invokedAt: attempt.startedAt, completedAt: this.#time.now };
    this.#add(attempt, { kind: "acquire", outcome: "refused", ...times });
  }

  /** If the caller extends to an earlier end, the lease may end there even if the extension fails. */
  onExtend({ grant, startedAt, sureMs }: ExtensionAttempt): void {
    const end = startedAt + sureMs / grant.host.clock.rate;
    if (end < this.#heldUntil(grant)) this.#addPossibleEnd(grant, end);
  }

  onExtended({ grant, startedAt }: ExtensionAttempt): void {
    const times = { invokedAt: startedAt, completedAt: this.#time.now, heldUntil: this.#heldUntil(grant) };
    this.#add(grant, { kind: "extend", outcome: "ok", token: this.#tokenOf(grant), ...times });
  }

  /**
   * The last extension of the holder. Nobody can end the lease before it expires, unless another client attaches it. `canEnd`: a change
   * of the members can end it as well.
   */
  onDetached(grant: Grant, startedAt: number, remainingMs: number, canEnd: boolean): void {
    const completedAt = this.#time.now;
    const heldUntil = completedAt + remainingMs / grant.host.clock.rate;
    const times = { invokedAt: startedAt, completedAt, heldUntil };
    this.#add(grant, { kind: "extend", outcome: "ok", token: this.#tokenOf(grant), ...times });
    if (canEnd) this.#addPossibleEnd(grant, completedAt);
  }

  onNotExtended({ grant, startedAt }: ExtensionAttempt): void {
    const times = { invokedAt: startedAt, completedAt: this.#time.now };
    this.#add(grant, { kind: "extend", outcome: "refused", token: this.#tokenOf(grant), ...times });
  }

  /** The lock is lost. The library may delete it on the servers from now on. */
  onLost(grant: Grant): void {
    this.#addPossibleEnd(grant, this.#time.now);
  }

  /** The lock may be free from now on, even if the client dies before the release is confirmed. */
  onRelease(grant: Grant): void {
    this.#releases.set(grant, this.operations.length);
    this.#addPossibleEnd(grant, this.#time.now);
  }

  onReleased(grant: Grant, end: ReleaseEnd): void {
    const first = this.#releases.get(grant);
    if (first === undefined || end === "unconfirmed" || end === "unreported") return;
    grant.names.forEach((_, index) => {
      const release = this.operations[first + index]!;
      const outcome = end === "held" ? "ok" : "refused";
      this.operations[first + index] = { ...release, outcome, completedAt: this.#time.now };
    });
  }

  /** The conversion may take effect from now on, even if the client dies before it knows the result. */
  onConvert(grant: Grant, mode: Mode): void {
    this.#conversions.set(grant, this.operations.length);
    const times = { invokedAt: this.#time.now };
    this.#add(
      { ...grant, modes: [mode] },
      { kind: "convert", outcome: "unknown", token: this.#tokenOf(grant), ...times },
    );
  }

  /** The lock of a grant was attached. It has the token of this history that the grant had, also after a conversion. */
  onAttached(from: Grant, attached: Grant): void {
    this.#tokens.set(attached, this.#tokenOf(from));
  }

  onConverted(grant: Grant, converted: Grant): void {
    this.#tokens.set(converted, this.#tokenOf(grant));
    this.#endConversion(grant, {
      outcome: "ok",
      fence: converted.lock.fence,
      completedAt: this.#time.now,
      heldUntil: this.#heldUntil(converted),
    });
  }

  onNotConverted(grant: Grant): void {
    this.#endConversion(grant, { outcome: "refused", completedAt: this.#time.now });
  }

  #endConversion(grant: Grant, result: Partial<Operation>): void {
    const index = this.#conversions.get(grant)!;
    this.operations[index] = { ...this.operations[index]!, ...result };
  }

  #tokenOf(grant: Grant): string {
    return this.#tokens.get(grant) ?? grant.lock.token;
  }

  #addPossibleEnd(grant: Grant, invokedAt: number): void {
    this.#add(grant, { kind: "release", outcome: "unknown", token: this.#tokenOf(grant), invokedAt });
  }

  /** The moment of real time at which the holder's own clock ends the lease. */
  #heldUntil({ host, lock }: Grant): number {
    return this.#time.now + host.observe(() => lock.remaining()) / host.clock.rate;
  }

  #add(
    { client, worker, names, modes, permits: { wanted } }: Attempt,
    operation: Omit<Operation, "process" | "resource" | "mode" | "permits">,
  ): void {
    names.forEach((resource, index) => {
      const total = this.#semaphores.get(resource);
      // A plain lock on the name of a semaphore takes all permits.
      const what = total === undefined ? { mode: modes[index] ?? "X" } : { permits: wanted || total };
      this.operations.push({ process: `${client}/${worker}`, resource, ...what, ...operation });
    });
  }
}
