import type { Lockable, NameInMode, ReadLock, Redlock, WriteLock } from "quorumlock";
import type { Contender, Contest, LockKind } from "./contender.ts";
import { exclusive, type Hold, treeNodes } from "./hold.ts";

/**
 * Everything that workers compete for in one phase. The names begin with `prefix`, so that phases do not affect each other.
 *
 * To add a kind of lock, name it in `LOCK_KINDS` and add a contender here. A semaphore: its `acquire` passes the permits on, it has no
 * claims, and `holdsOf` is `slots(name, permits, lock.slots)`. A fair lock: `exclusive(name)` as claims.
 */
export function contestOf(redlock: Redlock, prefix: string): Contest {
  const [stock, orders] = [`${prefix}/stock`, `${prefix}/orders`];
  return {
    short: [
      mutex(redlock, 4, stock),
      mutex(redlock, 3, orders),
      contender("several names", 1, redlock.mutex([stock, orders]), exclusive(stock, orders)),
      ...pooled(redlock, orders),
      ...sharded(redlock, `${prefix}/users`),
      ...readWrite(redlock, { read: 5, write: 3 }, `${prefix}/catalog`),
      // A plain lock on the name of a read/write lock excludes readers and writers.
      mutex(redlock, 0.5, `${prefix}/catalog`),
      ...tree(redlock, prefix),
      ...modes(redlock, prefix),
    ],
    long: [
      mutex(redlock, 3, `${prefix}/report`),
      ...readWrite(redlock, { read: 2, write: 1 }, `${prefix}/archive`),
    ],
  };
}

function contender(
  kind: LockKind,
  share: number,
  lockable: Lockable,
  claims: readonly Hold[],
  rest: Pick<Contender, "below" | "conversion"> = {},
): Contender {
  return { kind, share, acquire: (options) => lockable.acquire(options), claims, ...rest };
}

function mutex(redlock: Redlock, share: number, name: string): Contender {
  return contender("mutex", share, redlock.mutex(name), exclusive(name));
}

/** A pool with one place: the other workers of the process wait for the place, not for the lock. */
function pooled(redlock: Redlock, name: string): readonly Contender[] {
  const pool = redlock.pool({ size: 1 });
  return [contender("pool", 1, pool.mutex(name), exclusive(name))];
}

function sharded(redlock: Redlock, name: string): readonly Contender[] {
  const users = redlock.sharded(name, { shards: 2 });
  const shard = (key: string): string => `${name}:shard:${users.shardOf(key)}`;
  const keys = ["ada", "bob", "cyd", "dan"];
  return [
    ...keys.map((key) => contender("sharded", 0.6, users.for(key), exclusive(shard(key)))),
    contender("sharded", 0.3, users.all(), exclusive(`${name}:shard:0`, `${name}:shard:1`)),
  ];
}

function readWrite(
  redlock: Redlock,
  share: { readonly read: number; readonly write: number },
  name: string,
): readonly Contender[] {
  const lock = redlock.readWrite(name);
  const read: Contender = contender("read", share.read, lock.read, [{ node: name, mode: "S" }], {
    conversion: { convert: (held) => (held as ReadLock).upgrade(), to: () => write },
  });
  const write: Contender = contender("write", share.write, lock.write, exclusive(name), {
    conversion: { convert: (held) => (held as WriteLock).downgrade(), to: () => read },
  });
  return [read, write];
}

function tree(redlock: Redlock, root: string): readonly Contender[] {
  const nodes: readonly (readonly [share: number, path: readonly string[], below?: string])[] = [
    [0.5, [root], `{${root}}/eu/de`],
    [1, [root, "eu"], `{${root}}/eu/fr`],
    [1, [root, "eu", "de"]],
    [1, [root, "eu", "fr"]],
    [1, [root, "us"]],
  ];
  return nodes.flatMap(([share, path, below]) => {
    const lock = redlock.hierarchy(...path);
    const under = (access: "exclusive" | "shared"): Pick<Contender, "below"> =>
      below === undefined ? {} : { below: [{ node: below, access }] };
    return [
      contender("tree", share, lock, treeNodes(path, "X"), under("exclusive")),
      contender("shared tree", 0.4 * share, lock.shared, treeNodes(path, "S"), under("shared")),
    ];
  });
}

function modes(redlock: Redlock, prefix: string): readonly Contender[] {
  const [seven, nine, rates] = [`${prefix}/account-7`, `${prefix}/account-9`, `${prefix}/rates`];
  const lists: readonly (readonly NameInMode[])[] = [
    [
      { name: seven, mode: "X" },
      { name: nine, mode: "X" },
      { name: rates, mode: "S" },
    ],
    [
      { name: seven, mode: "X" },
      { name: rates, mode: "IS" },
    ],
    [
      { name: seven, mode: "S" },
      { name: nine, mode: "S" },
    ],
    [
      { name: nine, mode: "X" },
      { name: rates, mode: "IX" },
    ],
    [{ name: rates, mode: "SIX" }],
    [{ name: rates, mode: "X" }],
  ];
  return lists.map((parts) => {
    const claims = parts.map(({ name: node, mode }): Hold => ({ node, mode }));
    return contender("modes", 0.7, redlock.modes(parts), claims);
  });
}
