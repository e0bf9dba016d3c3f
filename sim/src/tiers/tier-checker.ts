import type { FallbackTier, Lock, TierChange, TierInfo } from "quorumlock";
import { Leases } from "../invariants/leases.ts";
import type { Grant, Invariant } from "../invariants/grant.ts";
import { driftAllowance } from "../library.ts";
import type { Step } from "../plan/plan.ts";
import type { Host } from "../world/host.ts";
import type { Time } from "../world/time.ts";

/** A lock of one tier, as its process sees it. */
export interface TierGrant {
  readonly grant: Grant;
  readonly client: number;
  readonly name: string;
  readonly tier: FallbackTier;
}

/** Two moments of real time that differ by less than this are one moment, because clocks are read in floating point. */
const ROUNDING_MS = 1e-3;

/**
 * What `withFallback` promises with `safeSwitch` (docs/policies.md):
 *
 * 1. Within one tier, no name has two holders. The tier `local` is one tier for each process.
 * 2. Within one process, no name has two holders, whatever their tiers. A routine holds its name until it ends.
 * 3. A process that has left a tier is granted nothing by another one while a lease of the former tier is valid that began before it
 *    left, whoever holds it. Later leases of other processes are not covered.
 */
export class TierChecker {
  /** Locks of the three tiers. */
  readonly grants = new Map<FallbackTier, number>();
  changes = 0;
  /** How often two processes held a name in different tiers, which is not promised otherwise. */
  allowedOverlaps = 0;
  readonly #time: Time;
  readonly #driftFactor: number;
  readonly #report: (invariant: Invariant, what: string) => void;
  readonly #leases: Leases;
  /** By client: when it left each tier. */
  readonly #leftAt: Map<FallbackTier, number>[] = [];
  readonly #open = new Set<TierGrant>();
  readonly #running = new Set<TierGrant>();

  constructor(time: Time, driftFactor: number, report: (invariant: Invariant, what: string) => void) {
    this.#time = time;
    this.#driftFactor = driftFactor;
    this.#report = report;
    this.#leases = new Leases(time);
  }

  onTierChange(client: number, { from }: TierChange): void {
    this.changes += 1;
    (this.#leftAt[client] ??= new Map()).set(from, this.#time.now);
  }

  onGrant(client: number, worker: number, host: Host, step: Step, lock: Lock & TierInfo): TierGrant {
    const { tier } = lock;
    const name = step.names[0] ?? "";
    const server = tier === "local" ? `local ${client}` : tier;
    const names = [`${server}: ${name}`, `process ${client}: ${name}`];
    const startedAt = this.#time.now;
    const grant: Grant = {
      client,
      worker,
      names,
      modes: ["X", "X"],
      hasPlace: false,
      waitsForever: false,
      permits: { wanted: 0, total: 0 },
      slots: [],
      lock,
      host,
      startedAt,
      grantedAt: startedAt,
      releasedAt: Infinity,
    };
    const granted: TierGrant = { grant, client, name, tier };
    this.grants.set(tier, (this.grants.get(tier) ?? 0) + 1);
    this.#leases.add(grant);
    this.#open.add(granted);
    if (step.call === "using") this.#running.add(granted);
    this.check(granted);
    this.#checkFormerTiers(granted);
    for (const other of this.#running) {
      if (other.client !== client || other.name !== name || other.tier === tier) continue;
      this.#report("exclusion", `${describe(granted)} began while the routine of ${describe(other)} ran`);
    }
    return granted;
  }

  /** The lock was extended, or is released next. */
  check({ grant }: TierGrant): void {
    for (const problem of this.#leases.overlapsOf(grant)) this.#report("exclusion", problem);
  }

  /** The holder does not rely on the lock any more. */
  onEnd(granted: TierGrant): void {
    this.check(granted);
    granted.grant.releasedAt = this.#time.now;
    this.#leases.remove(granted.grant);
    this.#open.delete(granted);
    this.#running.delete(granted);
  }

  #checkFormerTiers(granted: TierGrant): void {
    const { client, name, tier } = granted;
    for (const other of this.#open) {
      const isOtherTier = other.tier !== tier && other.tier !== "local";
      if (other.client === client || other.name !== name || !isOtherTier) continue;
      const beganAt = this.#leaseStart(other.grant);
      if (beganAt === undefined) continue;
      const leftAt = this.#leftAt[client]?.get(other.tier) ?? -Infinity;
      if (beganAt > leftAt - ROUNDING_MS) this.allowedOverlaps += 1;
      else
        this.#report(
          "exclusion",
          `${describe(granted)} overlaps ${describe(other)}, whose lease began at ${beganAt.toFixed(1)}, before the process left that tier at ${leftAt.toFixed(1)}`,
        );
    }
  }

  /** When the present lease began, in real time; `undefined` if it is not valid. */
  #leaseStart({ host, lock }: Grant): number | undefined {
    const remainingMs = host.observe(() => lock.remaining());
    if (remainingMs <= 0) return undefined;
    const validMs = lock.ttl - driftAllowance(lock.ttl, this.#driftFactor);
    return this.#time.now - (validMs - remainingMs) / host.clock.rate;
  }
}

function describe({ client, name, tier, grant }: TierGrant): string {
  return `the lock of client ${client} on ${name} in the tier ${tier} (granted at ${grant.grantedAt.toFixed(1)})`;
}
