import { redlock, end as endOfFragment } from "../context.ts";
async function fragment() {
const { canLock, voting, configured, instances } = await redlock.health();

}
await fragment();
await endOfFragment();
