import { redlock, work, end as endOfFragment } from "../context.ts";
async function fragment() {
await redlock.hierarchy("acme", "orders", "42").using(work);

}
await fragment();
await endOfFragment();
