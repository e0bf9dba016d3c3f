import { createHash } from "node:crypto";
import { Random } from "../harness/random.ts";
import { PRODUCTS } from "./tables.ts";

export interface OrderLine {
  readonly product: string;
  readonly quantity: number;
}

/** An order as the customer sends it. */
export interface CustomerOrder {
  readonly id: string;
  readonly lines: readonly OrderLine[];
  readonly total: number;
  /** Whether the customer cancels it right after. */
  readonly isCancelled: boolean;
}

const PRICE = 10;
const MAX_LINES = 3;
const MAX_QUANTITY = 2;
const CANCELS_ONE_OF = 25;

/** The order with this number. It is the same in every process and in both variants. */
export function customerOrder(seed: number, number: number): CustomerOrder {
  const random = new Random(seed * 1_000_003 + number);
  const products = new Set(Array.from({ length: random.whole(1, MAX_LINES) }, () => random.pick(PRODUCTS)));
  const lines = [...products]
    .toSorted()
    .map((product) => ({ product, quantity: random.whole(1, MAX_QUANTITY) }));
  return {
    id: `order-${number}`,
    lines,
    total: lines.reduce((sum, { quantity }) => sum + quantity * PRICE, 0),
    isCancelled: random.whole(1, CANCELS_ONE_OF) === 1,
  };
}

/** The same for the same content. */
export function fingerprintOf({ lines, total }: CustomerOrder): string {
  return createHash("sha256")
    .update(JSON.stringify([lines, total]))
    .digest("hex");
}
