export const TILLS = ["till-a", "till-b"] as const;
export const SHOP = "shop";
export const START_BALANCE = 1_000_000;
export const PRICE = 10;

/** What a process shall do. */
export interface Task {
  readonly till: string;
  /** Whether the update compares the fencing token. */
  readonly isFenced: boolean;
}

export const TABLES = `
  CREATE TABLE accounts (id text PRIMARY KEY, balance integer NOT NULL, fence bigint NOT NULL DEFAULT 0);
  INSERT INTO accounts (id, balance)
    SELECT unnest(ARRAY['${TILLS.join("', '")}', '${SHOP}']), ${START_BALANCE};
  CREATE TABLE payments (id serial PRIMARY KEY, till text NOT NULL, fence bigint NOT NULL);

  -- Every change of the shop's account, as the database saw it.
  CREATE TABLE changes (id serial PRIMARY KEY, old_fence bigint, new_fence bigint);
  CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO changes (old_fence, new_fence) VALUES (OLD.fence, NEW.fence);
      RETURN NEW;
    END $$;
  CREATE TRIGGER record_change AFTER UPDATE ON accounts FOR EACH ROW
    WHEN (NEW.id = '${SHOP}') EXECUTE FUNCTION record_change();`;
