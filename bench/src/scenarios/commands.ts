import type { Redis } from "ioredis";
import type { Contender } from "../contender.ts";
import { bareIoredis } from "../contenders/bare-ioredis.ts";
import { BareProtocol, type BareServer, COMPARE_AND_DELETE } from "../contenders/bare-protocol.ts";
import { connectIoredis, disconnectIoredis } from "../contenders/ioredis-clients.ts";
import { micros, ratioCells } from "../report/format.ts";
import type { Result, Scenario } from "../scenario.ts";
import { compareTurns, median } from "../statistics.ts";
import { type Player, takeTurns, withPlayers } from "../turns.ts";

/** One way to have a server carry out what a lock needs. */
interface Way {
  readonly name: string;
  /** A native command that the server must have. */
  readonly needs?: string;
  set(client: Redis, key: string, token: string, ttlMs: number): Promise<unknown>;
  compareAndDelete(client: Redis, key: string, token: string): Promise<unknown>;
}

const SET = `return redis.call("SET", KEYS[1], ARGV[1], "NX", "PX", ARGV[2])`;
const FENCED_SET = `local set = redis.call("SET", KEYS[1], ARGV[1], "NX", "PX", ARGV[2])
if set then
  redis.call("INCR", KEYS[2])
  redis.call("PEXPIRE", KEYS[2], "604800000")
end
return set`;
const TOLD_DELETE = `if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("PUBLISH", KEYS[2], "")
return redis.call("DEL", KEYS[1])`;

const WEEK_MS = 604_800_000;
const CYCLES_PER_TURN = 300;
const WARM_UP_CYCLES = 2_000;
const NAMES = 16;

const fenceOf = (key: string): string => `{${key}}:fence`;
const wakeOf = (key: string): string => `{${key}}:wake`;
const set = (client: Redis, key: string, token: string, ttlMs: number): Promise<unknown> =>
  client.set(key, token, "PX", ttlMs, "NX");

const ways: readonly Way[] = [
  {
    name: "scripts alone",
    set: (client, key, token, ttlMs) => run(client, SET, [key], [token, String(ttlMs)]),
    compareAndDelete: (client, key, token) => run(client, COMPARE_AND_DELETE, [key], [token]),
  },
  {
    name: "SET, DELEX … IFEQ",
    needs: "DELEX",
    set,
    compareAndDelete: (client, key, token) => client.call("DELEX", key, "IFEQ", token),
  },
  {
    name: "SET, DELIFEQ",
    needs: "DELIFEQ",
    set,
    compareAndDelete: (client, key, token) => client.call("DELIFEQ", key, token),
  },
  {
    name: "scripts, fenced and told",
    set: (client, key, token, ttlMs) => run(client, FENCED_SET, [key, fenceOf(key)], [token, String(ttlMs)]),
    compareAndDelete: (client, key, token) => run(client, TOLD_DELETE, [key, wakeOf(key)], [token]),
  },
  {
    name: "commands, fenced and told",
    async set(client, key, token, ttlMs) {
      const counter = fenceOf(key);
      const calls = client.pipeline().set(key, token, "PX", ttlMs, "NX").incr(counter);
      return resultOf(await calls.pexpire(counter, WEEK_MS).exec());
    },
    async compareAndDelete(client, key, token) {
      const sha = await shaOf(client, COMPARE_AND_DELETE);
      return resultOf(await client.pipeline().evalsha(sha, 1, key, token).publish(wakeOf(key), "").exec());
    },
  },
];

/** What native commands would gain over scripts: nothing is promised of it, it is why scripts were chosen. */
export function commands(): Scenario {
  return {
    name: "commands",
    about:
      "Native commands or scripts: acquire and release of a free lock, one cycle after another, by ioredis without a library. " +
      "“Fenced and told”: with a fencing counter and a message at the release, as one script or as several commands in one write. " +
      "Ways that the server does not have are left out. CPU is what the servers' main threads spend on a cycle, all together.",
    columns: ["servers", "way", "cycle p50 µs", "× bare", "p25–p75", "servers' CPU µs", "n"],
    servers: [1, 3],
    quickServers: [1],
    leastServers: 1,
    seconds: 5,
    quickSeconds: 1,
    async run({ servers, seconds, quick }) {
      const clients = await connectIoredis(servers);
      try {
        const known = await Promise.all(
          ways.map(async ({ needs }) => needs === undefined || (await hasCommand(clients[0]!, needs))),
        );
        const field = [bareIoredis, ...ways.filter((_, index) => known[index]).map(contenderOf)];
        const results = new Map(field.map((contender) => [contender, new Series()]));
        return await withPlayers(field, { servers }, async (players) => {
          for (const player of players) await play(player, quick ? WARM_UP_CYCLES / 4 : WARM_UP_CYCLES);
          await takeTurns(players, { seconds, leastRounds: 5 }, async (player) => {
            const before = await processorTime(clients);
            const times = await play(player, CYCLES_PER_TURN);
            const spent = (await processorTime(clients)) - before;
            results.get(player.contender)?.add(times, spent / times.length);
          });
          const bare = results.get(bareIoredis);
          return field.map((contender) =>
            resultOfWay(contender, servers.length, results.get(contender), bare),
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
  readonly spent: number[] = [];
  n = 0;

  /** Times in ms. */
  add(times: readonly number[], spentMs: number): void {
    this.medians.push(median(times));
    this.spent.push(spentMs);
    this.n += times.length;
  }
}

function resultOfWay(
  { name }: Contender,
  servers: number,
  own: Series = new Series(),
  bare: Series = new Series(),
): Result {
  const ratios = own === bare ? undefined : compareTurns(own.medians, bare.medians);
  const [p50, cpu] = [median(own.medians), median(own.spent)];
  return {
    cells: [String(servers), name, micros(p50), ...ratioCells(ratios), micros(cpu), String(own.n)],
    figures: { servers, contender: name, p50, cpu, ratio: ratios, n: own.n },
    targets: [],
    notes: [],
  };
}

async function play({ contender, entrant }: Player, cycles: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const began = performance.now();
    const grant = await entrant.acquire(`bench:${contender.name}:${cycle % NAMES}`);
    await grant.release();
    times.push(performance.now() - began);
  }
  return times;
}

function contenderOf(way: Way): Contender {
  return {
    name: way.name,
    kind: "bare",
    async connect(servers, options) {
      const clients = await connectIoredis(servers);
      return new BareProtocol(
        clients.map((client) => new WayServer(client, way)),
        options?.ttlMs,
      );
    },
  };
}

class WayServer implements BareServer {
  readonly #client: Redis;
  readonly #way: Way;

  constructor(client: Redis, way: Way) {
    this.#client = client;
    this.#way = way;
  }

  set(key: string, token: string, ttlMs: number): Promise<unknown> {
    return this.#way.set(this.#client, key, token, ttlMs);
  }

  compareAndDelete(key: string, token: string): Promise<unknown> {
    return this.#way.compareAndDelete(this.#client, key, token);
  }

  close(): void {
    this.#client.disconnect();
  }
}

const loaded = new WeakMap<Redis, Map<string, string>>();

/** Loads a script at its first use. */
async function shaOf(client: Redis, script: string): Promise<string> {
  const known = loaded.get(client) ?? new Map<string, string>();
  loaded.set(client, known);
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

/** Of the first command of a pipeline. */
function resultOf(replies: readonly (readonly [Error | null, unknown])[] | null): unknown {
  const [error, reply] = replies?.[0] ?? [new Error("the pipeline has no replies")];
  if (error !== null) throw error;
  return reply;
}

async function hasCommand(client: Redis, name: string): Promise<boolean> {
  const [found] = (await client.call("COMMAND", "INFO", name)) as readonly unknown[];
  return found !== null && found !== undefined;
}

/** What the servers' main threads have spent since they started, in ms. */
async function processorTime(clients: readonly Redis[]): Promise<number> {
  const infos = await Promise.all(clients.map((client) => client.info("cpu")));
  const seconds = infos.flatMap((info) =>
    [...info.matchAll(/^used_cpu_(?:sys|user)_main_thread:([\d.]+)/gm)].map(([, value]) => Number(value)),
  );
  return seconds.reduce((sum, value) => sum + value, 0) * 1_000;
}
