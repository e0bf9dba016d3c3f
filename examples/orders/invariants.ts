import type { Books, OrderBook } from "./books.ts";
import { type LedgerEntry, orderOfKey } from "./provider-protocol.ts";
import { FINAL_STATES, type State } from "./tables.ts";

const INVARIANTS = ["I1", "I2", "I3", "I4", "I5", "I6"] as const;
export type Invariant = (typeof INVARIANTS)[number];

/** One thing that is wrong in the books. */
export interface Violation {
  readonly invariant: Invariant;
  /** The product or the order. */
  readonly id: string;
  readonly what: string;
}

const MAY_KEEP_MONEY: readonly (State | undefined)[] = ["paying", "voiding", "paid", "completed"];
const PAID: readonly State[] = ["paid", "completed"];

/**
 * Judges both ledgers at any moment. I5 can be judged at rest only, when no order is on its way any more.
 *
 * I1: the stock at the start is stock + held + used, and no stock is below 0.
 * I2: no order is charged twice at any time, refunds subtracted.
 * I3: money of an order that is not paid is kept only while a decision is on its way.
 * I4: a completed order has paid exactly its total and has used all lines; a cancelled order has kept nothing.
 * I5: nothing is left in between.
 * I6: there is one mail for each paid order, and none for others. A completed order's mail was sent.
 */
export function judgeBooks(books: Books, { isAtRest }: { readonly isAtRest: boolean }): readonly Violation[] {
  const money = moneyOf(books.entries);
  const moneyBefore = moneyOf(books.entries.slice(0, books.entriesBefore));
  const keptOf = (id: string): number => money.get(id)?.kept ?? 0;
  return [
    ...judgeProducts(books),
    ...judgeCharges(money),
    ...judgeUnpaidMoney(books.orders, moneyBefore, money),
    ...books.orders.flatMap((order) => judgeFinalOrder(order, keptOf(order.id))),
    ...(isAtRest ? judgeUnfinished(books.orders) : []),
    ...judgeMails(books),
  ];
}

/** The cancelled orders whose customer has paid. */
export function chargedAndCancelled({ orders, entries }: Books): readonly string[] {
  const money = moneyOf(entries);
  return orders
    .filter(({ id, state }) => state === "cancelled" && (money.get(id)?.kept ?? 0) > 0)
    .map(({ id }) => id);
}

interface Money {
  /** The charges that are not refunded. */
  readonly charges: number;
  readonly kept: number;
  /** The most charges at any time that were not refunded at that time. */
  readonly maxCharges: number;
}

/** What happened with the money of each order, by the provider's ledger. */
function moneyOf(entries: readonly LedgerEntry[]): ReadonlyMap<string, Money> {
  const money = new Map<string, Money>();
  for (const { kind, key, amount } of entries) {
    const order = orderOfKey(key);
    const before = money.get(order) ?? { charges: 0, kept: 0, maxCharges: 0 };
    const sign = kind === "charge" ? 1 : -1;
    const charges = before.charges + sign;
    money.set(order, {
      charges,
      kept: before.kept + sign * amount,
      maxCharges: Math.max(before.maxCharges, charges),
    });
  }
  return money;
}

function judgeProducts({ products }: Books): readonly Violation[] {
  return products
    .filter(({ start, stock, held, used }) => stock < 0 || start !== stock + held + used)
    .map(({ id, start, stock, held, used }) => ({
      invariant: "I1",
      id,
      what: `${start} at the start, now stock ${stock} + held ${held} + used ${used}`,
    }));
}

function judgeCharges(money: ReadonlyMap<string, Money>): readonly Violation[] {
  return [...money]
    .filter(([, { maxCharges }]) => maxCharges > 1)
    .map(([id, { maxCharges }]) => ({ invariant: "I2", id, what: `charged ${maxCharges} times` }));
}

/** Money counts if it was there before the shop was read and is still there after it. */
function judgeUnpaidMoney(
  orders: readonly OrderBook[],
  before: ReadonlyMap<string, Money>,
  after: ReadonlyMap<string, Money>,
): readonly Violation[] {
  const stateOf = new Map(orders.map(({ id, state }) => [id, state]));
  return [...before].flatMap(([id, { kept }]): readonly Violation[] => {
    const state = stateOf.get(id);
    if (kept <= 0 || (after.get(id)?.kept ?? 0) <= 0 || MAY_KEEP_MONEY.includes(state)) return [];
    return [{ invariant: "I3", id, what: `${state ?? "unknown to the shop"}, and ${kept} was taken` }];
  });
}

/** A final order does not change any more, so this holds from then on. */
function judgeFinalOrder(order: OrderBook, kept: number): readonly Violation[] {
  const { id, state, total, lines, held, used, payment } = order;
  const isRight =
    state === "completed"
      ? kept === total && used === lines && held === 0 && payment === "charged"
      : state !== "cancelled" ||
        (kept === 0 && used === 0 && held === 0 && payment !== "charged" && payment !== "requested");
  if (isRight) return [];
  const what = `${state}, ${kept} of ${total} kept, ${used} of ${lines} lines used, ${held} held, payment ${payment}`;
  return [{ invariant: "I4", id, what }];
}

function judgeUnfinished(orders: readonly OrderBook[]): readonly Violation[] {
  return orders
    .filter(({ state }) => !FINAL_STATES.includes(state))
    .map(({ id, state }) => ({ invariant: "I5", id, what: `still ${state}` }));
}

function judgeMails({ orders, mailsSent }: Books): readonly Violation[] {
  const sent = new Set(mailsSent.map(orderOfKey));
  return orders.flatMap(({ id, state, mails }): readonly Violation[] => {
    const isPaid = PAID.includes(state);
    if (mails !== (isPaid ? 1 : 0))
      return [{ invariant: "I6", id, what: `${state}, with ${mails} mails in the outbox` }];
    if (state === "completed" && !sent.has(id))
      return [{ invariant: "I6", id, what: "its mail was not sent" }];
    if (state === "cancelled" && sent.has(id))
      return [{ invariant: "I6", id, what: "cancelled, and a mail was sent" }];
    return [];
  });
}
