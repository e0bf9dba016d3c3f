// The process of the payment provider. Payments go wrong from the first request to /faults on.
import { Random } from "../harness/random.ts";
import { runWorker, say } from "../harness/worker.ts";
import { hashOf, type Manner, serveProvider } from "./provider-double.ts";
import type { ProviderTask } from "./task.ts";

/** How many payments of 50 go in which way if the provider has faults. */
const SHARES: Readonly<Record<Manner, number>> = {
  prompt: 25,
  declined: 4,
  "fails before charging": 3,
  "charges, answer lost": 8,
  "charges late": 5,
  "never answers, charges late": 3,
  "never answers, charges nothing": 2,
};
const MANNERS = (Object.entries(SHARES) as readonly (readonly [Manner, number])[]).flatMap(
  ([manner, share]) => Array.from({ length: share }, () => manner),
);

await runWorker<ProviderTask>(async ({ task, seed, signal }) => {
  await using provider = await serveProvider({
    ...task,
    mannerOf: (key) => new Random(seed + hashOf(key)).pick(MANNERS),
  });
  say("listening", { url: provider.url });
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
});
