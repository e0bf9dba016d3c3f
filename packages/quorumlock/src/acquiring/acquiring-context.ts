import type { RegistryEntry } from "../base/registry.ts";
import type { LockContext } from "../holding/lock-context.ts";
import type { Members } from "../members/members.ts";
import type { QuorumContext } from "../quorum/hold.ts";
import type { TicketEstimate } from "../waiting/ticket-estimate.ts";
import type { WakeUps } from "../waiting/wake-ups.ts";

/** An acquisition that has not ended. */
export interface PendingAcquisition extends RegistryEntry {
  /** The client closes. */
  close(): void;
}

/** The parts of the client that an acquisition uses. */
export interface AcquiringContext extends LockContext {
  readonly members: Members;
  readonly wakeUps: WakeUps;
  readonly ticketEstimate: TicketEstimate;
  readonly requestTimeoutMs: number;
  readonly quorumContext: QuorumContext;
  readonly isClosed: boolean;
  /** Makes the number of a caller that has a place of its own in the lines. */
  nextCaller(): number;
  /** Registers an acquisition until `endAcquisition`. It keeps the process running, and the client closes it. */
  beginAcquisition(acquisition: PendingAcquisition): void;
  endAcquisition(acquisition: PendingAcquisition): void;
  /** Keeps the process running until `endWait`. */
  beginWait(): void;
  endWait(): void;
}
