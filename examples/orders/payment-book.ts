import type { LedgerEntry, PaymentState } from "./provider-protocol.ts";

interface Payment {
  readonly state: PaymentState;
  /** `undefined` if the key was barred before any amount was named. */
  readonly amount: number | undefined;
}

/** The ledger of the payment provider. The first decision about a key is the last one, except that a charge can be refunded. */
export class PaymentBook {
  readonly #entries: LedgerEntry[] = [];
  readonly #payments = new Map<string, Payment>();

  /** Every movement of money, in order. */
  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  /** Charges once for each key. Returns what holds for the key now, or "other amount" if the key was used with another one. */
  charge(key: string, amount: number): PaymentState | "other amount" {
    if (!this.#payments.has(key)) this.#entries.push({ kind: "charge", key, amount });
    return this.#decide(key, amount, "charged");
  }

  decline(key: string, amount: number): PaymentState | "other amount" {
    return this.#decide(key, amount, "declined");
  }

  /** Refunds a charge. Without a charge, it bars the key for ever: a charge that comes later is refused. */
  void(key: string): "voided" {
    const known = this.#payments.get(key);
    if (known?.state === "charged") this.#entries.push({ kind: "refund", key, amount: known.amount ?? 0 });
    this.#payments.set(key, { state: "voided", amount: known?.amount });
    return "voided";
  }

  /** "unknown" says nothing about the future: a request for this key may still be on its way. */
  find(key: string): PaymentState {
    return this.#payments.get(key)?.state ?? "unknown";
  }

  #decide(key: string, amount: number, state: PaymentState): PaymentState | "other amount" {
    const known = this.#payments.get(key);
    if (known === undefined) {
      this.#payments.set(key, { state, amount });
      return state;
    }
    return known.amount === undefined || known.amount === amount ? known.state : "other amount";
  }
}
