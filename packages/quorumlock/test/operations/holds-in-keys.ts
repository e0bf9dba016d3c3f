import type { Redis } from "ioredis";

/** One key as the server has it. */
interface StoredKey {
  readonly type: string;
  /** Of a hash or a sorted set: field or member, and its value or score, one after the other, in the order of the fields or members. */
  readonly value: string | readonly string[];
  /** In ms since 1970; -1 for never. */
  readonly expiresAt: number;
}

export type Stored = Readonly<Record<string, StoredKey>>;

const READ = `
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind, value = redis.call('TYPE', key).ok, ''
  if kind == 'string' then value = redis.call('GET', key) end
  if kind == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end
  if kind == 'hash' then value = redis.call('HGETALL', key) end
  found[#found + 1] = {key, kind, value, redis.call('PEXPIRETIME', key)}
end
return found`;

/** All keys at one moment. */
export async function readAll(redis: Redis): Promise<Stored> {
  const rows = (await redis.eval(READ, 0)) as [string, string, string | string[], number][];
  const sorted = rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([key, type, value, expiresAt]) => [key, { type, value: inOrder(value), expiresAt }]),
  );
}

function inOrder(value: string | string[]): string | readonly string[] {
  if (typeof value === "string") return value;
  const pairs = Array.from({ length: value.length / 2 }, (_, index) => value.slice(2 * index, 2 * index + 2));
  return pairs.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)).flat();
}

/** A token that holds one name, or permits of one semaphore. */
interface StoredHold {
  readonly token: string;
  /** The slots of permits; "" for other locks. */
  readonly slots: string;
  /** Until when the server keeps it: its deadline or the expiry of the lock's key, whichever comes first. In ms since 1970. */
  readonly untilMs: number;
}

/** How much of the score of a shared holder is its deadline (modes-node.lua). */
const BAND = 1e14;

/** All that is held, as the Lua files describe their keys. */
export function holdsIn(stored: Stored): readonly StoredHold[] {
  return Object.entries(stored).flatMap(([key, { value, expiresAt }]) => {
    const [, name] = /^lock:(?!~)(.*)$/.exec(key) ?? [];
    if (name === undefined || typeof value !== "string") return [];
    const until = (deadline: number): number => Math.min(deadline, expiresAt);
    const permits = /^~p (\d+) (\d+) \d+ [01]* (\d+):([\d -]*):(.*)$/.exec(value);
    if (permits !== null) {
      const [, , latest, deadline, slots = "", token = ""] = permits;
      const newest = token === "" ? [] : [{ token, slots, untilMs: until(Number(deadline)) }];
      const slotsOf = pairsIn(stored, "held", name);
      const others = latest === "0" ? [] : [...pairsIn(stored, "due", name)];
      return [
        ...newest,
        ...others.map(([other, due]) => ({
          token: other,
          slots: slotsOf.get(other) ?? "",
          untilMs: until(Number(due)),
        })),
      ];
    }
    if (value === "~s") {
      return Array.from(pairsIn(stored, "shared", name), ([token, score]) => ({
        token,
        slots: "",
        untilMs: until(Number(score) % BAND),
      }));
    }
    return [{ token: value.replace(/^~s [A-Z]+ /, ""), slots: "", untilMs: expiresAt }];
  });
}

function pairsIn(stored: Stored, kind: string, name: string): ReadonlyMap<string, string> {
  const [, entry] =
    Object.entries(stored).find(([key]) => key.startsWith(`lock:~${kind}:`) && key.endsWith(name)) ?? [];
  const list = typeof entry?.value === "object" ? entry.value : [];
  return new Map(
    Array.from({ length: list.length / 2 }, (_, index) => [list[2 * index]!, list[2 * index + 1]!]),
  );
}
