import type { Redis } from "ioredis";
import type { Contender } from "../contender.ts";
import { bareIoredis } from "../contenders/bare-ioredis.ts";
import { BareProtocol, type BareServer, COMPARE_AND_DELETE } from "../contenders/bare-protocol.ts";
import { connectIoredis, disconnectIoredis } from "../contenders/ioredis-clients.ts";
import { micros, ratioCells } from "../report/format.ts";
import type { Result, Scenario } from "../scenario.ts";
import { compareTurns, median } from "../statistics.ts";
import { LockNames, type NameKind } from "../lock-names.ts";
import { type Participant, runRounds, withConnections } from "../rounds.ts";
import { ServerStatistics } from "../server-statistics.ts";

/** One way to set and to delete the key of a lock. */
interface Variant {
  readonly name: string;
  /** A command that not every server has. */
  readonly requires?: string;
  set(client: Redis, key: string, token: string, ttlMs: number): Promise<unknown>;
  compareAndDelete(client: Redis, key: string, token: string): Promise<unknown>;
}

const SET = `return redis.call("SET", KEYS[1], ARGV[1], "NX", "PX", ARGV[2])`;
const FENCED_SET = `local set = redis.call("SET", KEYS[1], ARGV[1], "NX", "PX", ARGV[2])
if set then redis.call("INCR", KEYS[2]) end
return set`;
const NOTIFYING_DELETE = `if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("PUBLISH", KEYS[2], "")
return redis.call("DEL", KEYS[1])`;

const CYCLES_PER_TURN = 300;
const WARM_UP_CYCLES = 2_000;
/** How many names a variant repeats with `--names same`. */
const SAME_NAMES = 16;

const FENCE_KEY = "~fence:1";
const wakeOf = (key: string): string => `~wake:${key}`;
const set = (client: Redis, key: string, token: string, ttlMs: number): Promise<unknown> =>
  client.set(key, token, "PX", ttlMs, "NX");

const VARIANTS: readonly Variant[] = [
  {
    name: "scripts alone",
    set: (client, key, token, ttlMs) => run(client, SET, [key], [token, String(ttlMs)]),
    compareAndDelete: (client, key, token) => run(client, COMPARE_AND_DELETE, [key], [token]),
  },
  {
    name: "SET, DELEX … IFEQ",
    requires: "DELEX",
    set,
    compareAndDelete: (client, key, token) => client.call("DELEX", key, "IFEQ", token),
  },
  {
    name: "SET, DELIFEQ",
    requires: "DELIFEQ",
    set,
    compareAndDelete: (client, key, token) => client.call("DELIFEQ", key, token),
  },
  {
    name: "scripts, fenced and notified",
    set: (client, key, token, ttlMs) => run(client, FENCED_SET, [key, FENCE_KEY], [token, String(ttlMs)]),
    compareAndDelete: (client, key, token) => run(client, NOTIFYING_DELETE, [key, wakeOf(key)], [token]),
  },
  {
    name: "commands, fenced and notified",
    async set(client, key, token, ttlMs) {
      const calls = client.pipeline().set(key, token, "PX", ttlMs, "NX").incr(FENCE_KEY);
      return firstReply(await calls.exec());
    },
    async compareAndDelete(client, key, token) {
      const sha = await shaOf(client, COMPARE_AND_DELETE);
      return firstReply(await client.pipeline().evalsha(sha, 1, key, token).publish(wakeOf(key), "").exec());
    },
  },
];

/** Compares scripts with native commands. It has no target; its figures are the reason for using scripts. */
export function commands(): Scenario {
  return {
    name: "commands",
    about:
      "Scripts compared with native commands: acquire and release of a free lock, one cycle after another, by ioredis without a library. " +
      '"Fenced and notified" adds a fencing counter and a message at the release, in one script or as several commands in one write. ' +
      "Variants whose commands the server does not have are left out. CPU time is that of all servers' main threads per cycle.",
    columns: ["servers", "names", "variant", "cycle p50 µs", "× bare", "p25–p75", "servers' CPU µs", "n"],
    servers: [1, 3],
    quickServers: [1],
    minServers: 1,
    seconds: 5,
    quickSeconds: 1,
    varies: ["names"],
    async run({ servers, seconds, quick, names }) {
      await using statistics = await ServerStatistics.connect(servers);
      const clients = await connectIoredis(servers);
      try {
        const isSupported = await Promise.all(
          VARIANTS.map(
            async ({ requires }) => requires === undefined || (await hasCommand(clients[0], requires)),
          ),
        );
        const contenders = [
          bareIoredis,
          ...VARIANTS.filter((_, index) => isSupported[index]).map(contenderOf),
        ];
        const results = new Map(contenders.map((contender) => [contender, new Series()]));
        return await withConnections(contenders, { servers }, async (participants) => {
          for (const participant of participants)
            await runTurn(participant, quick ? WARM_UP_CYCLES / 4 : WARM_UP_CYCLES, names);
          await runRounds(participants, { seconds, minRounds: 5 }, async (participant) => {
            const { result: times, server } = await statistics.measure(participant.contender, () =>
              runTurn(participant, CYCLES_PER_TURN, names),
            );
            results.get(participant.contender)?.add(times, server.cpuMs / times.length);
          });
          const bare = results.get(bareIoredis);
          return contenders.map((contender) =>
            resultOf(contender, { servers: servers.length, names }, results.get(contender), bare),
          );
        });
      } finally {
        disconnectIoredis(clients);
      }
    },
  };
}

class Series {
  readonly medians: number[] = [];
  readonly cpuMs: number[] = [];
  n = 0;

  /** Times in ms. */
  add(times: readonly number[], cpuMs: number): void {
    this.medians.push(median(times));
    this.cpuMs.push(cpuMs);
    this.n += times.length;
  }
}

function resultOf(
  { name }: Contender,
  { servers, names }: { readonly servers: number; readonly names: NameKind },
  own: Series = new Series(),
  bare: Series = new Series(),
): Result {
  const ratios = own === bare ? undefined : compareTurns(own.medians, bare.medians);
  const [p50, cpu] = [median(own.medians), median(own.cpuMs)];
  return {
    cells: [String(servers), names, name, micros(p50), ...ratioCells(ratios), micros(cpu), String(own.n)],
    figures: { servers, names, contender: name, p50, cpu, ratio: ratios, n: own.n },
    targets: [],
    notes: [],
  };
}

async function runTurn(
  { contender, lockClient }: Participant,
  cycles: number,
  nameKind: NameKind,
): Promise<readonly number[]> {
  const names = new LockNames(`bench:${contender.name}`, nameKind, SAME_NAMES);
  const times: number[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const startedAt = performance.now();
    const grant = await lockClient.acquire(names.next());
    await grant.release();
    times.push(performance.now() - startedAt);
  }
  return times;
}

function contenderOf(variant: Variant): Contender {
  return {
    name: variant.name,
    kind: "bare",
    async connect(servers, options) {
      const clients = await connectIoredis(servers);
      return new BareProtocol(
        clients.map((client) => new VariantServer(client, variant)),
        options?.ttlMs,
      );
    },
  };
}

class VariantServer implements BareServer {
  readonly #client: Redis;
  readonly #variant: Variant;

  constructor(client: Redis, variant: Variant) {
    this.#client = client;
    this.#variant = variant;
  }

  set(key: string, token: string, ttlMs: number): Promise<unknown> {
    return this.#variant.set(this.#client, key, token, ttlMs);
  }

  compareAndDelete(key: string, token: string): Promise<unknown> {
    return this.#variant.compareAndDelete(this.#client, key, token);
  }

  close(): void {
    this.#client.disconnect();
  }
}

const loadedScripts = new WeakMap<Redis, Map<string, string>>();

/** The SHA of a script, which is loaded at its first use. */
async function shaOf(client: Redis, script: string): Promise<string> {
  const known = loadedScripts.get(client) ?? new Map<string, string>();
  loadedScripts.set(client, known);
  const sha = known.get(script) ?? String(await client.script("LOAD", script));
  known.set(script, sha);
  return sha;
}

async function run(
  client: Redis,
  script: string,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  return client.evalsha(await shaOf(client, script), keys.length, ...keys, ...args);
}

/** The reply to the first command of a pipeline. */
function firstReply(replies: readonly (readonly [Error | null, unknown])[] | null): unknown {
  const [error, reply] = replies?.[0] ?? [new Error("the pipeline has no replies")];
  if (error !== null) throw error;
  return reply;
}

async function hasCommand(client: Redis | undefined, name: string): Promise<boolean> {
  const [found] = ((await client?.call("COMMAND", "INFO", name)) ?? []) as readonly unknown[];
  return found !== null && found !== undefined;
}
