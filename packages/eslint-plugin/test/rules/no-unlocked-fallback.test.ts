import { inFunction, testRule } from "../support/rule-tester.ts";

const fallback = [{ messageId: "fallback" }];

testRule("no-unlocked-fallback", {
  valid: [
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (!lock) throw new Error("busy"); try { await update(x); } finally { await lock.release(); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock) { try { await update(x); } finally { await lock.release(); } } else { await later(x); }`,
    ),
    // Reading again without the lock is how a cache waits for the winner.
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock) { try { return (await cache.get(x)) ?? compute(x); } finally { await lock.release(); } } else { await sleep(100); return cache.get(x); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock) { try { await update(x); logger.info("done"); } finally { await lock.release(); } } else { logger.info("done"); }`,
    ),
    inFunction(
      `const { acquired } = await redlock.tryUsing("a", () => update(x)); if (!acquired) await later(x);`,
    ),
    inFunction(`try { await redlock.using("a", () => update(x)); } catch (error) { await report(error); }`),
    // To undo is no work that the lock protects.
    inFunction(
      `try { await redlock.using("a", async () => { if (!(await update(x))) await rollBack(x); }); } catch (error) { await rollBack(x); throw error; }`,
    ),
    // Another part of the block can have failed.
    inFunction(
      `try { await prepare(); await redlock.using("a", () => update(x)); } catch { await update(x); }`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (lock) { await update(1); } else { await update(2); }`,
    ),
    `async function f(mutex) { const lock = await mutex.tryAcquire(); if (lock) { await update(); } else { await update(); } }`,
  ],
  invalid: [
    {
      code: inFunction(
        `const lock = await redlock.tryAcquire("a");\nif (lock) {\ntry { await update(x); } finally { await lock.release(); }\n} else {\nawait update(x);\n}`,
      ),
      errors: [{ messageId: "fallback", line: 8, data: { call: "update", line: "6" } }],
    },
    {
      code: inFunction(
        `const lock = await redlock.tryAcquire("a"); if (lock === null) { await db.update(x); } else { try { await db.update(x); } finally { await lock.release(); } }`,
      ),
      errors: fallback,
    },
    {
      code: inFunction(
        `const { acquired } = await redlock.tryUsing("a", () => update(x)); if (!acquired) await update(x);`,
      ),
      errors: fallback,
    },
    {
      code: inFunction(
        `const result = await redlock.tryUsing("a", () => update(x)); if (result.acquired) return; else await update(x);`,
      ),
      errors: fallback,
    },
    {
      code: inFunction(`try { await redlock.using("a", () => update(x)); } catch { await update(x); }`),
      errors: fallback,
    },
    {
      code: inFunction(
        `try { return await redlock.using("a", async () => { await update(x); }); } catch (error) { return update(x); }`,
      ),
      errors: fallback,
    },
  ],
});
