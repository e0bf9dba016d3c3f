/** The kinds of fault. Each kind has a phase of its own. */
export const FAULT_KINDS = [
  "server-pause",
  "restart-empty",
  "restart-snapshot",
  "restart-aof",
  "flush",
  "client-pause",
  "client-kill",
  "clock-jump",
  "connection-drop",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** `calm` has no faults and serves as the baseline. `mixed` has several kinds at once. */
export type PhaseName = "calm" | FaultKind | "mixed";

/** How the servers of a phase store data: all in memory, all also in a file, or alternating. */
export type Storage = "memory" | "durable" | "both";

export interface PhaseDefinition {
  /** What happens, in a few words. Printed while the phase runs. */
  readonly description: string;
  readonly storage: Storage;
  /** Whether the library guarantees leases in this phase. Fencing is guaranteed in every phase. */
  readonly areLeasesGuaranteed: boolean;
  /** Which assumption the phase breaks, or which assumption the guarantee needs. */
  readonly note?: string;
}

const RESTART_NOTE =
  "leases rely on the restart guard; fencing relies on server clocks that agree, if a majority restarts";

export const PHASES: Readonly<Record<PhaseName, PhaseDefinition>> = {
  calm: { description: "no faults", storage: "memory", areLeasesGuaranteed: true },
  "server-pause": {
    description: "a minority of servers is paused",
    storage: "memory",
    areLeasesGuaranteed: true,
  },
  "restart-empty": {
    description: "servers are killed and restart without data",
    storage: "memory",
    areLeasesGuaranteed: true,
    note: RESTART_NOTE,
  },
  "restart-snapshot": {
    description: "servers are killed and restart from older data",
    storage: "memory",
    areLeasesGuaranteed: true,
    note: RESTART_NOTE,
  },
  "restart-aof": {
    description: "servers are killed and restart from their file",
    storage: "durable",
    areLeasesGuaranteed: true,
  },
  flush: {
    description: "the data of a minority of servers are deleted",
    storage: "memory",
    areLeasesGuaranteed: true,
    note: "at most a minority of servers is flushed within one window of the restart guard",
  },
  "client-pause": {
    description: "a holder is paused for longer than the ttl",
    storage: "memory",
    areLeasesGuaranteed: true,
  },
  "client-kill": {
    description: "a holder is killed and replaced",
    storage: "memory",
    areLeasesGuaranteed: true,
  },
  "clock-jump": {
    description: "the wall clock of one server jumps, then jumps back",
    storage: "memory",
    areLeasesGuaranteed: false,
    note: "locks expire early on a server whose clock jumps ahead, so only fencing is guaranteed",
  },
  "connection-drop": {
    description: "servers close all client connections",
    storage: "memory",
    areLeasesGuaranteed: true,
  },
  mixed: {
    description: "several kinds at once, except clock jumps",
    storage: "both",
    areLeasesGuaranteed: true,
    note: "no clock jumps, because fencing counters start from the server clocks if too many servers have lost theirs",
  },
};

/** The kinds that a mixed phase may use. */
export function mixableKinds(kinds: readonly FaultKind[]): readonly FaultKind[] {
  return kinds.filter((kind) => kind !== "clock-jump");
}
