import { inFunction, testRule } from "../support/rule-tester.ts";

const fallback = [{ messageId: "fallback" }];
/** The same call with the lock and without it. */
const inBothBranches = (call: string): string =>
  inFunction(
    `const lock = await redlock.tryAcquire("a"); if (lock) { try { await update(x); ${call}; } finally { await lock.release(); } } else { ${call}; }`,
  );

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
    // Answers to a caller, measurements and reports are no work that the lock protects.
    ...[
      `reply.send("ok")`,
      `res.status(200).json(x)`,
      `x.response.end()`,
      `done()`,
      `next()`,
      `metrics.increment("x")`,
      `appMetrics.orders.observe(1)`,
      `requestCounter.inc()`,
      `span.end()`,
      `this.logger.verbose("x")`,
      `this.#logger.fatal("x")`,
      `this.auditLog.write("x")`,
      `isOpen(x)`,
      `getItem(x)`,
      `toText(x)`,
      `logger.info("x")`,
      `log(x)`,
      `rollback()`,
      `closeConnection(x)`,
      `releaseClient(x)`,
      `closeDbPool()`,
      `pushMetric(x)`,
      `job.failed(x)`,
      `cancelled()`,
      `clearTimeout(x)`,
      `channel.ack(x)`,
      `channel.nack(x)`,
      `c.json(x)`,
      `socket.send(x)`,
      `stream.end()`,
      `spinner.stop()`,
    ].map((call) =>
      call.includes("#")
        ? `import { redlock } from "./redlock.js"; class A { #logger; async f(x) { const lock = await redlock.tryAcquire("a"); if (lock) { ${call}; } else { ${call}; } } }`
        : inBothBranches(call),
    ),
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
    // A name that only begins with the same letters is no word.
    ...[
      `issueInvoice(x)`,
      `closeAccount(x)`,
      `releaseFunds(x)`,
      `checkout(x)`,
      `pushOrder(x)`,
      `this.readdress(x)`,
      `nextStep(x)`,
      `sendInvoice(x)`,
      `endContract(x)`,
      `accounts.transfer(x)`,
      `address.save(x)`,
    ].map((call) => ({ code: inBothBranches(call), errors: fallback })),
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
