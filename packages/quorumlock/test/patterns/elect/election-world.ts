import type { RedlockOptions, Redlock } from "../../../src/index.ts";
import {
  elect,
  type Election,
  type ElectOptions,
  memoryRecords,
  type Term,
} from "../../../src/patterns/index.ts";
import { offsetClock } from "../../support/offset-clock.ts";
import { watchedWorld, type WatchedWorld } from "../../support/watched-world.ts";

/** What a candidate was told, in order. */
export type Call = readonly ["elected", number: number] | readonly ["lost", reason: string, number: number];

/** A process that is a candidate. */
export interface Candidate {
  readonly redlock: Redlock;
  readonly election: Election;
  readonly calls: Call[];
  readonly terms: Term[];
}

export interface ElectionWorld extends WatchedWorld {
  candidate(
    options?: Partial<ElectOptions>,
    client?: RedlockOptions & { readonly offsetMs?: number },
  ): Candidate;
  /** The candidates that lead now by `isLeader`. */
  leaders(): readonly Candidate[];
  /** What all candidates were told, in order. */
  readonly calls: Call[];
}

export const TTL_MS = 3_000;

/** @param onServers whether the leader is recorded on the lock servers; otherwise in a store in memory. */
export function electionWorld(onServers = false): ElectionWorld {
  const world = watchedWorld();
  const records = onServers ? undefined : memoryRecords({ clock: world.clock });
  const candidates: Candidate[] = [];
  const all: Call[] = [];
  return {
    ...world,
    calls: all,
    leaders: () => candidates.filter(({ election }) => election.isLeader),
    candidate(options = {}, { offsetMs = 0, ...client } = {}) {
      const redlock = world.client({ clock: offsetClock(world.clock, offsetMs), ttl: TTL_MS, ...client });
      const calls: Call[] = [];
      const terms: Term[] = [];
      const record = (call: Call): void => void (calls.push(call), all.push(call));
      const { onElected = () => undefined, ...rest } = options;
      const election = elect(redlock, "g", {
        records,
        onElected: (term) => {
          terms.push(term);
          record(["elected", term.number]);
          return onElected(term);
        },
        onLost: (reason, number) => record(["lost", reason, number]),
        ...rest,
      });
      const candidate = { redlock, election, calls, terms };
      candidates.push(candidate);
      return candidate;
    },
  };
}
