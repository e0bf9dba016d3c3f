import { inFunction, testRule } from "../support/rule-tester.ts";

const leaks = (messageId: string, data?: Record<string, string>) => [
  data === undefined ? { messageId, suggestions: 1 } : { messageId, data, suggestions: 1 },
];
const withoutFix = (messageId: string) => [{ messageId }];

testRule("release-on-all-paths", {
  valid: [
    // Disposed, passed on or stored.
    inFunction(`await using lock = await redlock.acquire("a"); await work();`),
    inFunction(`await using lock = await redlock.tryAcquire("a"); if (!lock) return; await work();`),
    inFunction(`return redlock.acquire("a");`),
    inFunction(`return await redlock.acquire("a");`),
    inFunction(`const lock = await redlock.acquire("a"); return lock;`),
    inFunction(`const lock = await redlock.acquire("a"); return { lock, at: 1 };`),
    inFunction(`const lock = await redlock.acquire("a"); this.lock = lock;`),
    inFunction(`const lock = await redlock.acquire("a"); await keep(lock);`),
    inFunction(`const lock = await redlock.acquire("a"); locks.push(lock); await work();`),
    // Handed over, after a failure would have released it.
    ...[`locks.set(x, lock);`, `this.locks.push(lock);`, `give(lock);`, `await this.begin(x, lock);`].flatMap(
      (handOver) => [
        inFunction(
          `const lock = await redlock.acquire("a"); try { await init(); } catch (error) { await lock.release(); throw error; } ${handOver} return x;`,
        ),
        inFunction(
          `const lock = await redlock.acquire("a"); if (x) { await lock.release(); return; } ${handOver} return x;`,
        ),
        inFunction(
          `const lock = await redlock.acquire("a"); if (x) { ${handOver} } else { await lock.release(); }`,
        ),
        inFunction(
          `const lock = await redlock.acquire("a"); if (x) { ${handOver} return; } await lock.release();`,
        ),
      ],
    ),
    // No release can run behind the hand-over: in a handler, or past a jump.
    ...[
      `try { await worker.start(lock); } catch (e) { await lock.release(); throw e; }`,
      `try { await init(); worker.start(lock); } catch (e) { await lock.release(); throw e; }`,
      `if (x) { give(lock); throw new Error("later"); } await lock.release();`,
      `try { if (x) { give(lock); throw new Error("later"); } await lock.release(); } catch (e) { await lock.release(); throw e; }`,
    ].map((body) => inFunction(`const lock = await redlock.acquire("a"); ${body}`)),
    ...["continue", "break"].map((jump) =>
      inFunction(
        `for (const item of x) { const lock = await redlock.acquire(item); if (ok(item)) { start(item, lock); ${jump}; } await lock.release(); }`,
      ),
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); locks.set(x, lock); try { await init(); } catch (error) { locks.delete(x); await lock.release(); throw error; }`,
    ),
    inFunction(
      `await using stack = new AsyncDisposableStack(); const lock = await redlock.acquire("a"); stack.use(lock); await work(); await lock.release(); await more();`,
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); process.once("exit", () => lock.release()); await work();`,
    ),
    inFunction(`await expect(redlock.acquire("a")).rejects.toThrow();`),
    inFunction(`redlock.acquire("a").then((lock) => lock.release());`),
    inFunction(`const [a, b] = await Promise.all([redlock.acquire("a"), redlock.acquire("b")]); use(a, b);`),
    inFunction(`const { release } = await redlock.acquire("a"); await release();`),
    `import { redlock } from "./locks.js"; let held; export async function start() { held = await redlock.acquire("a"); }`,
    `import { redlock } from "./locks.js"; export const lock = await redlock.acquire("a");`,
    // Released at the end of a try.
    inFunction(
      `const lock = await redlock.acquire("a"); try { await work(); return 1; } finally { await lock.release(); }`,
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); console.log("got it"); try { await work(); } finally { await lock.release().catch(() => {}); }`,
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); try { await work(); } finally { await cleanUp(lock); }`,
    ),
    inFunction(
      `let lock; try { lock = await redlock.acquire("a"); await work(); } finally { await lock?.release(); }`,
    ),
    inFunction(
      `let lock; try { lock = await redlock.acquire("a"); await work(); } finally { if (lock) await lock.release(); }`,
    ),
    inFunction(
      `let lock; try { await prepare(); try { lock = await redlock.acquire("a"); } catch (error) { throw new Error("busy", { cause: error }); } await work(); } finally { await lock?.release(); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (!lock) { await log("busy"); return; } try { await work(); } finally { await lock.release(); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock === null) throw new Error("busy"); try { await work(); } finally { await lock.release(); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock) { try { await work(); } finally { await lock.release(); } } else { await later(); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock == null) { await later(); } else { try { await work(); } finally { await lock.release(); } }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); try { if (lock) await work(); } finally { await lock?.release(); }`,
    ),
    // Released on each path.
    inFunction(`const lock = await redlock.acquire("a"); count += 1; await lock.release();`),
    inFunction(
      `const lock = await redlock.acquire("a"); if (x) { await lock.release(); return 1; } await lock.release(); return 2;`,
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); try { await work(); await lock.release(); } catch (error) { await lock.release(); throw error; }`,
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); try { await work(); } catch (error) { await lock.release(); throw error; } await lock.release();`,
    ),
    inFunction(`const lock = await redlock.acquire("a"); await lock.extend(5000); await lock.release();`),
    inFunction(
      `const lock = await redlock.acquire("a"); const description = await lock.detach(); return description;`,
    ),
    inFunction(
      `const write = await redlock.readWrite("a").write.acquire(); const read = await write.downgrade(); await using _ = read;`,
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); switch (x) { case 1: await lock.release(); break; default: await lock.release(); }`,
    ),
    // Polling.
    inFunction(
      `let lock = null; while (lock === null) { lock = await redlock.tryAcquire("a"); if (lock === null) await sleep(100); } try { await work(); } finally { await lock.release(); }`,
    ),
    inFunction(
      `let lock; for (;;) { lock = await redlock.tryAcquire("a"); if (lock) break; await sleep(100); } try { await work(); } finally { await lock.release(); }`,
    ),
    inFunction(
      `for (const item of x) { const lock = await redlock.acquire(item); try { await work(); if (item.bad) continue; } finally { await lock.release(); } }`,
    ),
    inFunction(
      `for (const item of x) { const lock = await redlock.tryAcquire(item); if (!lock) continue; try { await work(); } finally { await lock.release(); } }`,
    ),
    // The client releases all its locks.
    inFunction(
      `await using client = Redlock.memory(); const lock = await client.acquire("a"); await work(lock.fence);`,
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); try { await work(); } finally { await redlock.close(); }`,
    ),
    inFunction(
      `await using client = Redlock.memory(); const lock = await client.mutex("a").acquire(); await work(lock.fence);`,
    ),
    // A program of its own, and a test.
    `import { Redlock } from "quorumlock"; const redlock = new Redlock([]); const lock = await redlock.acquire("a"); await work(); await lock.release();`,
    { code: inFunction(`const lock = await redlock.acquire("a"); await work();`), filename: "test/locks.js" },
    {
      code: inFunction(`const lock = await redlock.acquire("a"); await work();`),
      filename: "src/locks.test.js",
    },
    `import { test } from "vitest"; import { redlock } from "./locks.js"; test("a", async () => { const lock = await redlock.acquire("a"); await work(); });`,
    // Other things with the same methods.
    `import { Mutex } from "async-mutex"; const redlock = new Mutex(); async function f() { const lock = await redlock.acquire(); await work(); }`,
    `import Redlock from "redlock"; const redlock = new Redlock([]); async function f() { const lock = await redlock.acquire(["a"], 1000); await work(); }`,
    `async function f(pool) { const connection = await pool.acquire(); await connection.query("x"); }`,
    `import { Redlock } from "quorumlock"; async function f(semaphore) { await semaphore.acquire(); await work(); }`,
    {
      code: `async function f() { await redlock.acquire("a"); }`,
      settings: { quorumlock: { receivers: [] } },
    },
  ],
  invalid: [
    { code: inFunction(`await redlock.acquire("a"); await work();`), errors: withoutFix("dropped") },
    { code: inFunction(`redlock.acquire("a"); await work();`), errors: withoutFix("dropped") },
    { code: inFunction(`void redlock.acquire("a");`), errors: withoutFix("dropped") },
    {
      code: inFunction(`const { fence } = await redlock.acquire("a"); await write(fence);`),
      errors: withoutFix("dropped"),
    },
    {
      code: inFunction(`const lock = await redlock.acquire("a");\nawait work(lock.fence);`),
      errors: [
        {
          message:
            'The lock "lock" is not released in this function. It extends itself as long as the process lives. Use `await using`, or `using(name, routine)`, or release it in the `finally` of a `try` right behind the acquisition.',
          suggestions: [
            {
              messageId: "awaitUsing",
              output: inFunction(`await using lock = await redlock.acquire("a");\nawait work(lock.fence);`),
            },
          ],
        },
      ],
    },
    {
      code: inFunction(`const lock = await redlock.acquire("a");\nawait work();\nawait lock.release();`),
      errors: [
        {
          messageId: "error",
          line: 5,
          suggestions: [
            {
              messageId: "awaitUsing",
              output: inFunction(`await using lock = await redlock.acquire("a");\nawait work();\n`),
            },
          ],
        },
      ],
    },
    // The example of the anti-pattern: released only if the work succeeded.
    {
      code: inFunction(
        `const lock = await redlock.acquire("a");\nconst result = process(x);\nif (result.success) {\nawait lock.release();\nreturn result;\n} else {\nthrow new Error("failed");\n}`,
      ),
      errors: [{ messageId: "exit", line: 10, suggestions: 1 }],
    },
    {
      code: inFunction(`const lock = await redlock.acquire("a"); if (x) return; await lock.release();`),
      errors: leaks("exit"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); await prepare(); try { await work(); } finally { await lock.release(); }`,
      ),
      errors: leaks("error"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); try { await work(); await lock.release(); } catch (error) { log(error); }`,
      ),
      errors: leaks("error"),
    },
    {
      code: inFunction(
        `try { const lock = await redlock.acquire("a"); await work(); await lock.release(); } catch (error) { log(error); }`,
      ),
      errors: leaks("error"),
    },
    {
      code: inFunction(`const lock = await redlock.acquire("a"); await work(lock); await lock.release();`),
      errors: leaks("error"),
    },
    // The function that gets the lock returns before the release, so it does not have it for good.
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); if (x) { await work(lock); } await lock.release();`,
      ),
      errors: leaks("error"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); try { await work(lock); } catch (error) { log(error); } await more(); await lock.release();`,
      ),
      errors: leaks("error"),
    },
    // A release can run behind the call: the error is handled, or the jump stays before it.
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); try { await work(lock); throw new Error("again"); } catch (error) { log(error); } await lock.release();`,
      ),
      errors: leaks("exit"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); for (const item of x) { await work(item, lock); break; } await lock.release();`,
      ),
      errors: leaks("error"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); try { await init(); } catch (error) { await lock.release(); throw error; } await work(lock.fence);`,
      ),
      errors: leaks("never"),
    },
    {
      code: inFunction(
        `const lock = await redlock.tryAcquire("a"); if (!lock) return; await work(); await lock.release();`,
      ),
      errors: leaks("error"),
    },
    {
      code: inFunction(
        `const lock = await redlock.tryAcquire("a"); if (lock) { await work(); await lock.release(); }`,
      ),
      errors: leaks("error"),
    },
    {
      code: inFunction(
        `for (const item of x) { const lock = await redlock.acquire(item); if (item.bad) continue; await lock.release(); }`,
      ),
      errors: leaks("exit"),
    },
    {
      code: inFunction(`let lock; lock = await redlock.acquire("a"); await work();`),
      errors: withoutFix("never"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); for (const item of x) { if (item.bad) return; await work(item); } await lock.release();`,
      ),
      errors: leaks("exit"),
    },
    {
      code: inFunction(`const lock = await redlock.mutex("a").acquire(); await work();`),
      errors: leaks("never"),
    },
    {
      code: inFunction(
        `const stock = redlock.semaphore("a", { permits: 3 }); const lock = await stock.acquire(); await work();`,
      ),
      errors: leaks("never"),
    },
    { code: inFunction(`const lock = await redlock.attach(x); await work();`), errors: leaks("never") },
    {
      code: inFunction(`const lock = await redlock.acquire("a"); items.map(() => lock.fence); await work();`),
      errors: leaks("never"),
    },
    {
      code: inFunction(`const lock = await redlock.acquire("a"); await work();`),
      filename: "test/a.js",
      settings: { quorumlock: { tests: true } },
      errors: leaks("never"),
    },
    // Evidence that the object is a client.
    {
      code: `async function f() { await redlock.mutex("a").acquire(); const { write } = redlock.readWrite("b"); await write.acquire(); }`,
      errors: [{ messageId: "dropped" }, { messageId: "dropped" }],
    },
    {
      code: inFunction(`const { read } = redlock.readWrite("a"); await read.acquire();`),
      errors: withoutFix("dropped"),
    },
    {
      code: `const { Redlock } = require("quorumlock"); const locks = new Redlock([]); async function f() { await locks.acquire("a"); }`,
      errors: withoutFix("dropped"),
    },
    {
      code: `import * as q from "quorumlock"; const locks = q.Redlock.memory(); async function f() { await locks.acquire("a"); }`,
      errors: withoutFix("dropped"),
    },
    {
      code: `import { withRetry, Redlock } from "quorumlock"; const locks = withRetry(new Redlock([]).mutex("a"), {}); async function f() { await locks.acquire(); }`,
      errors: withoutFix("dropped"),
    },
    {
      code: `import { Redlock } from "quorumlock"; class A { #locks; constructor() { this.#locks = new Redlock([]); } async f() { await this.#locks.acquire("a"); } }`,
      errors: withoutFix("dropped"),
    },
    {
      code: `import Redlock from "quorumlock/compat/redlock"; const locks = new Redlock([]); async function f() { const lock = await locks.acquire(["a"], 5000); await work(); await lock.release(); }`,
      errors: withoutFix("error"),
    },
    // A lock of the drop-in ends by itself, and `await using` cannot have it.
    {
      code: `import Redlock from "quorumlock/compat/redlock"; const locks = new Redlock([]); async function f(ttl) { let lock = await locks.acquire(["a"], ttl); lock = await lock.extend(ttl); await work(lock.expiration); }`,
      errors: [
        {
          message:
            'The lock "lock" is not released in this function. It stays held until its duration is over. Use `using(resources, duration, routine)`, or release it in the `finally` of a `try` right behind the acquisition.',
        },
      ],
    },
    // The client of another file can be of the drop-in, and then its second argument is a duration.
    {
      code: `import { redlock } from "./redlock.js"; async function f(config) { const lock = await redlock.acquire(["a"], config.ttl); await work(); }`,
      errors: [
        {
          message:
            'The lock "lock" is not released in this function. It stays held until its ttl is over, and longer if something extends it. Use `using`, or release it in the `finally` of a `try` right behind the acquisition.',
        },
      ],
    },
    ...["options", "{ ttl: x.ttl }", "OPTIONS"].map((second) => ({
      code: inFunction(
        `const OPTIONS = { ttl: x.ttl }; const lock = await redlock.acquire(["a"], ${second}); await work();`,
      ),
      errors: leaks("never"),
    })),
    {
      code: `import { redlock } from "./redlock.js"; async function f(config) { const lock = await redlock.acquire(["a"], { ttl: config.ttl }); await work(); }`,
      errors: leaks("never"),
    },
    {
      code: inFunction(`await redlock.acquire("a", { autoExtend: false });`),
      errors: [
        {
          message:
            "The lock has no variable, so nothing can release it. It stays held until its ttl is over. Use `await using`, or `using(name, routine)`, or release it in the `finally` of a `try` right behind the acquisition.",
        },
      ],
    },
    {
      code: `import { Redlock } from "quorumlock"; const locks = new Redlock([], { autoExtend: false }); async function f() { await locks.mutex("a").acquire(); }`,
      errors: [{ message: /until its ttl is over/ }],
    },
    // With `await using`, a variable gets no other lock, and a lock that is handed over would be released.
    {
      code: inFunction(
        `let lock = await redlock.tryAcquire("a"); if (!lock) lock = await redlock.acquire("b"); await work(); await lock.release();`,
      ),
      errors: [{ messageId: "error" }, { messageId: "error" }],
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); await work(); if (x) return lock; await lock.release();`,
      ),
      errors: withoutFix("error"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); if (x) { give(lock); return; } await work(); await lock.release();`,
      ),
      errors: withoutFix("error"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); if (x) return give(lock); await work(); await lock.release();`,
      ),
      errors: withoutFix("error"),
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); await work(); switch (x) { case 1: give(lock); break; default: await lock.release(); }`,
      ),
      errors: withoutFix("error"),
    },
    {
      code: inFunction(`const lock = await redlock.acquire("a"); await work(); await lock.detach();`),
      errors: withoutFix("error"),
    },
    {
      code: `import { redlock } from "./locks.js"; async function f() { await redlock.acquire("a"); }`,
      errors: withoutFix("dropped"),
    },
    {
      code: `import { redlock } from "./locks.js"; async function f() { await redlock.mutex("a").acquire(); }`,
      errors: withoutFix("dropped"),
    },
    { code: `async function f(app) { await app.redlock.acquire("a"); }`, errors: withoutFix("dropped") },
    {
      code: `async function f() { await locks.acquire("a"); }`,
      settings: { quorumlock: { receivers: ["locks"] } },
      errors: withoutFix("dropped"),
    },
    {
      code: `import { makeLocks } from "#locks"; const locks = makeLocks(); async function f() { await locks.acquire("a"); }`,
      settings: { quorumlock: { modules: ["#locks"] } },
      errors: withoutFix("dropped"),
    },
  ],
  typescript: {
    valid: [
      // A member has its own type, and is no client because another member is one.
      `import { Redlock } from "quorumlock"; class A { constructor(private readonly deps: { redlock: Redlock; pool: Pool }) {} async f() { const c = await this.deps.pool.acquire(); await c.query("x"); } }`,
      `import { Redlock } from "quorumlock"; async function f(deps: { locks: Redlock; pool: Pool }) { const c = await deps.pool.acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; async function f(deps: { locks: Redlock; pool: Pool }) { const { pool } = deps; const c = await pool.acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; interface Deps { redlock: Redlock; pool: Pool } async function f(deps: Readonly<Deps>) { const c = await deps.pool.acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; import { Pool } from "generic-pool"; interface Deps { locks: Redlock; redlock: Pool } async function f(deps: Deps) { const c = await deps.redlock.acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; async function f({ pool }: { locks: Redlock; pool: Pool }) { const c = await pool.acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; async function f(pools: Map<Redlock, Pool>) { const c = await pools.get(x).acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; async function f(deps: { make(): Redlock; pool(): Pool }) { const c = await deps.pool().acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; interface Deps { locks: Redlock; pool: Pool } async function f(pool: Deps["pool"]) { const c = await pool.acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; interface Deps { locks: Redlock; pool: Pool } async function f(one: Deps[keyof Deps]) { const c = await one.acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; async function f(client: Redlock & { pool: Pool }) { const c = await client.pool.acquire(); await c.query("x"); }`,
      `import { Redlock } from "quorumlock"; async function f(client: Redlock & { pool: Pool }) { const { pool } = client; const c = await pool.acquire(); await c.query("x"); }`,
      `import type { Pool } from "generic-pool"; async function f(redlock: Pool) { const lock = await redlock.acquire("a"); await work(); }`,
      `import { Redlock } from "quorumlock"; class A { constructor(private readonly locks: Redlock) {} async f() { const lock = (await this.locks.acquire("a"))!; try { await work(); } finally { await lock!.release(); } } }`,
    ],
    invalid: [
      ...[
        `deps: { locks: Redlock; pool: Pool }`,
        `deps: Readonly<{ locks: Redlock | undefined }>`,
        `deps: Deps`,
        `deps: Deps | undefined`,
        `deps: { locks: Client }`,
        `deps: { "locks": Redlock }`,
        `deps: { locks: Deps["locks"] }`,
        `deps: { locks: Redlock[][number] }`,
        `deps: App["deps"]`,
      ].map((parameter) => ({
        code: `import { Redlock } from "quorumlock"; interface Deps { readonly locks: Redlock; pool: Pool } type Client = Redlock | null; interface App { deps: Deps } async function f(${parameter}) { await deps.locks.acquire("a"); }`,
        errors: withoutFix("dropped"),
      })),
      {
        code: `import { Redlock } from "quorumlock"; async function f({ locks }: { locks: Redlock }, deps: { other: Redlock }) { const { other } = deps; await locks.acquire("a"); await other.acquire("a"); }`,
        errors: [{ messageId: "dropped" }, { messageId: "dropped" }],
      },
      {
        code: `import { Redlock } from "quorumlock"; class A { constructor(private readonly deps: { locks: Redlock; pool: Pool }) {} async f() { await this.deps.locks.mutex("a").acquire(); } }`,
        errors: withoutFix("dropped"),
      },
      {
        code: `import { Redlock } from "quorumlock"; async function f(all: Redlock[], made: Promise<Redlock>) { await all[0].acquire("a"); for (const one of all) await one.acquire("b"); const client = await made; await client.acquire("c"); }`,
        errors: [{ messageId: "dropped" }, { messageId: "dropped" }, { messageId: "dropped" }],
      },
      {
        code: `import type { Lockable } from "quorumlock"; async function f(account: Lockable) { await account.acquire(); }`,
        errors: withoutFix("dropped"),
      },
      {
        code: `import type { Redlock } from "quorumlock"; async function f(locks: Redlock | undefined) { await locks?.acquire("a"); }`,
        errors: withoutFix("dropped"),
      },
      {
        code: `import { Redlock } from "quorumlock"; class A { constructor(private readonly locks: Redlock) {} async f() { const lock = await this.locks.acquire("a"); await work(); } }`,
        errors: leaks("never"),
      },
      {
        code: `import { Redlock } from "quorumlock"; class A { readonly locks: Redlock; async f() { const lock = (await this.locks.acquire("a")) as Lock; await work(); } }`,
        errors: leaks("never"),
      },
    ],
  },
});
