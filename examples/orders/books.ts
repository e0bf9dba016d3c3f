import { postJson } from "../harness/json-http.ts";
import type { Sql } from "../harness/sql.ts";
import type { LedgerEntry, LedgerRequest, ProviderLedger } from "./provider-protocol.ts";
import type { PaymentRowState, State } from "./tables.ts";

/** A product by the books of the shop. All numbers are units. */
interface ProductBook {
  readonly id: string;
  readonly start: number;
  readonly stock: number;
  readonly held: number;
  readonly used: number;
}

/** An order by the books of the shop. */
export interface OrderBook {
  readonly id: string;
  readonly state: State;
  readonly total: number;
  /** How many lines it has, and how many reservations in each state. */
  readonly lines: number;
  readonly held: number;
  readonly used: number;
  readonly payment: PaymentRowState | null;
  /** How many mails the outbox has for it. */
  readonly mails: number;
}

/** Both ledgers at one moment. */
export interface Books {
  readonly products: readonly ProductBook[];
  readonly orders: readonly OrderBook[];
  /** The movements of money by the provider, in order. They were read after the shop. */
  readonly entries: readonly LedgerEntry[];
  /** How many of the entries were there before the shop was read. */
  readonly entriesBefore: number;
  /** The ids of the mails that were sent, read after the shop. */
  readonly mailsSent: readonly string[];
}

/** Reads the ledgers of the shop and of the provider. */
export class BookReader {
  readonly #sql: Sql;
  readonly #providerUrl: string;
  /** The ledger only grows, so each time only its new part is read. */
  readonly #entries: LedgerEntry[] = [];
  readonly #mails: string[] = [];

  constructor(sql: Sql, providerUrl: string) {
    this.#sql = sql;
    this.#providerUrl = providerUrl;
  }

  /** The ledgers cannot be read at the same moment. So the provider is read before the shop and after it. */
  async read(): Promise<Books> {
    await this.#readLedger();
    const entriesBefore = this.#entries.length;
    const shop = await this.#readShop();
    await this.#readLedger();
    return { ...shop, entries: [...this.#entries], entriesBefore, mailsSent: [...this.#mails] };
  }

  /** Products and orders as they were at one moment: in one snapshot. */
  #readShop(): Promise<Pick<Books, "products" | "orders">> {
    return this.#sql.transaction(async (tx) => {
      await tx.change("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const products = await tx.rows<ProductBook>(`
        SELECT p.id, start_stock AS start, stock,
          coalesce(sum(quantity) FILTER (WHERE state = 'held'), 0) AS held,
          coalesce(sum(quantity) FILTER (WHERE state = 'used'), 0) AS used
        FROM products p LEFT JOIN reservations ON product = p.id GROUP BY p.id`);
      const orders = await tx.rows<OrderBook>(`
        SELECT o.id, o.state, total, jsonb_array_length(lines) AS lines,
          coalesce(held, 0) AS held, coalesce(used, 0) AS used, p.state AS payment, coalesce(mails, 0) AS mails
        FROM orders o
        LEFT JOIN (SELECT order_id, count(*) FILTER (WHERE state = 'held') AS held,
          count(*) FILTER (WHERE state = 'used') AS used FROM reservations GROUP BY order_id) r
          ON r.order_id = o.id
        LEFT JOIN payments p ON p.order_id = o.id
        LEFT JOIN (SELECT order_id, count(*) AS mails FROM outbox GROUP BY order_id) m ON m.order_id = o.id`);
      return { products, orders };
    });
  }

  async #readLedger(): Promise<void> {
    const request: LedgerRequest = { entriesFrom: this.#entries.length, mailsFrom: this.#mails.length };
    const news = (await postJson(`${this.#providerUrl}/ledger`, request)).body as ProviderLedger;
    this.#entries.push(...news.entries);
    this.#mails.push(...news.mails);
  }
}
