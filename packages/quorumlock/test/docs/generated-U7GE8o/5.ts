import { redlock, work, end as endOfFragment } from "../context.ts";
async function fragment() {
await redlock
  .modes([
    { name: "from", mode: "X" },
    { name: "rates", mode: "S" },
  ])
  .using(work);

}
await fragment();
await endOfFragment();
