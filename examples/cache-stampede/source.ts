import { setTimeout as sleep } from "node:timers/promises";
import type { Query } from "../harness/sql.ts";
import { inBatches } from "../harness/batches.ts";
import type { Round } from "./tables.ts";

/** The slow source behind the cache. The table `calls` has each call of it. */
export class Source {
  readonly #computeMs: number;
  readonly #begin: (round: Round) => Promise<{ readonly id: number }>;
  readonly #end: (id: number) => Promise<void>;

  constructor(sql: Query, computeMs: number) {
    this.#computeMs = computeMs;
    this.#begin = inBatches((rounds: readonly Round[]) =>
      sql.rows<{ readonly id: number }>("INSERT INTO calls (round) SELECT unnest($1::text[]) RETURNING id", [
        rounds,
      ]),
    );
    this.#end = inBatches(async (ids: readonly number[]) => {
      await sql.change("UPDATE calls SET ended_ms = now_ms() WHERE id = ANY($1)", [ids]);
      return ids.map(() => undefined);
    });
  }

  /**
   * Computes a value. Each call has another one.
   * @param allArrived the computation takes its time after that.
   * @param onHalf called when half of the work is done.
   */
  async compute(
    round: Round,
    { allArrived, onHalf }: { allArrived: Promise<void>; onHalf: () => Promise<void> },
  ): Promise<{ readonly total: number }> {
    const { id } = await this.#begin(round);
    await allArrived;
    await sleep(this.#computeMs / 2);
    await onHalf();
    await sleep(this.#computeMs / 2);
    await this.#end(id);
    if (round === "throws") throw new Error(`the source has no answer to call ${id}`);
    return { total: id };
  }
}
