import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as Quorumlock from "quorumlock";
import { type CallSummary, CallTrace } from "../call-trace.ts";
import { connectIoredis, disconnectIoredis } from "../contenders/ioredis-clients.ts";
import { quorumlockIoredis } from "../contenders/index.ts";
import { atMost, type Result, type Scenario, verdictOf } from "../scenario.ts";

const WARM_UP_CYCLES = 50;
const MAX_CALLS = 70;
const MAX_RETURNS = 20;

/** Counts the function calls of one uncontended cycle in quorumlock's compiled code. */
export function trace(): Scenario {
  return {
    name: "trace",
    about:
      "Calls of functions in quorumlock's compiled code during one uncontended acquire, and during one release, of a new name on ioredis. Files are those with at least one call. " +
      "A return is a call into a file that an earlier call was in, after a call in another file. " +
      `Target of an acquire on one server: at most ${MAX_CALLS} calls and ${MAX_RETURNS} returns.`,
    columns: ["servers", "contender", "operation", "calls", "files", "returns", "target"],
    servers: [1, 5],
    quickServers: [1],
    minServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run({ servers, includes }) {
      if (!includes(quorumlockIoredis)) return [];
      using calls = new CallTrace(compiledCode());
      const { Redlock } = (await calls.load("index.js")) as typeof Quorumlock;
      const clients = await connectIoredis(servers);
      try {
        await using redlock = new Redlock([...clients], { restartGuard: false });
        for (let cycle = 0; cycle < WARM_UP_CYCLES; cycle++)
          await (await redlock.acquire(`bench:trace:warm-up:${cycle}`)).release();
        let lock: Quorumlock.Lock | undefined;
        const acquire = await calls.record(async () => (lock = await redlock.acquire("bench:trace")));
        const release = await calls.record(() => lock?.release());
        return [resultOf("acquire", acquire, servers.length), resultOf("release", release, servers.length)];
      } finally {
        disconnectIoredis(clients);
      }
    },
  };
}

function compiledCode(): string {
  return join(dirname(createRequire(import.meta.url).resolve("quorumlock/package.json")), "dist");
}

function resultOf(operation: string, { calls, files, returns }: CallSummary, servers: number): Result {
  const targets =
    operation === "acquire" && servers === 1
      ? [
          atMost("calls", calls, MAX_CALLS, "calls of one acquire"),
          atMost("returns", returns, MAX_RETURNS, "returns to a file"),
        ]
      : [];
  const contender = quorumlockIoredis.name;
  return {
    cells: [
      String(servers),
      contender,
      operation,
      String(calls),
      String(files),
      String(returns),
      verdictOf(targets),
    ],
    figures: { servers, contender, operation, calls, files, returns },
    targets,
    notes: [],
  };
}
