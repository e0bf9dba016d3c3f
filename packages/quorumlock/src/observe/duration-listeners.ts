/** The method of `LockStats` that adds a listener to its durations. Both builds of the library use the same symbol. */
export const DURATIONS: unique symbol = Symbol.for("quorumlock.durations") as never;

/** Gets each wait and each hold that the figures record, with its class. For exporters that keep histograms of their own. */
export interface DurationListener {
  onWait(resource: string, ms: number): void;
  onHold(resource: string, ms: number): void;
}

export type DurationListeners = Set<DurationListener>;
