import { groupBy } from "../group-by.ts";
import type { WorkerRecord } from "../records.ts";

/** A time during which a lock was surely held, by the clocks of its holder. Monotonic, in ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One lock that was acquired, from its acquisition to its end. */
export interface Grant {
  /** Process and hand. */
  readonly holder: string;
  readonly resource: string;
  readonly token: string;
  readonly fence: number;
  readonly invokedAt: number;
  readonly completedAt: number;
  readonly releaseInvokedAt: number | undefined;
  readonly lostAt: number | undefined;
  /** In the order of time; one for the acquisition and one for each renewal, cut where release or loss came first. */
  readonly held: readonly Span[];
}

/** Puts together what belongs to one lock. */
export function grantsOf(records: readonly WorkerRecord[]): readonly Grant[] {
  const acquisitions = new Map<string, Extract<WorkerRecord, { event: "acquire" }>>();
  const drafts = new Map<string, Draft>();
  for (const record of records) {
    if (record.event === "acquire") acquisitions.set(keyOf(record.hand, record.op), record);
    if (record.event === "acquired") {
      const key = keyOf(record.hand, record.op);
      const acquire = acquisitions.get(key);
      if (acquire === undefined)
        throw new Error(`record of ${record.hand}: acquired ${record.op}, but never asked`);
      drafts.set(key, new Draft(acquire, record));
    }
    if ("lock" in record) drafts.get(keyOf(record.hand, record.lock))?.add(record);
  }
  return [...drafts.values()].map((draft) => draft.grant());
}

class Draft {
  readonly #acquire: Extract<WorkerRecord, { event: "acquire" }>;
  readonly #acquired: Extract<WorkerRecord, { event: "acquired" }>;
  readonly #spans: Span[];
  #releaseInvokedAt: number | undefined;
  #lostAt: number | undefined;

  constructor(
    acquire: Extract<WorkerRecord, { event: "acquire" }>,
    acquired: Extract<WorkerRecord, { event: "acquired" }>,
  ) {
    this.#acquire = acquire;
    this.#acquired = acquired;
    this.#spans = [{ from: acquired.at, to: acquired.heldUntil }];
  }

  add(record: Extract<WorkerRecord, { lock: number }>): void {
    if (record.event === "extended" || record.event === "renewed")
      this.#spans.push({ from: record.at, to: record.heldUntil });
    if (record.event === "release") this.#releaseInvokedAt = record.at;
    if (record.event === "lost") this.#lostAt = record.at;
  }

  grant(): Grant {
    const { hand: holder, token, fence, at: completedAt } = this.#acquired;
    const end = Math.min(this.#releaseInvokedAt ?? Infinity, this.#lostAt ?? Infinity);
    const held = this.#spans
      .map(({ from, to }) => ({ from, to: Math.min(to, end) }))
      .filter(({ from, to }) => from < to);
    return {
      holder,
      resource: this.#acquire.resource,
      token,
      fence,
      invokedAt: this.#acquire.at,
      completedAt,
      releaseInvokedAt: this.#releaseInvokedAt,
      lostAt: this.#lostAt,
      held,
    };
  }
}

function keyOf(hand: string, op: number): string {
  return `${hand}/${op}`;
}

/** The grants of each resource. */
export function byResource(grants: readonly Grant[]): ReadonlyMap<string, readonly Grant[]> {
  return groupBy(grants, ({ resource }) => resource);
}
