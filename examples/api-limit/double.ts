// The foreign API. It counts the calls in flight, and refuses the sixth one.
import { setTimeout as sleep } from "node:timers/promises";
import { serveJson } from "../harness/json-http.ts";
import { runWorker, say } from "../harness/worker.ts";
import { type Call, type Ledger, LIMIT } from "./protocol.ts";

const MIN_CALL_MS = 60;
const MAX_CALL_MS = 100;
/** One of so many calls fails. */
const FAILS_ONE_OF = 12;

await runWorker(async ({ random, signal }) => {
  const calls: Call[] = [];
  let inFlight = 0;
  let peak = 0;
  let refused = 0;
  let failed = 0;

  await using server = await serveJson(async (path) => {
    if (path === "/ledger") {
      const ledger: Ledger = { now: performance.now(), peak, refused, failed, calls };
      return { status: 200, body: ledger };
    }
    // A call that is refused counts too. Otherwise the peak could not exceed the limit.
    peak = Math.max(peak, inFlight + 1);
    if (inFlight === LIMIT) {
      refused += 1;
      return { status: 429, body: { error: "too many calls" } };
    }
    inFlight += 1;
    const from = performance.now();
    await sleep(random.whole(MIN_CALL_MS, MAX_CALL_MS));
    inFlight -= 1;
    calls.push({ from, to: performance.now() });
    const isFailure = random.whole(1, FAILS_ONE_OF) === 1;
    if (isFailure) failed += 1;
    return isFailure ? { status: 500, body: { error: "internal" } } : { status: 200, body: {} };
  });
  say("listening", { url: server.url });
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
});
