import { expect, test } from "vitest";
import { PaymentBook } from "../../orders/payment-book.ts";

test("a key is charged once, whatever number of requests", () => {
  const book = new PaymentBook();
  expect(book.find("a")).toBe("unknown");
  expect([book.charge("a", 10), book.charge("a", 10), book.find("a")]).toEqual([
    "charged",
    "charged",
    "charged",
  ]);
  expect(book.entries).toEqual([{ kind: "charge", key: "a", amount: 10 }]);
});

test("another amount for a known key is refused", () => {
  const book = new PaymentBook();
  book.charge("a", 10);
  book.decline("b", 10);
  expect([book.charge("a", 11), book.charge("b", 11)]).toEqual(["other amount", "other amount"]);
  expect(book.entries).toHaveLength(1);
});

test("void refunds a charge once", () => {
  const book = new PaymentBook();
  book.charge("a", 10);
  expect([book.void("a"), book.void("a"), book.find("a")]).toEqual(["voided", "voided", "voided"]);
  expect(book.entries.map(({ kind }) => kind)).toEqual(["charge", "refund"]);
});

test("void bars a key that was not charged, so a late charge takes nothing", () => {
  const book = new PaymentBook();
  book.void("a");
  expect(book.charge("a", 10)).toBe("voided");
  book.decline("b", 10);
  expect(book.charge("b", 10)).toBe("declined");
  expect(book.entries).toEqual([]);
});
