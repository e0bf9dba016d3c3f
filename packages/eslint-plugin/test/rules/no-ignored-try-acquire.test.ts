import { inFunction, testRule } from "../support/rule-tester.ts";

const errors = (messageId: string) => [{ messageId }];

testRule("no-ignored-try-acquire", {
  valid: [
    inFunction(`const lock = await redlock.tryAcquire("a"); if (lock === null) return; use(lock.fence);`),
    inFunction(`const lock = await redlock.tryAcquire("a"); if (!lock) return; use(lock.fence);`),
    inFunction(`const lock = await redlock.tryAcquire("a"); if (lock) use(lock.fence);`),
    inFunction(`const lock = await redlock.tryAcquire("a"); use(lock?.fence);`),
    inFunction(`const lock = await redlock.tryAcquire("a"); assert(lock); use(lock.fence);`),
    inFunction(`const lock = await redlock.tryAcquire("a"); return lock && lock.fence;`),
    inFunction(
      `await using lock = await redlock.tryAcquire("a"); if (lock == null) return; use(lock.fence);`,
    ),
    inFunction(`return redlock.tryAcquire("a");`),
    inFunction(`return (await redlock.tryAcquire("a")) || (await redlock.acquire("b"));`),
    // Something else than a release looks at it.
    inFunction(
      `let lock; try { lock = await redlock.tryAcquire("a"); if (!lock) return; await work(); } finally { await lock?.release(); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock) await lock.release(); return lock !== null;`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock) { await work(); await lock.release(); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock) await lock.release(); else await wait();`,
    ),
    inFunction(`const lock = await redlock.tryAcquire("a"); const work = lock?.query(x); return work;`),
    // The result of a call looks at it, because it is missing without the lock.
    inFunction(
      `const lock = await redlock.tryAcquire("a"); const description = await lock?.detach(); if (description) await queue.send(description);`,
    ),
    inFunction(`const lock = await redlock.tryAcquire("a"); return lock?.detach();`),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (!(await lock?.extend())) return; await work(); await lock?.release();`,
    ),
    inFunction(`const lock = await redlock.tryAcquire("a"); x.lock = lock;`),
    `import { redlock } from "./redlock.js"; export const leader = await redlock.tryAcquire("a");`,
    `import { redlock } from "./redlock.js"; const leader = await redlock.tryAcquire("a"); export { leader };`,
    // An assertion that the lock is not free.
    inFunction(`assert((await redlock.tryAcquire("a")) === null);`),
    inFunction(`expect((await redlock.tryAcquire("a")) === null).toBe(true);`),
    inFunction(`assert.ok(!(await redlock.tryAcquire("a")), "busy");`),
    inFunction(`return (await redlock.tryAcquire("a"))?.fence;`),
    inFunction(
      `const lock = (await redlock.tryAcquire("a")) ?? (await redlock.acquire("a")); use(lock.fence);`,
    ),
    inFunction(`let lock; while (!(lock = await redlock.tryAcquire("a"))) await sleep(10); use(lock.fence);`),
    inFunction(`const { acquired, value } = await redlock.tryUsing("a", work); if (acquired) use(value);`),
    inFunction(`const result = await redlock.tryUsing("a", work); if (result.acquired) use(result.value);`),
    inFunction(`if (!(await redlock.tryUsing("a", work)).acquired) throw new Error("busy");`),
    // To skip a turn on purpose is what tryUsing is for.
    inFunction(`await redlock.tryUsing("a", work);`),
    inFunction(`return redlock.tryUsing("a", work);`),
    // Other things.
    `import { Mutex } from "async-mutex"; const mutex = new Mutex(); async function f() { mutex.tryAcquire(); }`,
    `async function f(limiter) { await limiter.tryAcquire(); }`,
  ],
  invalid: [
    { code: inFunction(`await redlock.tryAcquire("a"); await work();`), errors: errors("ignored") },
    { code: inFunction(`redlock.tryAcquire("a");`), errors: errors("ignored") },
    { code: inFunction(`void redlock.mutex("a").tryAcquire();`), errors: errors("ignored") },
    {
      code: inFunction(`const lock = await redlock.tryAcquire("a"); use(lock.fence);`),
      errors: errors("unchecked"),
    },
    {
      code: inFunction(
        `const lock = await redlock.tryAcquire("a"); try { await work(); } finally { await lock.release(); }`,
      ),
      errors: errors("unchecked"),
    },
    {
      code: inFunction(
        `const lock = await redlock.tryAcquire("a"); use(lock.fence); if (lock) await lock.release();`,
      ),
      errors: errors("unchecked"),
    },
    {
      code: inFunction(`const { fence } = await redlock.tryAcquire("a"); use(fence);`),
      errors: errors("unchecked"),
    },
    { code: inFunction(`use((await redlock.tryAcquire("a")).fence);`), errors: errors("unchecked") },
    {
      code: inFunction(`if (redlock.tryAcquire("a")) await work();`),
      errors: [
        {
          message: "A promise is always truthy. Wait for the result: `await redlock.tryAcquire(…)`.",
        },
      ],
    },
    { code: inFunction(`if (!redlock.tryAcquire("a")) return;`), errors: errors("notAwaited") },
    { code: inFunction(`if (await redlock.tryAcquire("a")) await work();`), errors: errors("lockAsTest") },
    {
      code: inFunction(`if (!(await redlock.tryAcquire("a"))) return; await work();`),
      errors: errors("lockAsTest"),
    },
    ...[
      `if ((await redlock.tryAcquire("a")) === null) return; await work();`,
      `if (undefined != (await redlock.tryAcquire("a"))) await work();`,
      `return (await redlock.tryAcquire("a")) !== null;`,
      `return Boolean(await redlock.tryAcquire("a"));`,
      `if ((await redlock.tryAcquire("a")) && x) await work();`,
      `if (x && (await redlock.tryAcquire("a"))) await work();`,
      `return (await redlock.tryAcquire("a")) && work();`,
    ].map((body) => ({ code: inFunction(body), errors: errors("lockAsTest") })),
    { code: inFunction(`if (redlock.tryAcquire("a") === null) return;`), errors: errors("notAwaited") },
    {
      code: inFunction(`assert(redlock.tryAcquire("a") === null);`),
      errors: errors("notAwaited"),
    },
    { code: inFunction(`x && (await redlock.tryAcquire("a")); await work();`), errors: errors("ignored") },
    // Nothing but a release looks at it.
    ...[
      `await using lock = await redlock.tryAcquire("a"); await work();`,
      `const lock = await redlock.tryAcquire("a"); await work();`,
      `const lock = await redlock.tryAcquire("a"); try { await work(); } finally { await lock?.release(); }`,
      `let lock; try { lock = await redlock.tryAcquire("a"); await work(); } finally { await lock?.release(); }`,
      `const lock = await redlock.tryAcquire("a"); try { await work(); } finally { if (lock) await lock.release(); }`,
      `const lock = await redlock.tryAcquire("a"); try { await work(); } finally { if (lock !== null) { try { await lock.release(); } catch {} } }`,
      `const lock = await redlock.tryAcquire("a"); try { await work(); } finally { lock && (await lock.release()); }`,
      `const lock = await redlock.tryAcquire("a"); await work(); await lock?.release().catch(report);`,
      `const lock = await redlock.tryAcquire("a"); await work(); await lock?.[Symbol.asyncDispose]();`,
      `const lock = await redlock.tryAcquire("a"); await lock?.extend(); await work(); lock?.detach();`,
    ].map((body) => ({ code: inFunction(body), errors: errors("neverChecked") })),
    {
      code: inFunction(`if (await redlock.tryUsing("a", work)) log("ran");`),
      errors: errors("objectAsTest"),
    },
    { code: inFunction(`if (redlock.tryUsing("a", work)) log("ran");`), errors: errors("notAwaited") },
    {
      code: inFunction(`const { value } = await redlock.tryUsing("a", work); use(value);`),
      errors: errors("valueUnchecked"),
    },
    {
      code: inFunction(`const result = await redlock.tryUsing("a", work); use(result.value);`),
      errors: errors("valueUnchecked"),
    },
    {
      code: inFunction(`return (await redlock.tryUsing("a", work)).value;`),
      errors: errors("valueUnchecked"),
    },
    {
      code: inFunction(`await redlock.tryUsing("a", work);`),
      options: [{ tryUsing: true }],
      errors: errors("ignoredRun"),
    },
  ],
  typescript: {
    valid: [
      // `!` is a statement about the value.
      inFunction(`const lock = (await redlock.tryAcquire("a"))!; use(lock.fence);`),
      inFunction(`const lock = await redlock.tryAcquire("a"); use(lock!.fence);`),
    ],
    invalid: [
      {
        code: `import type { Semaphore } from "quorumlock"; async function f(slots: Semaphore) { await slots.tryAcquire(); }`,
        errors: errors("ignored"),
      },
    ],
  },
});
