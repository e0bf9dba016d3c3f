import type { Time } from "../world/time.ts";
import type { Grant } from "./referee.ts";

/**
 * Who holds what at this real instant, by each holder's own clock: a holder that stands still or died counts on its
 * lease all the same.
 */
export class Leases {
  readonly #time: Time;
  /** By name: granted and not given back. */
  readonly #open = new Map<string, Set<Grant>>();

  constructor(time: Time) {
    this.#time = time;
  }

  began(grant: Grant): void {
    for (const name of grant.names) {
      const open = this.#open.get(name) ?? new Set();
      open.add(grant);
      this.#open.set(name, open);
    }
  }

  ended(grant: Grant): void {
    for (const name of grant.names) this.#open.get(name)?.delete(grant);
  }

  /** Others that hold a name of `grant` at this instant, while it does. */
  overlapsOf(grant: Grant): readonly string[] {
    if (!isHeld(grant)) return [];
    return this.#others(grant)
      .filter(isHeld)
      .map((other) => `${show(grant)} holds what ${show(other)} holds until ${this.#endOf(other)}`);
  }

  /** All pairs that hold one name at this instant. */
  overlaps(): readonly string[] {
    const grants = new Set([...this.#open.values()].flatMap((open) => [...open]));
    return [...grants].flatMap((grant) => this.overlapsOf(grant));
  }

  /** Others whose lock is now somebody else's, and whose signal has not told them, though they could have been told. */
  silentLosses(grant: Grant): readonly string[] {
    // One client stood still in its code: all others are late through no fault of theirs.
    if (this.#time.clientsAreBehind) return [];
    return this.#others(grant)
      .filter(({ host, lock }) => host.running && !lock.signal.aborted)
      .map((other) => `${show(grant)} was granted before the signal of ${show(other)} fired`);
  }

  #others(grant: Grant): readonly Grant[] {
    const others = new Set<Grant>();
    for (const name of grant.names) {
      for (const other of this.#open.get(name) ?? []) if (other !== grant) others.add(other);
    }
    return [...others];
  }

  #endOf({ host, lock }: Grant): string {
    return (this.#time.now + host.watch(() => lock.remaining()) / host.clock.rate).toFixed(1);
  }
}

function isHeld({ host, lock }: Grant): boolean {
  return host.watch(() => lock.isHeld);
}

function show({ client, worker, names, lock, grantedAt }: Grant): string {
  const who = `client ${client}, worker ${worker}`;
  return `${who} (${names.join(", ")}, fence ${lock.fence}, granted at ${grantedAt.toFixed(1)})`;
}
