import { count } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Story } from "../harness/story.ts";
import { PRICE, SHOP, START_BALANCE, TABLES, type Task, TILLS } from "./tables.ts";

const TTL_MS = 400;
const FREEZES = { short: 2, full: 12 };
/** How many payments the other till makes while one is frozen. */
const PAYMENTS_MEANWHILE = 5;

interface Facts {
  readonly freezes: number;
  readonly payments: number;
  readonly lateWrites: number;
  readonly total: number;
  readonly missing: number;
}

export const fencing: Story<Facts> = {
  name: "fencing",
  summary: "a holder is frozen between its read and its write, and writes late",
  columns: { ours: "with the token", antiPattern: "without" },
  tables: TABLES,
  ttlMs: TTL_MS,

  async run(scene, variant) {
    const isFenced = variant === "ours";
    const start = (till: string) =>
      scene.start(till, import.meta.resolve("./worker.ts"), { till, isFenced } satisfies Task);
    const frozen = start(TILLS[0]);
    const other = start(TILLS[1]);
    await scene.go([frozen, other]);

    const freezes = scene.isShort ? FREEZES.short : FREEZES.full;
    for (let freeze = 0; freeze < freezes; freeze += 1) {
      await scene.until("the first till has paid", async () => (await paymentsOf(scene, TILLS[0])) > freeze);
      await scene.orFail(frozen.reach("read", "stop"));
      const before = await paymentsOf(scene, TILLS[1]);
      await scene.until(
        "the lock has expired, and the other till has paid",
        async () => (await paymentsOf(scene, TILLS[1])) >= before + PAYMENTS_MEANWHILE,
      );
      frozen.resume();
    }
    const payments = await paymentsOf(scene, TILLS[0]);
    await scene.until(
      "the frozen till pays again",
      async () => (await paymentsOf(scene, TILLS[0])) > payments,
    );
    await Promise.all([frozen.stop(), other.stop()]);
    return { freezes, ...(await readFacts(scene)) };
  },

  figures: ({ freezes, payments, lateWrites, missing }) => [
    ["payments", count(payments)],
    ["a till frozen between read and write", `${count(freezes)} times`],
    ["late writes that the database took", count(lateWrites)],
    ["money of the shop that is missing", count(missing)],
  ],

  judge: ({ lateWrites, total, missing }) => [
    {
      claim: "the database took no write of a holder that had lost its lock",
      holds: lateWrites === 0,
      found: `${count(lateWrites)} late writes`,
    },
    {
      claim: "the sum of all accounts is unchanged",
      holds: total === 3 * START_BALANCE,
      found: `a difference of ${count(total - 3 * START_BALANCE)}`,
    },
    {
      claim: "the shop has exactly what the tills have paid",
      holds: missing === 0,
      found: `${count(missing)} missing`,
    },
  ],

  damage: ({ missing, lateWrites }) =>
    `${count(lateWrites)} late writes undid payments of the other till, and ${count(missing)} is missing in the shop's account.`,
};

async function paymentsOf({ sql }: Scene, till: string): Promise<number> {
  return (await oneRow<{ n: number }>(sql, "SELECT count(*) AS n FROM payments WHERE till = $1", [till])).n;
}

async function readFacts({ sql }: Scene): Promise<Omit<Facts, "freezes">> {
  const { payments } = await oneRow<{ payments: number }>(sql, "SELECT count(*) AS payments FROM payments");
  const { late } = await oneRow<{ late: number }>(
    sql,
    "SELECT count(*) AS late FROM changes WHERE new_fence < old_fence",
  );
  const { total, shop } = await oneRow<{ total: number; shop: number }>(
    sql,
    "SELECT sum(balance) AS total, max(balance) FILTER (WHERE id = $1) AS shop FROM accounts",
    [SHOP],
  );
  return { payments, lateWrites: late, total, missing: START_BALANCE + payments * PRICE - shop };
}
