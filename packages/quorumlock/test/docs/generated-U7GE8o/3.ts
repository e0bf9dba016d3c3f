import { Redlock, redisA, redisB, redisC, redlock, work, end as endOfFragment } from "../context.ts";
async function fragment() {
const redlock = new Redlock([redisA, redisB, redisC]);
const total = await redlock.using("order:42", async (lock, signal) => work(lock, signal));

}
await fragment();
await endOfFragment();
