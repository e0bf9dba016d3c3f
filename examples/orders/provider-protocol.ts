/** What the provider knows about a payment key. `unknown` does not mean that nothing will be charged: a request may be late. */
export type PaymentState = "unknown" | "charged" | "declined" | "voided";

/** One line of the provider's ledger. */
export interface LedgerEntry {
  readonly kind: "charge" | "refund";
  readonly key: string;
  readonly amount: number;
}

/** What the judge reads. */
export interface ProviderLedger {
  readonly entries: readonly LedgerEntry[];
  /** The ids of the mails that were sent, with repetitions. */
  readonly mails: readonly string[];
}

/** The key of a payment is stored with the order, and is the same at each try. */
export function paymentKey(orderId: string): string {
  return `${orderId}:1`;
}

export function orderOfKey(key: string): string {
  return key.slice(0, key.lastIndexOf(":"));
}
