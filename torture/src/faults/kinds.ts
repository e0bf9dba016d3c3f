/** What is broken on purpose, one kind in each phase. */
export const FAULT_KINDS = [
  "server-pause",
  "restart-empty",
  "restart-aof",
  "client-pause",
  "client-kill",
  "clock-jump",
  "connection-drop",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** `calm` has no faults: what the others are compared with. `mixed` has several kinds at once. */
export type PhaseName = "calm" | FaultKind | "mixed";

/** Where the servers of a phase keep what they know: all in memory, all also in a file, or by turns. */
export type Storage = "memory" | "file" | "both";

export interface PhaseKind {
  /** What happens, in a few words. */
  readonly what: string;
  readonly storage: Storage;
  /** Whether leases have to hold; fencing has to in every phase. */
  readonly leasesHold: boolean;
  /** Which assumption is broken, or what the guarantee rests on. */
  readonly note?: string;
}

export const PHASES: Readonly<Record<PhaseName, PhaseKind>> = {
  calm: { what: "no faults", storage: "memory", leasesHold: true },
  "server-pause": { what: "a minority of servers stands still", storage: "memory", leasesHold: true },
  "restart-empty": {
    what: "servers are killed and come back empty",
    storage: "memory",
    leasesHold: true,
    note: "leases rest on the restart guard, fencing on servers whose clocks agree",
  },
  "restart-aof": {
    what: "servers are killed and come back from their file",
    storage: "file",
    leasesHold: true,
  },
  "client-pause": { what: "a holder stands still beyond its ttl", storage: "memory", leasesHold: true },
  "client-kill": { what: "a holder is killed and replaced", storage: "memory", leasesHold: true },
  "clock-jump": {
    what: "the wall clock of one server jumps there and back",
    storage: "memory",
    leasesHold: false,
    note: "a server that jumps ahead forgets its locks: leases are outside of the guarantee, fencing is not",
  },
  "connection-drop": { what: "servers cut all connections", storage: "memory", leasesHold: true },
  mixed: {
    what: "several kinds at once, but for clocks",
    storage: "both",
    leasesHold: true,
    note: "without clock jumps: a server that comes back empty counts on from its clock",
  },
};

/** The kinds that may strike in a mixed phase. */
export function mixable(kinds: readonly FaultKind[]): readonly FaultKind[] {
  return kinds.filter((kind) => kind !== "clock-jump");
}
