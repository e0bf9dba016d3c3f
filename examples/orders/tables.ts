export const PRODUCTS = Array.from({ length: 8 }, (_, index) => `p${index + 1}`);
/** So many of the products run out during the load. */
const SCARCE_PRODUCTS = 1;
const STOCK = { plenty: 100_000, scarce: 12 };

/**
 * new → reserved → paying → paid → completed
 * new → cancelled (no stock)
 * paying → releasing → cancelled (declined)
 * paying → voiding → releasing → cancelled (no clear answer, or cancelled by the customer)
 */
export type State =
  | "new"
  | "reserved"
  | "paying"
  | "paid"
  | "completed"
  | "voiding"
  | "releasing"
  | "cancelled";

export const FINAL_STATES: readonly State[] = ["completed", "cancelled"];

/** What the shop has recorded about a payment. */
export type PaymentRowState = "requested" | "charged" | "declined" | "voided";

/** Whether customers come. In a break, the processes run, and no new orders are placed. */
export type ShopState = "open" | "break" | "closed";

export const TABLES = `
  CREATE TABLE products (
    id text PRIMARY KEY,
    start_stock integer NOT NULL,
    stock integer NOT NULL CHECK (stock >= 0),
    fence bigint NOT NULL DEFAULT 0
  );
  INSERT INTO products (id, start_stock, stock)
    SELECT id, CASE WHEN row <= ${SCARCE_PRODUCTS} THEN ${STOCK.scarce} ELSE ${STOCK.plenty} END,
      CASE WHEN row <= ${SCARCE_PRODUCTS} THEN ${STOCK.scarce} ELSE ${STOCK.plenty} END
    FROM unnest(ARRAY['${PRODUCTS.join("', '")}']) WITH ORDINALITY AS product (id, row);

  -- The id is the key that the customer's browser has made, so a repeated request is the same order.
  CREATE TABLE orders (
    id text PRIMARY KEY,
    fingerprint text NOT NULL,
    lines jsonb NOT NULL,
    total integer NOT NULL,
    state text NOT NULL DEFAULT 'new',
    is_cancel_requested boolean NOT NULL DEFAULT false,
    fence bigint NOT NULL DEFAULT 0,
    created_ms double precision NOT NULL DEFAULT now_ms(),
    updated_ms double precision NOT NULL DEFAULT now_ms()
  );
  CREATE TABLE reservations (
    order_id text NOT NULL,
    product text NOT NULL,
    quantity integer NOT NULL,
    state text NOT NULL CHECK (state IN ('held', 'used', 'freed')),
    PRIMARY KEY (order_id, product)
  );
  CREATE TABLE payments (
    key text PRIMARY KEY,
    order_id text NOT NULL UNIQUE,
    amount integer NOT NULL,
    state text NOT NULL CHECK (state IN ('requested', 'charged', 'declined', 'voided'))
  );
  CREATE INDEX ON orders (updated_ms) WHERE state NOT IN ('completed', 'cancelled');
  CREATE TABLE outbox (
    key text PRIMARY KEY,
    order_id text NOT NULL,
    kind text NOT NULL,
    sent_ms double precision
  );
  -- Requests that repeat an id with other content.
  CREATE TABLE refusals (order_id text NOT NULL);
  CREATE TABLE shop (state text NOT NULL CHECK (state IN ('open', 'break', 'closed')));
  INSERT INTO shop VALUES ('open');`;
