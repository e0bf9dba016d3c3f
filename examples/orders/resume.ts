import { setTimeout as sleep } from "node:timers/promises";
import type { Lock, Redlock } from "quorumlock";
import { point } from "../harness/point.ts";
import type { Sql } from "../harness/sql.ts";
import { pointIfCharged } from "./kill-points.ts";
import { claimOrder, moveOrder, type OrderRow, readOrder } from "./order-row.ts";
import type { Provider } from "./provider.ts";
import { mailId, paymentKey } from "./provider-protocol.ts";
import { freeStock, takeStock, underStockLock } from "./stock.ts";
import type { State } from "./tables.ts";

const MAX_CHARGE_TRIES = 5;
const TRY_PAUSE_MS = 50;

export interface Shop {
  readonly redlock: Redlock;
  readonly sql: Sql;
  readonly provider: Provider;
}

/** Does the next step of an order. Returns false if it cannot go on now. */
type Step = (shop: Shop, order: OrderRow, lock: Lock) => Promise<boolean>;

/** The next step of each state. It looks at nothing else, so the usual way and the recovery after a crash are the same code. */
const STEPS: Readonly<Record<State, Step | undefined>> = {
  new: reserve,
  reserved: requestPayment,
  paying: pay,
  paid: sendMail,
  voiding: voidPayment,
  releasing: release,
  completed: undefined,
  cancelled: undefined,
};

/**
 * Brings an order as far as it can go, under the lock of this order. Each step is one transaction with the predicate
 * `state = <expected> AND fence <= <token>`. An error never undoes anything by itself: only a recorded decision does.
 *
 * @throws LockLostError if another process works on this order now.
 */
export async function resume(shop: Shop, id: string, lock: Lock): Promise<State> {
  point("K2");
  for (;;) {
    lock.signal.throwIfAborted();
    const order = await readOrder(shop.sql, id);
    const step = STEPS[order.state];
    if (step === undefined || !(await step(shop, order, lock))) {
      point("K14");
      return order.state;
    }
  }
}

/** new → reserved, or cancelled if there is not enough. */
async function reserve({ redlock, sql }: Shop, order: OrderRow, lock: Lock): Promise<boolean> {
  const done = await underStockLock(redlock, sql, order, lock.signal, async (tx, stockLock) => {
    await claimOrder(tx, order, lock.fence);
    const isTaken = await takeStock(tx, order, stockLock.fence);
    point("K3");
    await moveOrder(tx, order, isTaken ? "reserved" : "cancelled", lock.fence);
  });
  if (done) point("K4");
  return done;
}

/** reserved → paying. This is committed before the provider is called, so that a crash cannot hide a charge. */
async function requestPayment({ sql }: Shop, order: OrderRow, lock: Lock): Promise<boolean> {
  await sql.transaction(async (tx) => {
    await claimOrder(tx, order, lock.fence);
    await tx.change("INSERT INTO payments VALUES ($1, $2, $3, 'requested')", [
      paymentKey(order.id),
      order.id,
      order.total,
    ]);
    await moveOrder(tx, order, "paying", lock.fence);
  });
  point("K5");
  return true;
}

/** paying → paid, or releasing if it was declined, or voiding if there is no clear answer or the customer has cancelled it. */
async function pay(shop: Shop, order: OrderRow, lock: Lock): Promise<boolean> {
  const answer = order.is_cancel_requested ? "unclear" : await charge(shop, order, lock);
  if (answer === "charged") point("K7");
  const next = await shop.sql.transaction(async (tx) => {
    const isCancelRequested = await claimOrder(tx, order, lock.fence);
    if (answer !== "unclear")
      await tx.change("UPDATE payments SET state = $2 WHERE order_id = $1", [order.id, answer]);
    const decision = decide(answer, isCancelRequested);
    if (decision === "paid") {
      await tx.change("UPDATE reservations SET state = 'used' WHERE order_id = $1", [order.id]);
      await tx.change("INSERT INTO outbox VALUES ($1, $2, 'confirmation')", [mailId(order.id), order.id]);
      point("K8");
    }
    await moveOrder(tx, order, decision, lock.fence);
    return decision;
  });
  if (next === "paid") point("K9");
  if (next === "voiding") point("K10");
  return true;
}

/** What follows from the answer of the provider. "unclear" can mean a charge, so the payment is voided. */
function decide(
  answer: "charged" | "declined" | "unclear",
  isCancelRequested: boolean,
): "paid" | "releasing" | "voiding" {
  if (answer === "declined") return "releasing";
  return answer === "charged" && !isCancelRequested ? "paid" : "voiding";
}

/** Asks for the same key again and again. No answer does not mean that nothing was charged. */
async function charge(
  { provider }: Shop,
  order: OrderRow,
  lock: Lock,
): Promise<"charged" | "declined" | "unclear"> {
  const key = paymentKey(order.id);
  for (let tries = 0; tries < MAX_CHARGE_TRIES; tries += 1) {
    lock.signal.throwIfAborted();
    const answered = provider.charge(key, order.total, lock.signal);
    await pointIfCharged(provider, key, answered, lock.signal);
    const answer = await answered;
    const state = answer === "unclear" ? await provider.find(key, lock.signal) : answer;
    if (state === "charged" || state === "declined") return state;
    await sleep(TRY_PAUSE_MS);
  }
  return "unclear";
}

/** paid → completed. The mail can be sent twice, with the same id. */
async function sendMail({ sql, provider }: Shop, order: OrderRow, lock: Lock): Promise<boolean> {
  if (!(await provider.sendMail(mailId(order.id), lock.signal))) return false;
  point("K13");
  await sql.transaction(async (tx) => {
    await claimOrder(tx, order, lock.fence);
    await tx.change("UPDATE outbox SET sent_ms = now_ms() WHERE order_id = $1", [order.id]);
    await moveOrder(tx, order, "completed", lock.fence);
  });
  return true;
}

/** voiding → releasing, when the provider has confirmed it. Until then the order stays here, and is resumed later. */
async function voidPayment({ sql, provider }: Shop, order: OrderRow, lock: Lock): Promise<boolean> {
  if ((await provider.void(paymentKey(order.id), lock.signal)) !== "voided") {
    await sleep(TRY_PAUSE_MS);
    return true;
  }
  point("K11");
  await sql.transaction(async (tx) => {
    await claimOrder(tx, order, lock.fence);
    await tx.change("UPDATE payments SET state = 'voided' WHERE order_id = $1", [order.id]);
    await moveOrder(tx, order, "releasing", lock.fence);
  });
  return true;
}

/** releasing → cancelled. */
function release({ redlock, sql }: Shop, order: OrderRow, lock: Lock): Promise<boolean> {
  return underStockLock(redlock, sql, order, lock.signal, async (tx, stockLock) => {
    await claimOrder(tx, order, lock.fence);
    await freeStock(tx, order, stockLock.fence);
    point("K12");
    await moveOrder(tx, order, "cancelled", lock.fence);
  });
}
