import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { describeMachine } from "../environment.ts";
import { median } from "../statistics.ts";
import { measureFootprint } from "./footprint.ts";
import { type MemberSet, openMembers } from "./masters.ts";

/**
 * How a set of servers grows: members that are a server, a cluster with one master, and a cluster with three masters take turns in one
 * run. A lock is acquired and released under a new name each time, by many callers of one process.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "12" },
    turn: { type: "string", default: "500" },
    callers: { type: "string", default: "64" },
  },
});
const [rounds, turnMs, callers] = [Number(values.rounds), Number(values.turn), Number(values.callers)];
const WARM_UP_MS = 1_000;

interface Turn {
  readonly locksPerS: number;
  /** CPU time of the busiest server process of a member, and of all processes of a member, for one lock, in µs. */
  readonly busiestUs: number;
  readonly memberUs: number;
}

let nextName = 0;

async function turn({ redlock, cpuMs }: MemberSet, forMs: number): Promise<Turn> {
  const before = await cpuMs();
  const startedAt = performance.now();
  let locks = 0;
  const call = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const lock = await redlock.acquire(`lock-${nextName++}`, { ttl: 10_000 });
      await lock.release();
      locks += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const tookMs = performance.now() - startedAt;
  const after = await cpuMs();
  const used = after.map((member, at) => member.map((ms, node) => ms - before[at]![node]!));
  const perLockUs = (ms: number): number => (ms * 1_000) / locks;
  return {
    locksPerS: (locks * 1_000) / tookMs,
    busiestUs: perLockUs(median(used.map((member) => Math.max(...member)))),
    memberUs: perLockUs(median(used.map((member) => member.reduce((sum, ms) => sum + ms, 0)))),
  };
}

const sets = await Promise.all([0, 1, 3].map((masters) => openMembers(masters)));
const turns = sets.map((): Turn[] => []);
try {
  for (const set of sets) await turn(set, WARM_UP_MS);
  for (let round = 0; round < rounds; round += 1) {
    // Each round begins with another set.
    for (let step = 0; step < sets.length; step += 1) {
      const at = (round + step) % sets.length;
      turns[at]!.push(await turn(sets[at]!, turnMs));
    }
  }
} finally {
  await Promise.all(sets.map((set) => set[Symbol.asyncDispose]()));
}
const { startRedisServers } = await import("quorumlock/testing");
await using one = await startRedisServers(1);
const machine = await describeMachine(one[0]!);
console.log(
  `${machine.date}, ${machine.server}, Node ${machine.node}, ${machine.cores} cores of ${machine.processor}; 3 members, ${callers} callers of one process, new names, ${rounds} rounds of ${turnMs} ms`,
);
/** The median of the ratios of single rounds, because a disturbance of the machine affects a whole round. */
const ratio = (at: number, of: keyof Turn): string =>
  median(turns[at]!.map((each, round) => each[of] / turns[1]![round]![of])).toFixed(2);
console.log(
  "| each member is | locks a second | CPU of the busiest server of a member, a lock | CPU of all its servers |",
);
console.log("| --- | ---: | ---: | ---: |");
sets.forEach(({ title }, at) => {
  const value = (of: keyof Turn): number => median(turns[at]!.map((each) => each[of]));
  console.log(
    `| ${title} | ${Math.round(value("locksPerS"))} (× ${ratio(at, "locksPerS")}) | ${value("busiestUs").toFixed(1)} µs (× ${ratio(at, "busiestUs")}) | ${value("memberUs").toFixed(1)} µs (× ${ratio(at, "memberUs")}) |`,
  );
});
for (const { what, bytes } of await measureFootprint())
  console.log(`${what}: ${Math.round(bytes)} bytes on each server`);
