import type { Scene } from "../harness/scene.ts";
import { doubleCharges, moneyInWrongState, readLedger, wrongProducts } from "./invariants.ts";

const INTERVAL_MS = 100;

/** The largest violation that was seen at any moment. All 0 if the invariants have always held. */
export interface Seen {
  readonly looks: number;
  /** I1 */
  readonly wrongProducts: number;
  /** I2 */
  readonly doubleCharges: number;
  /** I3 */
  readonly moneyInWrongState: number;
}

/** Reads both ledgers again and again while `work` runs. */
export async function watchInvariants(
  scene: Scene,
  providerUrl: string,
  work: () => Promise<void>,
): Promise<Seen> {
  let seen: Seen = { looks: 0, wrongProducts: 0, doubleCharges: 0, moneyInWrongState: 0 };
  const done = new AbortController();
  const look = async (): Promise<void> => {
    const ledger = await readLedger(providerUrl);
    const now = {
      wrongProducts: await wrongProducts(scene.sql),
      doubleCharges: doubleCharges(ledger),
      moneyInWrongState: await moneyInWrongState(scene.sql, providerUrl),
    };
    seen = {
      looks: seen.looks + 1,
      wrongProducts: Math.max(seen.wrongProducts, now.wrongProducts),
      doubleCharges: Math.max(seen.doubleCharges, now.doubleCharges),
      moneyInWrongState: Math.max(seen.moneyInWrongState, now.moneyInWrongState),
    };
  };
  const watching = (async () => {
    while (!done.signal.aborted) {
      await look();
      await scene.pause(INTERVAL_MS);
    }
  })();
  // A failure of the watch must not be unhandled while the work still runs.
  watching.catch(() => undefined);
  try {
    await work();
  } finally {
    done.abort();
  }
  await watching;
  await look();
  return seen;
}
