import type { DiscoveryError } from "./errors.ts";
import type { MembershipState } from "./membership-follower.ts";

/** The events of a discovery. */
export interface DiscoveryEvents {
  /** A member has another address than before. `name`: its label in the events of the client. */
  moved: { readonly name: string; readonly before: string; readonly now: string };
  /** Which members decide has changed, or begins to. `next`: the size of the other set during a change. */
  membership: {
    readonly state: MembershipState;
    readonly size: number;
    readonly next: number | undefined;
  };
  /** Something is wrong, and everything stays as it is meanwhile. Once for each message, until it is over. */
  problem: { readonly error: DiscoveryError };
  /** What was wrong is over. */
  "problem:over": { readonly error: DiscoveryError };
}
