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
    inFunction(`return (await redlock.tryAcquire("a")) !== null;`),
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
