import type { ApiFailure } from "./api-failure.ts";
import { ownerOf } from "../../base/token.ts";
import { Lease } from "../../quorum/lease.ts";
import { outageDelayMs } from "./lease-backoff.ts";
import type { LeaseContext } from "./lease-context.ts";
import { type LeaseRecord, released, renewed } from "./lease-record.ts";
import type { LeaseReply } from "./lease-requests.ts";

/** The Lease has another holder, none, or does not exist. */
export interface LostRecord {
  readonly kind: "lost";
  readonly why: string;
  /** Whether the Lease is free, and had no other holder after this one. */
  readonly isFree: boolean;
  /** The owner label of the other holder. */
  readonly takenBy: string | undefined;
}

/** The outcome is not known, or the write was refused. `failure`: of the last request, if it was not a conflict. */
interface FailedWrite {
  readonly kind: "failed";
  readonly failure: ApiFailure | undefined;
}

export type Renewal = { readonly kind: "renewed"; readonly lease: Lease } | LostRecord | FailedWrite;

export type Release = { readonly kind: "released" } | LostRecord | FailedWrite;

/** How often a write is tried. Another try follows only if somebody else wrote the Lease, or the outcome of a release is not known. */
const MAX_TRIES = 3;

/**
 * The record of one holder, and its writes. Each write is conditional on the latest version that the holder knows. A write with an
 * unknown outcome is not undone: the next write has the same version, so at most one of the two is carried out. If that was the earlier
 * one, the conflict shows it, and the Lease is read back.
 */
export class HeldRecord {
  readonly #context: LeaseContext;
  readonly #token: string;
  #record: LeaseRecord;

  /** @param record the latest state that is known; the holder is `token`, or a write with an unknown outcome makes it so. */
  constructor(context: LeaseContext, token: string, record: LeaseRecord) {
    this.#context = context;
    this.#token = token;
    this.#record = record;
  }

  async renew(ttlMs: number): Promise<Renewal> {
    const { clock, requests, options } = this.#context;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      // The lease begins before the request is sent, so it ends before a taker has seen the new record for the whole duration.
      const lease = new Lease(clock, ttlMs, options.driftFactor);
      const reply = this.#note(await requests.replace(renewed(this.#record, ttlMs, clock.wall())));
      if (reply.kind === "done") {
        this.#record = reply.record;
        return { kind: "renewed", lease };
      }
      if (reply.kind === "failed") return { kind: "failed", failure: reply };
      const present = await this.#readBack();
      if (present.kind === "failed") return { kind: "failed", failure: present };
      if (present.kind === "lost") return present;
    }
    return { kind: "failed", failure: undefined };
  }

  /** Writes an empty holder. Also settles an acquisition with an unknown outcome: after it, that can make no holder any more. */
  async release(): Promise<Release> {
    const { clock, requests } = this.#context;
    let mayBeReleased = false;
    let failure: ApiFailure | undefined;
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const reply = this.#note(await requests.replace(released(this.#record, clock.wall())));
      if (reply.kind === "done") return { kind: "released" };
      const present = reply.kind === "failed" ? reply : await this.#readBack();
      if (reply.kind === "failed") mayBeReleased ||= reply.mayHappen;
      // A proxy can repeat a request. Then the release was carried out, and its reply is the conflict of the second one.
      if (present.kind === "lost") return mayBeReleased || present.isFree ? { kind: "released" } : present;
      if (present.kind === "held") continue;
      failure = present;
      if (present.error.isPermanent === true) break;
      if (tries < MAX_TRIES) await this.#pause(outageDelayMs(clock, tries, present.retryAfterMs));
    }
    return { kind: "failed", failure };
  }

  async #readBack(): Promise<
    { readonly kind: "held" } | LostRecord | Extract<LeaseReply, { kind: "failed" }>
  > {
    const reply = this.#note(await this.#context.requests.read());
    if (reply.kind === "failed") return reply;
    if (reply.kind !== "done")
      return { kind: "lost", why: "its Lease was deleted", isFree: false, takenBy: undefined };
    if (reply.record.holder === this.#token) {
      // Only a record of this holder: a later write would otherwise replace the record of another one.
      this.#record = reply.record;
      return { kind: "held" };
    }
    const { holder, transitions } = reply.record;
    const takenBy = holder === "" ? undefined : ownerOf(holder);
    const why = holder === "" ? "its Lease was released by somebody else" : "its Lease has another holder";
    const isFree = holder === "" && transitions === this.#record.transitions;
    return { kind: "lost", why, isFree, takenBy };
  }

  #note(reply: LeaseReply): LeaseReply {
    const { observation } = this.#context;
    if (reply.kind === "absent") observation.forget();
    if (reply.kind === "done") observation.see(reply.record);
    return reply;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#context.clock.setTimer(ms, resolve, true));
  }
}
