import type { ChainableCommander, Redis } from "ioredis";
import { ScriptRunner } from "../../src/instances/script-runner.ts";
import { FENCE_GRAIN_US } from "../../src/operations/limits.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import type { Entry, State } from "./typed-store.ts";

/** What requests did to a server, and when: in one millisecond of its own clock, from its start to the look afterwards. */
export interface Observation {
  readonly atMs: number;
  /** The same by the first and by the last look at the clock, in µs. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly replies: readonly Reply[];
  readonly state: State;
  /** The messages that were published: channel and message. */
  readonly published: readonly string[];
}

/** A transaction takes a fraction of a millisecond, so many attempts fail only if the requests are too many for this machine. */
const MOST_ATTEMPTS = 100;

/** The requests take this server more than a millisecond. Nothing was done. */
export class TooLongError extends Error {}

/** A channel for a message behind those of the operations. */
const BARRIER = "barrier";

/** All keys with type, value and time left, at one moment. */
const LOOK = `
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  local value = kind == 'string' and redis.call('GET', key) or ''
  if kind == 'zset' then value = table.concat(redis.call('ZRANGE', key, 0, -1, 'WITHSCORES'), ' ') end
  if kind == 'hash' then
    local all, names, pairs = redis.call('HGETALL', key), {}, {}
    for i = 1, #all, 2 do
      names[#names + 1] = all[i]
      pairs[all[i]] = all[i + 1]
    end
    table.sort(names)
    for i, name in ipairs(names) do names[i] = name .. '=' .. pairs[name] end
    value = table.concat(names, ';')
  end
  found[#found + 1] = {key, kind, value, redis.call('PTTL', key)}
end
return found`;

/**
 * A server whose every step is seen as of one instant. A clock cannot be lent to a server, so its own is read before and
 * after what is done to it: where both lie in one millisecond, everything in between saw that same millisecond, and expiries
 * and remaining times can be compared exactly. Where they do not, what was done is undone and done again. All of it is one
 * transaction, so that the server does it at a stretch, however long a busy machine takes to deliver the commands.
 */
export class ObservedServer {
  readonly #admin: Redis;
  readonly #runner: ScriptRunner;
  #transaction: Transaction | undefined;
  #published: string[] = [];
  #onBarrier: (() => void) | undefined;
  /** How often an observation had to be made again. */
  repeated = 0;

  /**
   * @param listener a connection that is subscribed to all channels
   * @param planted texts and SHA-1s of scripts, and what the server is given in their place
   */
  constructor(admin: Redis, listener: Redis, planted: ReadonlyMap<string, string> = new Map()) {
    this.#admin = admin;
    this.#runner = new ScriptRunner((command, { script: { text, sha }, args: [keys = "0", ...rest] }) => {
      const sent = command === "EVAL" ? text : sha;
      const given = planted.get(sent) ?? sent;
      return this.#transaction!.add(command, given, keys, ...rest);
    }, false);
    listener.removeAllListeners("pmessage");
    listener.on("pmessage", (_pattern, channel: string, message: string) => {
      if (channel === BARRIER) this.#onBarrier?.();
      else this.#published.push(`${channel} ${message}`);
    });
  }

  async observe(requests: readonly Request[], before: State): Promise<Observation> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      if (attempt > 1) await this.#restore(before);
      this.#published = [];
      const barrier = new Promise<void>((resolve) => (this.#onBarrier = resolve));
      const transaction = new Transaction(this.#admin);
      this.#transaction = transaction;
      const sent = [
        transaction.add("TIME").then(asUs),
        requests.length === 0 ? Promise.resolve([]) : this.#runner.run(requests),
        transaction.add("EVAL", LOOK, 0),
        transaction.add("TIME").then(asUs),
        transaction.add("PUBLISH", BARRIER, ""),
        transaction.run(),
      ] as const;
      const [fromUs, replies, found, toUs] = await Promise.all(sent);
      // All messages that were published before have arrived then.
      await barrier;
      const atMs = Math.floor(fromUs / 1000);
      const sameGrain = Math.floor(fromUs / FENCE_GRAIN_US) === Math.floor(toUs / FENCE_GRAIN_US);
      if (atMs === Math.floor(toUs / 1000) && sameGrain) {
        return { atMs, fromUs, toUs, replies, state: stateOf(found, atMs), published: this.#published };
      }
      this.repeated += 1;
    }
    await this.#restore(before);
    throw new TooLongError(
      `${MOST_ATTEMPTS} times the server took longer than a millisecond for ${requests.length} requests`,
    );
  }

  /** Writes past all rules, as an operator or a foreign client would. */
  async write(key: string, entry: Entry): Promise<void> {
    const transaction = this.#admin.multi();
    addWrite(transaction, key, entry);
    await transaction.exec();
    await this.#letPass([entry]);
  }

  async delete(key: string): Promise<void> {
    await this.#admin.del(key);
  }

  /** Lets the server's clock run until a moment, by asking it. */
  async reach(ms: number): Promise<void> {
    while ((await this.#nowUs()) < ms * 1000);
  }

  async clear(): Promise<void> {
    await this.#admin.flushall();
  }

  async #restore(state: State): Promise<void> {
    const transaction = this.#admin.multi().flushall();
    for (const [key, entry] of Object.entries(state)) addWrite(transaction, key, entry);
    await transaction.exec();
    await this.#letPass(Object.values(state));
  }

  /** A key may stand in its last millisecond but cannot be written in it: it is let pass. */
  async #letPass(written: readonly Entry[]): Promise<void> {
    const nowMs = (await this.#nowUs()) / 1000;
    const over = written.map(({ expiresAt }) => expiresAt).filter((expiresAt) => expiresAt <= nowMs);
    if (over.length > 0) await this.reach(Math.max(...over) + 1);
  }

  async #nowUs(): Promise<number> {
    return asUs(await this.#admin.time());
  }
}

/** Commands that a server carries out at a stretch. */
class Transaction {
  readonly #commands: ChainableCommander;
  readonly #settle: ((result: [Error | null, unknown]) => void)[] = [];

  constructor(server: Redis) {
    this.#commands = server.multi();
  }

  /** The reply comes once the transaction has run. */
  add(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    this.#commands.call(command, ...args);
    return new Promise((resolve, reject) => {
      this.#settle.push(([error, reply]) => (error === null ? resolve(reply) : reject(error)));
    });
  }

  async run(): Promise<void> {
    const results = await this.#commands.exec();
    this.#settle.forEach((settle, index) => settle(results![index]!));
  }
}

/** The reply of `TIME`, in µs. */
function asUs(reply: unknown): number {
  const [seconds, micros] = reply as readonly unknown[];
  return Number(seconds) * 1_000_000 + Number(micros);
}

/** Adds the commands that write a key. A hash is `field=value;field=value`. */
function addWrite(transaction: ChainableCommander, key: string, { type, value, expiresAt }: Entry): void {
  transaction.del(key);
  if (type === "hash")
    for (const pair of value.split(";")) {
      const [field = "", text = ""] = pair.split("=");
      transaction.hset(key, field, text);
    }
  else if (type === "zset") transaction.zadd(key, ...value.split(" ").toReversed());
  else transaction.set(key, value);
  if (expiresAt !== Infinity) transaction.pexpireat(key, expiresAt);
}

function stateOf(found: unknown, atMs: number): State {
  const rows = found as readonly (readonly [string, Entry["type"], string, number])[];
  const sorted = rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([key, type, value, left]): [string, Entry] => [
      key,
      { type, value, expiresAt: left === -1 ? Infinity : atMs + left },
    ]),
  );
}
