import { clash } from "../library.ts";
import type { Time } from "../world/time.ts";
import type { Grant } from "./grant.ts";

/**
 * Knows the valid leases at each moment of real time, by the clock of each holder. The lease of a paused or dead holder
 * counts as well, because the holder relies on it when it resumes.
 */
export class Leases {
  readonly #time: Time;
  /** By name: grants that are not released. */
  readonly #open = new Map<string, Set<Grant>>();
  /** When each grant was first seen without a valid lease and without a signal, while its client ran. */
  readonly #silentSince = new Map<Grant, number>();

  constructor(time: Time) {
    this.#time = time;
  }

  add(grant: Grant): void {
    for (const name of grant.names) {
      const open = this.#open.get(name) ?? new Set();
      open.add(grant);
      this.#open.set(name, open);
    }
  }

  remove(grant: Grant): void {
    this.#silentSince.delete(grant);
    for (const name of grant.names) this.#open.get(name)?.delete(grant);
  }

  /** Describes each other valid lease on a name of `grant`, if the lease of `grant` is valid. */
  overlapsOf(grant: Grant): readonly string[] {
    if (!isHeld(grant)) return [];
    return this.#others(grant)
      .filter(isHeld)
      .map((other) => `${describe(grant)} overlaps ${describe(other)}, held until ${this.#endOf(other)}`);
  }

  /** Describes a valid lease of a tenant that is one too many. */
  crowdingOf(grant: Grant): readonly string[] {
    const { limit } = grant;
    if (limit === undefined || !isHeld(grant)) return [];
    const open = new Set([...this.#open.values()].flatMap((grants) => [...grants]));
    const held = [...open].filter((other) => other.limit !== undefined && isHeld(other));
    return held.length <= limit
      ? []
      : [`${describe(grant)} is one of ${held.length} valid locks of a tenant that may have ${limit}`];
  }

  /** Describes all pairs of valid leases on one name. */
  overlaps(): readonly string[] {
    const grants = new Set([...this.#open.values()].flatMap((open) => [...open]));
    return [...grants].flatMap((grant) => this.overlapsOf(grant));
  }

  /**
   * Describes each running holder that lost a name to `grant`, and whose signal has not fired. A holder whose machine woke up less than
   * `wakingMs` ago may not have noticed it yet.
   */
  silentLosses(grant: Grant, wakingMs: number): readonly string[] {
    // After one client stalled, the signals of all others are late. That is no fault of the library.
    if (this.#time.isClientOverdue) return [];
    return this.#others(grant)
      .filter(({ host, lock }) => host.isRunning && !lock.signal.aborted)
      .filter(({ host }) => this.#time.now - host.wokeUpAt > wakingMs)
      .map((other) => `${describe(grant)} was granted before the signal of ${describe(other)} fired`);
  }

  /**
   * Describes each grant that has been without a valid lease for `limitMs`, while its client ran and its signal did not fire. Call
   * it repeatedly.
   */
  lateSignals(limitMs: number): readonly string[] {
    const grants = new Set([...this.#open.values()].flatMap((open) => [...open]));
    return [...grants].flatMap((grant) => {
      const { host, lock } = grant;
      const isSilent = host.isRunning && !lock.signal.aborted && !isHeld(grant);
      const since = isSilent ? (this.#silentSince.get(grant) ?? this.#time.now) : this.#time.now;
      if (isSilent) this.#silentSince.set(grant, since);
      else this.#silentSince.delete(grant);
      const lateMs = this.#time.now - since;
      return lateMs > limitMs ? [`the signal of ${describe(grant)} is ${lateMs.toFixed(0)} ms late`] : [];
    });
  }

  /** The grants whose mode clashes with the mode of `grant` on one of its names. */
  #others(grant: Grant): readonly Grant[] {
    const others = new Set<Grant>();
    grant.names.forEach((name, index) => {
      for (const other of this.#open.get(name) ?? []) {
        const otherMode = other.modes[other.names.indexOf(name)] ?? "X";
        const clashes = clash(grant.modes[index] ?? "X", otherMode);
        if (other !== grant && (clashes || shareSlot(grant, other))) others.add(other);
      }
    });
    return [...others];
  }

  #endOf({ host, lock }: Grant): string {
    return (this.#time.now + host.observe(() => lock.remaining()) / host.clock.rate).toFixed(1);
  }
}

function isHeld({ host, lock }: Grant): boolean {
  return host.observe(() => lock.isHeld);
}

/** Whether both hold one slot of a semaphore, whose name they have in common. */
function shareSlot(one: Grant, other: Grant): boolean {
  return one.slots.some((slot) => other.slots.includes(slot));
}

function describe({ client, worker, names, lock, slots, grantedAt }: Grant): string {
  const holder = `client ${client}, worker ${worker}`;
  const what = slots.length === 0 ? names : [...names, `slots ${slots.join(" ")}`];
  return `${holder} (${what.join(", ")}, fence ${lock.fence}, granted at ${grantedAt.toFixed(1)})`;
}
