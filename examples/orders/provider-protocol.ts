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

/** Asks for the part of the ledger that the judge does not have. */
export interface LedgerRequest {
  readonly entriesFrom: number;
  readonly mailsFrom: number;
}

/** The key of the payment of an order. It is the same at each try. */
export function paymentKey(orderId: string): string {
  return `${orderId}:1`;
}

/** The id of the mail of an order. It is the same each time that the mail is sent. */
export function mailId(orderId: string): string {
  return `${orderId}:mail`;
}

/** The order of a payment key or of a mail. */
export function orderOfKey(key: string): string {
  return key.slice(0, key.lastIndexOf(":"));
}
