import { expect, test } from "vitest";
import type { Books, OrderBook } from "../../orders/books.ts";
import { chargedAndCancelled, type Invariant, judgeBooks } from "../../orders/invariants.ts";
import type { LedgerEntry } from "../../orders/provider-protocol.ts";

const COMPLETED: OrderBook = {
  id: "order-1",
  state: "completed",
  total: 30,
  lines: 2,
  held: 0,
  used: 2,
  payment: "charged",
  mails: 1,
};
const CANCELLED: OrderBook = {
  id: "order-2",
  state: "cancelled",
  total: 10,
  lines: 1,
  held: 0,
  used: 0,
  payment: "voided",
  mails: 0,
};
const PAYING: OrderBook = {
  id: "order-3",
  state: "paying",
  total: 20,
  lines: 1,
  held: 1,
  used: 0,
  payment: "requested",
  mails: 0,
};
const ENTRIES: readonly LedgerEntry[] = [
  charge("order-1:1", 30),
  charge("order-2:1", 10),
  { kind: "refund", key: "order-2:1", amount: 10 },
  charge("order-3:1", 20),
];
/** Books in which nothing is wrong while the load runs. */
const RIGHT: Books = {
  products: [{ id: "p1", start: 100, stock: 95, held: 2, used: 3 }],
  orders: [COMPLETED, CANCELLED, PAYING],
  entries: ENTRIES,
  entriesBefore: ENTRIES.length,
  mailsSent: ["order-1:mail", "order-1:mail"],
};

function charge(key: string, amount: number): LedgerEntry {
  return { kind: "charge", key, amount };
}

/** Right books in which some things are different. */
function books(changes: Partial<Books> = {}): Books {
  return { ...RIGHT, ...changes };
}

function withOrder(order: OrderBook, entries = ENTRIES): Books {
  const orders = RIGHT.orders.map((each) => (each.id === order.id ? order : each));
  return books({ orders, entries, entriesBefore: entries.length });
}

function withEntries(...more: readonly LedgerEntry[]): Books {
  const entries = [...ENTRIES, ...more];
  return books({ entries, entriesBefore: entries.length });
}

function found(judged: Books, isAtRest = false): readonly string[] {
  return judgeBooks(judged, { isAtRest }).map(({ invariant, id }) => `${invariant} ${id}`);
}

test("right books have no violation", () => {
  expect(found(books())).toEqual([]);
});

const [COMPLETED_PRODUCT] = RIGHT.products;
const DAMAGE: readonly (readonly [what: string, damaged: Books, invariant: Invariant, id: string])[] = [
  ["a unit is lost", books({ products: [{ ...COMPLETED_PRODUCT!, stock: 94 }] }), "I1", "p1"],
  ["a unit is there twice", books({ products: [{ ...COMPLETED_PRODUCT!, held: 3 }] }), "I1", "p1"],
  [
    "more is sold than there was",
    books({ products: [{ ...COMPLETED_PRODUCT!, stock: -1, used: 99 }] }),
    "I1",
    "p1",
  ],
  ["an order is charged under two keys", withEntries(charge("order-3:2", 20)), "I2", "order-3"],
  [
    "the second charge is refunded",
    withEntries(charge("order-3:2", 20), { kind: "refund", key: "order-3:2", amount: 20 }),
    "I2",
    "order-3",
  ],
  [
    "money is taken before the payment is recorded",
    withOrder({ ...PAYING, state: "reserved" }),
    "I3",
    "order-3",
  ],
  [
    "money is taken, and the stock is on its way back",
    withOrder({ ...PAYING, state: "releasing" }),
    "I3",
    "order-3",
  ],
  ["money is taken for an order that nobody placed", withEntries(charge("order-9:1", 10)), "I3", "order-9"],
  ["a completed order was not charged", withOrder(COMPLETED, ENTRIES.slice(1)), "I4", "order-1"],
  ["a completed order was charged another amount", withOrder({ ...COMPLETED, total: 31 }), "I4", "order-1"],
  ["a completed order has a line that is not used", withOrder({ ...COMPLETED, used: 1 }), "I4", "order-1"],
  ["a completed order still holds stock", withOrder({ ...COMPLETED, held: 1 }), "I4", "order-1"],
  [
    "a completed order has no charged payment",
    withOrder({ ...COMPLETED, payment: "requested" }),
    "I4",
    "order-1",
  ],
  ["a cancelled order holds stock", withOrder({ ...CANCELLED, held: 1 }), "I4", "order-2"],
  ["a cancelled order has used stock", withOrder({ ...CANCELLED, used: 1 }), "I4", "order-2"],
  [
    "a cancelled order has an open payment",
    withOrder({ ...CANCELLED, payment: "requested" }),
    "I4",
    "order-2",
  ],
  ["a paid order has no mail", withOrder({ ...COMPLETED, mails: 0 }), "I6", "order-1"],
  ["a paid order has two mails", withOrder({ ...COMPLETED, mails: 2 }), "I6", "order-1"],
  ["a cancelled order has a mail", withOrder({ ...CANCELLED, mails: 1 }), "I6", "order-2"],
  ["the mail of a completed order was not sent", books({ mailsSent: [] }), "I6", "order-1"],
  [
    "a cancelled order's customer got a mail",
    books({ mailsSent: ["order-1:mail", "order-2:mail"] }),
    "I6",
    "order-2",
  ],
];

test.each(DAMAGE)("%s: only %3$s of %4$s is violated", (_what, damaged, invariant, id) => {
  expect(found(damaged)).toEqual([`${invariant} ${id}`]);
});

test("money of a cancelled order violates I3 and I4, and is counted", () => {
  const damaged = withEntries(charge("order-2:1", 10));
  expect(found(damaged)).toEqual(["I3 order-2", "I4 order-2"]);
  expect(chargedAndCancelled(damaged)).toEqual(["order-2"]);
  expect(chargedAndCancelled(RIGHT)).toEqual([]);
});

test("what lies between is a violation only at rest", () => {
  expect(found(books(), true)).toEqual(["I5 order-3"]);
});

test("money that came or went while the shop was read is no violation of I3", () => {
  const released = { ...PAYING, state: "releasing", payment: "voided" } as const;
  const orders = [COMPLETED, CANCELLED, released];
  const refund: LedgerEntry = { kind: "refund", key: "order-3:1", amount: 20 };
  expect(found(books({ orders, entries: [...ENTRIES, refund], entriesBefore: ENTRIES.length }))).toEqual([]);
  const reserved = { ...PAYING, state: "reserved", payment: null } as const;
  const later = books({ orders: [COMPLETED, CANCELLED, reserved], entriesBefore: ENTRIES.length - 1 });
  expect(found(later)).toEqual([]);
});
