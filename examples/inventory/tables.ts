export const PRODUCTS = ["apples", "bread", "cheese"] as const;

export interface Order {
  readonly id: number;
  readonly product: string;
  readonly quantity: number;
}

/** What a process shall do. */
export interface Task {
  readonly orders: readonly Order[];
  /** Whether an order that does not get the lock is carried out without it. */
  readonly hasUnlockedFallback: boolean;
}

export const TABLES = `
  CREATE TABLE products (
    id text PRIMARY KEY,
    start_stock integer NOT NULL DEFAULT 0,
    stock integer NOT NULL DEFAULT 0,
    fence bigint NOT NULL DEFAULT 0
  );
  INSERT INTO products (id) SELECT unnest(ARRAY['${PRODUCTS.join("', '")}']);
  CREATE TABLE reservations (order_id integer PRIMARY KEY, product text NOT NULL, quantity integer NOT NULL);
  CREATE TABLE requests (order_id integer PRIMARY KEY, outcome text NOT NULL);`;
