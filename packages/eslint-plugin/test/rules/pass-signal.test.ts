import { inFunction, testRule } from "../support/rule-tester.ts";

const unused = [{ messageId: "unused" }];

testRule("pass-signal", {
  valid: [
    inFunction(`await redlock.using("a", async (lock, signal) => { await one(signal); await two(); });`),
    inFunction(
      `await redlock.using("a", async (lock, signal) => { await one(); signal.throwIfAborted(); await two(); });`,
    ),
    inFunction(`await redlock.using("a", async (lock) => { await one(lock.signal); await two(); });`),
    inFunction(
      `await redlock.using("a", async (lock) => { await one(); if (!lock.isHeld) return; await two(); });`,
    ),
    // The resource rejects late writes.
    inFunction(`await redlock.using("a", async ({ fence }) => { await one(); await write(fence); });`),
    inFunction(`await redlock.using("a", async (lock) => { await one(); await write(lock.fence); });`),
    inFunction(`await redlock.using("a", async (lock) => { await one(lock); await two(); });`),
    inFunction(`await redlock.using("a", async (...all) => { await one(...all); await two(); });`),
    // One step: nothing follows it.
    inFunction(`await redlock.using("a", async () => { await one(); });`),
    inFunction(`await redlock.using("a", () => one());`),
    inFunction(`await redlock.using("a", async () => { for (const item of x) count(item); });`),
    inFunction(
      `await redlock.using("a", async () => { emitter.on("a", async () => { await one(); await two(); }); });`,
    ),
    inFunction(`await redlock.using("a", imported);`),
    // To acquire another lock is no work yet.
    inFunction(
      `await redlock.using("a", async () => { await using b = await redlock.acquire("b"); await one(); });`,
    ),
    `import Redlock from "quorumlock/compat/redlock"; const locks = new Redlock([]); locks.using(["a"], 5000, async (signal) => { await one(); if (signal.aborted) throw signal.error; await two(); });`,
    // The duration is known only when the code runs.
    ...[
      `["a"], ttl, async (signal) => {`,
      `["a"], config.ttl, async (signal) => {`,
      `["a"], ttl, { retryCount: 0 }, async (signal) => {`,
      `["a"], ttl, settings, async (signal) => {`,
    ].flatMap((start) => [
      `import Redlock from "quorumlock/compat/redlock"; import { ttl, config, settings } from "./config.js"; const locks = new Redlock([]); locks.using(${start} await one(signal); await two(); });`,
      `import Redlock from "quorumlock/compat/redlock"; import { ttl, config, settings } from "./config.js"; const locks = new Redlock([]); locks.using(${start} await one(); if (signal.aborted) throw signal.error; await two(); });`,
      // The client comes from another file, so its kind is not known.
      `import { redlock } from "./locks.js"; import { ttl, config, settings } from "./config.js"; redlock.using(${start} await one(); if (signal.aborted) throw signal.error; await two(); });`,
      `import { redlock } from "./locks.js"; import { ttl, config, settings } from "./config.js"; redlock.using(${start} await one(); signal.throwIfAborted(); await two(); });`,
    ]),
    `import { Mutex } from "async-mutex"; const mutex = new Mutex(); mutex.using(async () => { await one(); await two(); });`,
  ],
  invalid: [
    {
      code: inFunction(`await redlock.using("a", async () => { await one(); await two(); });`),
      errors: unused,
    },
    {
      code: inFunction(`await redlock.using("a", async (lock, signal) => { await one(); await two(); });`),
      errors: [{ messageId: "unused", line: 4, column: 39 }],
    },
    {
      code: inFunction(`await redlock.using("a", async (lock) => { await one(lock.names); await two(); });`),
      errors: unused,
    },
    {
      code: inFunction(
        `await redlock.tryUsing("a", { ttl: 5000 }, async () => { for (const item of x) await one(item); });`,
      ),
      errors: unused,
    },
    {
      code: inFunction(`await redlock.using("a", async () => { while (more()) { await one(); } });`),
      errors: unused,
    },
    {
      code: inFunction(`await redlock.using("a", async () => { for await (const item of x) one(item); });`),
      errors: unused,
    },
    {
      code: inFunction(`async function work() { await one(); await two(); } await redlock.using("a", work);`),
      errors: unused,
    },
    {
      code: inFunction(`await redlock.using("a", async () => { await one(); });`),
      options: [{ minAwaits: 1 }],
      errors: unused,
    },
    {
      code: `import Redlock from "quorumlock/compat/redlock"; const locks = new Redlock([]); locks.using(["a"], 5000, async (signal) => { await one(); await two(); });`,
      errors: unused,
    },
    // The first parameter is the signal, and it is only named.
    ...["ttl", "ttl, settings"].map((terms) => ({
      code: `import Redlock from "quorumlock/compat/redlock"; import { ttl, settings } from "./config.js"; const locks = new Redlock([]);\nlocks.using(["a"], ${terms}, async (signal) => { await one(); await two(); });`,
      errors: [{ messageId: "unused", line: 2, column: 29 + terms.length }],
    })),
    {
      code: inFunction(`await redlock.using("a", x, async (lock, signal) => { await one(); await two(); });`),
      errors: [{ messageId: "unused", line: 4, column: 42 }],
    },
  ],
});
