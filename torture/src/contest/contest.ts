import type { Lockable, NameInMode, PermitLock, ReadLock, Redlock, WriteLock } from "quorumlock";
import type { Contender, Contest, LockKind } from "./contender.ts";
import { exclusive, type Hold, limited, slots, treeNodes } from "./hold.ts";

/**
 * Everything that workers compete for in one phase. The names begin with `prefix`, so that phases do not affect each other.
 *
 * To add a kind of lock, name it in `LOCK_KINDS` and add a contender here.
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
      ...fair(redlock, stock),
      ...semaphore(redlock, `${prefix}/exports`),
      ...tenant(redlock, `${prefix}/acme`),
    ],
    long: [
      mutex(redlock, 3, `${prefix}/report`),
      ...readWrite(redlock, { read: 2, write: 1 }, `${prefix}/archive`),
      permits(redlock, 2, `${prefix}/workers`, 2, 1),
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

/** Fair locks of two priorities, on a name that plain locks have too. */
function fair(redlock: Redlock, name: string): readonly Contender[] {
  return [0, 2].map((priority) =>
    contender("fair", 1, redlock.fair(name, { priority, ageing: 100 }), exclusive(name)),
  );
}

/** A semaphore of three permits, with large claims. */
function semaphore(redlock: Redlock, name: string): readonly Contender[] {
  return [permits(redlock, 3, name, 3, 1), permits(redlock, 0.6, name, 3, 2)];
}

function permits(redlock: Redlock, share: number, name: string, total: number, wanted: number): Contender {
  const lock = redlock.semaphore(name, { permits: total });
  return {
    kind: "semaphore",
    share,
    acquire: (options) => lock.acquire({ ...options, permits: wanted }),
    claims: [],
    holdsOf: (held) => slots(name, total, (held as PermitLock).slots),
  };
}

/** A tenant that may hold two locks. Its names are `{id}//n/…`. */
function tenant(redlock: Redlock, id: string): readonly Contender[] {
  const maxLocks = 2;
  const locks = redlock.tenant(id, { maxLocks });
  const limit = limited(`${id} limit`, maxLocks);
  const nameOf = (name: string): string => `{${id}}//n/${name}`;
  const plain = ["a", "b", "c"].map((name) =>
    contender("tenant", 0.6, locks.mutex(name), [...exclusive(nameOf(name)), limit]),
  );
  const { read } = locks.readWrite("doc");
  return [...plain, contender("tenant", 0.6, read, [{ node: nameOf("doc"), mode: "S" }, limit])];
}
